// Proves: a replay reads more calls than one step fetches, each once and in order, and stops when its time is used up, saying so.

import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Caller } from '../../../contracts/caller.ts';
import { systemClock } from '../../../primitives/clock.ts';
import { createUsageWorld, insertUse, type UsageWorld } from '../testing/usage-world.ts';
import { createImpactService } from './impact.service.ts';

const CALLS = 4_500;
const organizationId = randomUUID();
const caller: Caller = {
  ...{ userId: randomUUID(), organizationId: null, organizationRole: null, platformRole: 'superadmin' },
  ...{ impersonatorId: null, sessionId: null, request: { id: randomUUID(), ip: null, userAgent: null } },
};
const question = {
  ...{ days: 7, organizationId: null, isPlatform: true },
  proposal: { kind: 'budget', scope: 'platform', amount_usd: 1_000 },
} as const;

let world: UsageWorld;
beforeAll(async () => {
  world = await createUsageWorld();
  await world.owner.query(
    `insert into weir.users (id, name, email, platform_role) values ($1, 'Somebody', 'somebody@people.example', 'superadmin')`,
    [caller.userId],
  );
  const dayAgoMs = systemClock.nowMs() - 86_400_000;
  await insertUse(
    world.owner,
    // Written in no order.
    Array.from({ length: CALLS }, (_, n) => ({ at: new Date(dayAgoMs + ((n * 7) % CALLS)), organizationId })),
  );
});
afterAll(() => world.close());

it('reads every call once, of all organizations or one', async () => {
  const impact = createImpactService({ database: world.database, clock: systemClock });
  for (const of of [null, organizationId]) {
    const { report, events, truncated } = await impact.preview(caller, { ...question, organizationId: of });
    expect([events, report.totals.calls, truncated]).toEqual([CALLS, CALLS, null]);
    const cost = BigInt(CALLS) * 1_000n;
    expect(report.totals).toMatchObject({ asWasNanoUsd: cost, wouldBeNanoUsd: cost, blockedCalls: 0 });
  }
});

it('stops between two steps when its time is used up, and says up to where it is complete', async () => {
  let asked = 0;
  // The fifth look at the clock is before the second step.
  const clock = { ...systemClock, nowMs: () => systemClock.nowMs() + (++asked >= 5 ? 3_600_000 : 0) };
  const impact = createImpactService({ database: world.database, clock });
  const { report, events, truncated, replayedToMs, toMs } = await impact.preview(caller, question);
  // The last of a step waits for its correction.
  expect([truncated, events]).toEqual(['time', 1_999]);
  expect(report.totals.calls).toBe(events);
  expect(replayedToMs).toBeLessThan(toMs);
});
