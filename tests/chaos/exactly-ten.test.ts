// Proves: however many calls arrive at once at however many replicas, a hard meter lets through exactly what it has room for.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectBooksToClose, untilNothingIsHeld } from '../support/books.ts';
import { sized, tell } from '../support/chaos-sizes.ts';
import { type ChaosStage, createChaosStage } from '../support/chaos-stage.ts';
import { addOrganizations, addScarceOffers, ROOM } from '../support/chaos-world.ts';
import { rush } from '../support/rush.ts';
import { until } from '../support/until.ts';

const ROUNDS = sized(5, 100);
const CALLS = 200;
const REPLICAS = 3;
/** No call of a round takes so long; a hold that outlives it is a fault. */
const TIMEOUT_MS = 60_000 + ROUNDS * 20_000;

let stage: ChaosStage;
let owner: ChaosStage['owner'];
let fleet: ChaosStage['fleet'];
let urls: string[];
beforeAll(async () => {
  stage = await createChaosStage({ organizations: 1 });
  ({ owner, fleet } = stage);
  await addScarceOffers(owner);
  const seats = await Promise.all(Array.from({ length: REPLICAS }, () => fleet.addSeat()));
  urls = await Promise.all(seats.map((seat) => seat.start()));
}, 120_000);
afterAll(() => stage?.close());

interface WindowState {
  readonly used: number;
  readonly held: number;
}

async function readWindows(organizationId: string, kind: string): Promise<WindowState[]> {
  const { rows } = await owner.query<WindowState>(
    `select used::int as used, held::int as held from weir.counters where organization_id = $1 and kind = $2 order by window_start`,
    [organizationId, kind],
  );
  return rows;
}

async function countEvents(organizationId: string, status: string): Promise<number> {
  const { rows } = await owner.query<{ count: number }>(
    'select count(*)::int as count from weir.usage_events where organization_id = $1 and status = $2',
    [organizationId, status],
  );
  return rows[0]?.count ?? 0;
}

/** Denials are booked beside the reply: they come a moment later. */
async function expectDenials(organizationId: string, count: number): Promise<void> {
  let seen = 0;
  await until(
    'every refusal is booked',
    async () => {
      seen = await countEvents(organizationId, 'denied');
      return seen >= count;
    },
    { explain: () => `${seen} of ${count} are.` },
  );
  expect(await countEvents(organizationId, 'denied')).toBe(count);
}

test(
  `${CALLS} calls at once to ${REPLICAS} servers get exactly the ${ROOM} messages that are left, ${ROUNDS} times`,
  async () => {
    const over: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const [organization] = await addOrganizations(owner, { organizations: 1, plan: 'enterprise', tokenQuota: null });
      if (!organization) throw new Error('no organization was made');
      const { answered, refused } = await rush(
        { key: organization.key, model: 'chaos-ten', directives: 'tokens=5 delay=20', maxTokens: 40 },
        { urls, calls: CALLS, refusedWith: 429 },
      );
      const windows = await readWindows(organization.id, 'daily_messages');
      // At midnight a round may meet two days, each with room for as many.
      for (const { used } of windows) expect(used).toBeLessThanOrEqual(ROOM);
      if (windows.length === 1) expect(answered).toHaveLength(ROOM);
      over.push(Math.max(0, answered.length - ROOM * windows.length));
      for (const { refusal, retryAfter } of refused) {
        expect(refusal?.code).toBe('daily_message_limit');
        const [meter] = refusal?.body.weir?.meters ?? [];
        expect(meter).toMatchObject({ meter: 'daily_messages', unit: 'messages', limit: ROOM, asked: 1 });
        expect(Number(retryAfter)).toBeGreaterThan(0);
        expect(Date.parse(String(meter?.resets_at)) % 86_400_000).toBe(0);
      }
      await untilNothingIsHeld(owner);
      const used = (await readWindows(organization.id, 'daily_messages')).reduce((sum, window) => sum + window.used, 0);
      expect(used).toBe(answered.length);
      expect(await countEvents(organization.id, 'success')).toBe(answered.length);
      await expectDenials(organization.id, refused.length);
    }
    tell('exactly ten messages', {
      rounds: ROUNDS,
      calls: ROUNDS * CALLS,
      over: over.filter((count) => count > 0).length,
    });
    await expectBooksToClose(owner);
  },
  TIMEOUT_MS,
);

test(
  `${CALLS} calls at once to ${REPLICAS} servers get exactly the ${ROOM} that the credits pay for, ${ROUNDS} times`,
  async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      // The lots of the first 30 days are not there yet: every replica finds that out at once, and they are made once.
      const [organization] = await addOrganizations(owner, { organizations: 1, plan: 'pro', tokenQuota: null });
      if (!organization) throw new Error('no organization was made');
      const { answered, refused } = await rush(
        {
          key: organization.key,
          model: 'feature:chaos-ten',
          directives: 'tokens=5 delay=20',
          maxTokens: 40,
        },
        { urls, calls: CALLS, refusedWith: 402 },
      );
      expect(answered).toHaveLength(ROOM);
      for (const { refusal } of refused) expect(refusal?.code).toBe('insufficient_credits');
      await untilNothingIsHeld(owner);
      const { rows } = await owner.query(
        `select initial::int, remaining::int, held::int, consumed::int from weir.credit_grants
          where organization_id = $1 and credit_type = 'insight_analysis'`,
        [organization.id],
      );
      expect(rows).toEqual([{ initial: 30, remaining: 0, held: 0, consumed: 30 }]);
      expect(await countEvents(organization.id, 'success')).toBe(ROOM);
      await expectDenials(organization.id, refused.length);
    }
    tell('exactly ten by credits', { rounds: ROUNDS, calls: ROUNDS * CALLS, over: 0 });
    await expectBooksToClose(owner);
  },
  TIMEOUT_MS,
);

test(
  `${CALLS} calls at once to ${REPLICAS} servers never pass a quota of tokens, ${ROUNDS} times`,
  async () => {
    const quota = 700;
    const usage: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const [organization] = await addOrganizations(owner, {
        organizations: 1,
        plan: 'pro',
        tokenQuota: BigInt(quota),
      });
      if (!organization) throw new Error('no organization was made');
      const { answered, refused } = await rush(
        { key: organization.key, model: 'sandbox-chat', directives: 'tokens=40', maxTokens: 40 },
        { urls, calls: CALLS, refusedWith: 429 },
      );
      for (const { refusal } of refused) {
        expect(refusal?.code).toBe('organization_quota_exceeded');
        expect(refusal?.body.weir?.meters?.[0]).toMatchObject({ meter: 'organization_quota', limit: quota });
      }
      await untilNothingIsHeld(owner);
      const told = answered.reduce(
        (sum, outcome) => sum + Number((outcome.told?.input ?? 0n) + (outcome.told?.output ?? 0n)),
        0,
      );
      const windows = await readWindows(organization.id, 'organization_quota');
      // At the end of a month a round may meet two, each with room for as much.
      for (const { used, held } of windows) expect([used <= quota, held]).toEqual([true, 0]);
      expect(windows.reduce((sum, { used }) => sum + used, 0)).toBe(told);
      expect(answered.length).toBeGreaterThan(0);
      usage.push(told);
    }
    tell('never past a quota of tokens', {
      rounds: ROUNDS,
      quota,
      least: Math.min(...usage),
      most: Math.max(...usage),
    });
    await expectBooksToClose(owner);
  },
  TIMEOUT_MS,
);
