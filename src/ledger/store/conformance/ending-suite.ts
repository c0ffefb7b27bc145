// Owns: what every store must do when calls end: settle, release, expiry, late truth, record. Not: credits (credit-suite.ts).

import { describe, expect, test } from 'vitest';
import { createUuidV7 } from '../../../primitives/ids.ts';
import type { Hold } from '../../core/reservation.ts';
import { sampleEvent } from '../../core/testing/samples.ts';
import type { ConformanceContext } from './conformance-context.ts';
import { fixedLeg } from './sample-calls.ts';

const PAST_TTL_MS = 120_000;

/** Registers the tests. `open` gives each test its own organization. */
export function describeEndings(open: () => Promise<ConformanceContext>): void {
  describe('a settlement', () => {
    test.each([
      ['less than was held', 40n],
      ['exactly what was held', 50n],
      ['more than was held, past the limit', 90n],
      ['nothing', 0n],
    ])('of %s books it once and returns the rest', async (_name, used) => {
      const at = await open();
      const meter = at.meter(60n);
      const hold = await at.admit(await at.request({ meter, amount: 50n }));
      expect(await at.settle(hold, [used])).toBe('settled');
      expect(await at.settle(hold, [used])).toBe('duplicate');
      expect(await at.settle(hold, [used + 1n])).toBe('duplicate');
      expect(await at.counter(meter)).toEqual({ used, held: 0n });
      const rows = await at.rows();
      expect(rows.openHolds).toEqual([]);
      expect(rows.events).toMatchObject([
        { id: hold.id, kind: 'primary', source: 'provider', status: 'success', credits: 0n },
      ]);
      expect(await at.harness.verify(at.organizationId)).toEqual([]);
    });

    test('sent fifty times at once, with releases between, has one effect', async () => {
      const at = await open();
      const meter = at.meter(60n);
      const hold = await at.admit(await at.request({ meter, amount: 50n }));
      const calls = Array.from({ length: 50 }, (_, index) =>
        index % 5 === 4 ? at.release(hold) : at.settle(hold, [41n]),
      );
      const outcomes = await Promise.all(calls);
      expect(outcomes.filter((outcome) => outcome === 'settled')).toHaveLength(1);
      expect(outcomes.filter((outcome) => outcome === 'duplicate')).toHaveLength(49);
      const released = outcomes.indexOf('settled') % 5 === 4;
      expect(await at.counter(meter)).toEqual({ used: released ? 0n : 41n, held: 0n });
      expect((await at.rows()).events).toHaveLength(1);
    });

    test('totals the same in whatever order calls are settled', async () => {
      const totals: unknown[] = [];
      for (const order of [
        [0, 1, 2],
        [2, 0, 1],
      ]) {
        const at = await open();
        const meter = at.meter(100n);
        const holds: Hold[] = [];
        for (const amount of [10n, 20n, 30n]) holds.push(await at.admit(await at.request({ meter, amount })));
        for (const index of order) {
          const hold = holds[index];
          if (hold) await at.settle(hold, [BigInt(index) * 7n]);
        }
        totals.push(await at.counter(meter));
      }
      expect(totals[0]).toEqual({ used: 21n, held: 0n });
      expect(totals[1]).toEqual(totals[0]);
    });

    test('gives room to the next reserve at once', async () => {
      const at = await open();
      const meter = at.meter(50n);
      const hold = await at.admit(await at.request({ meter, amount: 50n }));
      await at.settle(hold, [20n]);
      await at.admit(await at.request({ meter, amount: 30n }));
    });

    test('of a hold that the store does not know books the usage as an orphan, once, in the pinned window', async () => {
      const at = await open();
      const meter = at.meter(60n, { window: { kind: 'minute' } });
      const known = await at.admit(await at.request({ meter, amount: 5n }));
      const lost = { ...known, id: createUuidV7(at.harness.store().nowMs(), at.random) };
      await at.harness.advance(60_000);
      expect(await at.settle(lost, [9n])).toBe('orphan');
      expect(await at.settle(lost, [9n])).toBe('duplicate');
      expect((await at.rows()).counters).toMatchObject([
        { used: 9n, held: 5n, windowStartMs: known.legs[0]?.window.startMs },
      ]);
      expect(await at.harness.verify(at.organizationId)).toEqual([]);
    });

    test('after a crash of the store is booked like any other', async () => {
      const at = await open();
      const meter = at.meter(60n);
      const hold = await at.admit(await at.request({ meter, amount: 50n }));
      await at.harness.crash();
      expect(await at.settle(hold, [12n])).toBe('settled');
      expect(await at.counter(meter)).toEqual({ used: 12n, held: 0n });
    });

    test('that does not fit its hold is rejected and changes nothing', async () => {
      const at = await open();
      const meter = at.meter(60n);
      const hold = await at.admit(await at.request({ meter, amount: 50n }));
      await expect(at.settle(hold, [])).rejects.toThrow();
      await expect(at.settle(hold, [-1n])).rejects.toThrow();
      expect(await at.counter(meter)).toEqual({ used: 0n, held: 50n });
    });
  });

  describe('a release', () => {
    test('returns everything once, and its event says why', async () => {
      const at = await open();
      const meter = at.meter(60n);
      const hold = await at.admit(await at.request({ meter, amount: 50n }));
      expect(await at.release(hold)).toBe('settled');
      expect(await at.release(hold)).toBe('duplicate');
      expect(await at.settle(hold, [10n])).toBe('duplicate');
      expect(await at.counter(meter)).toEqual({ used: 0n, held: 0n });
      expect((await at.rows()).events).toMatchObject([{ id: hold.id, status: 'error', charges: [] }]);
    });
  });

  describe('a hold that nobody ends', () => {
    test('stands until its time is over, then counts as used and becomes an estimated event', async () => {
      const at = await open();
      const meter = at.meter(60n);
      const hold = await at.admit(await at.request({ meter, amount: 50n }));
      await at.harness.advance(60_000);
      await at.harness.store().sweep(1000);
      expect(await at.counter(meter)).toEqual({ used: 0n, held: 50n });
      await at.harness.advance(60_000);
      expect(await at.harness.store().sweep(1000)).toBeGreaterThanOrEqual(1);
      expect(await at.counter(meter)).toEqual({ used: 50n, held: 0n });
      expect((await at.rows()).events).toMatchObject([{ id: hold.id, kind: 'primary', source: 'estimated' }]);
      expect(await at.harness.verify(at.organizationId)).toEqual([]);
    });

    test('is settled as usual while no sweep has come by', async () => {
      const at = await open();
      const meter = at.meter(60n);
      const hold = await at.admit(await at.request({ meter, amount: 50n }));
      await at.harness.advance(PAST_TTL_MS);
      expect(await at.settle(hold, [7n])).toBe('settled');
      expect(await at.harness.store().sweep(1000)).toBe(0);
      expect(await at.counter(meter)).toEqual({ used: 7n, held: 0n });
    });

    test.each([[20n], [50n], [80n], [0n]])('and is settled late with %d is corrected, once', async (used) => {
      const at = await open();
      const meter = at.meter(60n);
      const hold = await at.admit(await at.request({ meter, amount: 50n }));
      await at.harness.advance(PAST_TTL_MS);
      await at.harness.store().sweep(1000);
      expect(await at.settle(hold, [used])).toBe('late');
      expect(await at.settle(hold, [used])).toBe('duplicate');
      expect(await at.release(hold)).toBe('duplicate');
      expect(await at.counter(meter)).toEqual({ used, held: 0n });
      expect((await at.rows()).events.map((event) => event.kind).sort()).toEqual(['correction', 'primary']);
      expect(await at.harness.verify(at.organizationId)).toEqual([]);
    });

    test('and turns out never to have been sent is corrected to nothing', async () => {
      const at = await open();
      const meter = at.meter(60n);
      const hold = await at.admit(await at.request({ meter, amount: 50n }));
      await at.harness.advance(PAST_TTL_MS);
      await at.harness.store().sweep(1000);
      expect(await at.release(hold)).toBe('late');
      expect(await at.counter(meter)).toEqual({ used: 0n, held: 0n });
    });

    test('is settled late in the window pinned at reserve, however many have passed', async () => {
      const at = await open();
      const meter = at.meter(60n, { window: { kind: 'minute' } });
      const hold = await at.admit(await at.request({ meter, amount: 50n }));
      await at.harness.advance(PAST_TTL_MS);
      await at.harness.store().sweep(1000);
      await at.settle(hold, [3n]);
      expect((await at.rows()).counters).toMatchObject([{ used: 3n, windowStartMs: hold.legs[0]?.window.startMs }]);
    });

    test('ends once when the sweep races the settle, and the totals are those of the settle', async () => {
      const at = await open();
      const meter = at.meter(null);
      const holds: Hold[] = [];
      for (let call = 0; call < 10; call += 1) holds.push(await at.admit(await at.request({ meter, amount: 50n })));
      await at.harness.advance(PAST_TTL_MS);
      const replica = await at.harness.openReplica();
      const outcomes = await Promise.all([
        replica.sweep(4),
        ...holds.map((hold) => at.settle(hold, [2n])),
        replica.sweep(1000),
      ]);
      expect(outcomes.slice(1, -1).every((outcome) => outcome === 'settled' || outcome === 'late')).toBe(true);
      expect(await at.counter(meter)).toEqual({ used: 20n, held: 0n });
      expect(await at.harness.verify(at.organizationId)).toEqual([]);
    });

    test('waits its turn: a sweep ends no more than it is told to', async () => {
      const at = await open();
      const meter = at.meter(null);
      for (let call = 0; call < 3; call += 1) await at.admit(await at.request({ meter, amount: 1n }));
      await at.harness.advance(PAST_TTL_MS);
      expect(await at.harness.store().sweep(2)).toBe(2);
      expect(await at.harness.store().sweep(2)).toBeLessThanOrEqual(2);
    });
  });

  describe('the record', () => {
    test('of a call that held nothing is appended once and charges nothing', async () => {
      const at = await open();
      const id = createUuidV7(at.harness.store().nowMs(), at.random);
      const event = sampleEvent(at.organizationId, { status: 'denied', errorCode: 'budget_exceeded' });
      await Promise.all([at.harness.store().record({ id, event }), at.harness.store().record({ id, event })]);
      await at.harness.store().record({ id, event });
      const rows = await at.rows();
      expect(rows.events).toMatchObject([{ id, kind: 'primary', status: 'denied', charges: [] }]);
      expect(rows.counters).toEqual([]);
    });

    test('of a refused call ends its id: a later reserve with it is refused', async () => {
      const at = await open();
      const request = await at.request({ meter: at.meter(0n), amount: 1n });
      expect((await at.harness.store().reserve(request)).outcome).toBe('denied');
      await at.harness.store().record({ id: request.id, event: sampleEvent(at.organizationId, { status: 'denied' }) });
      const raised = { ...request, legs: [fixedLeg(at.meter(10n), 1n)] };
      expect(await at.harness.store().reserve(raised)).toEqual({ outcome: 'ended' });
    });

    test('does not end a call that holds', async () => {
      const at = await open();
      const meter = at.meter(10n);
      const hold = await at.admit(await at.request({ meter, amount: 5n }));
      await at.harness.store().record({ id: hold.id, event: sampleEvent(at.organizationId, { status: 'denied' }) });
      expect(await at.settle(hold, [4n])).toBe('settled');
      expect((await at.rows()).events).toMatchObject([{ id: hold.id, status: 'success' }]);
      expect(await at.harness.verify(at.organizationId)).toEqual([]);
    });
  });
}
