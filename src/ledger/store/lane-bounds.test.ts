// Owns: what a lane keeps while its database can't be reached: no more than its bounds, and nobody who has been told no.
// Not: what is booked afterwards (postgres-outage.test.ts).

import { describe, expect, test } from 'vitest';
import { systemClock } from '../../primitives/clock.ts';
import { createUuidV7 } from '../../primitives/ids.ts';
import { createSeededRandom } from '../../primitives/random.ts';
import { sampleEvent, sampleMeter } from '../core/testing/samples.ts';
import { fixedLeg } from './conformance/sample-calls.ts';
import { createPostgresStore } from './postgres-store.ts';

const random = createSeededRandom(7);
const organizationId = createUuidV7(systemClock.nowMs(), random);

describe('a lane without a database', () => {
  test('keeps no reserve whose caller was refused, however old its id', async () => {
    const refused = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
    const store = createPostgresStore({
      connect: () => Promise.reject(refused),
      clock: systemClock,
      lanes: 1,
      patienceMs: 300,
    });
    const reserve = (ageMs: number) =>
      store.reserve({
        id: createUuidV7(store.nowMs() - ageMs, random),
        organizationId,
        versions: { platform: 1n, organization: 1n },
        ttlMs: 1_000,
        legs: [fixedLeg(sampleMeter(organizationId, 10n), 1n)],
        output: { wanted: 0n, needed: 0n, floor: 0n },
        credits: null,
        event: sampleEvent(organizationId),
      });
    const outcomes = await Promise.allSettled([reserve(0), reserve(60_000)]);
    expect(outcomes).toMatchObject(Array(2).fill({ reason: { code: 'ledger_unavailable' } }));
    await expect.poll(store.depth).toBe(0);
    await store.close();
  });

  test('takes a bounded number of events of refused calls', async () => {
    const gate = Promise.withResolvers<never>();
    const store = createPostgresStore({ connect: () => gate.promise, clock: systemClock, lanes: 1 });
    const event = sampleEvent(organizationId, { status: 'denied' });
    const record = () => store.record({ id: createUuidV7(store.nowMs(), random), event });
    // One batch is on its way, so that the rest waits.
    const recorded = [record()];
    await new Promise((resolve) => setImmediate(resolve));
    const most = 20_000;
    for (let count = 0; count < most; count += 1) recorded.push(record());
    const settled = Promise.allSettled(recorded);
    await expect(record()).rejects.toMatchObject({ code: 'overloaded' });
    expect(store.depth()).toBe(most + 1);
    gate.reject(new Error('there will be no database'));
    await settled;
    await store.close();
  });
});
