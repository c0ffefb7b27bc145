// Owns: what every store must do besides its operations: read, keep time, give up, close.

import { describe, expect, test } from 'vitest';
import type { LedgerStore } from '../../core/ledger-store.ts';
import { sampleEvent } from '../../core/testing/samples.ts';
import { type ConformanceContext, expectAdmitted } from './conformance-context.ts';

/** Registers the tests. `open` gives each test its own organization. */
export function describeService(open: () => Promise<ConformanceContext>): void {
  describe('the store', () => {
    test('reads what is used and held in the window of now, and 0 of a meter that was never used', async () => {
      const at = await open();
      const meter = at.meter(100n, { window: { kind: 'minute' } });
      const fresh = at.meter(5n, { key: `${meter.key}:fresh` });
      await at.settle(await at.admit(await at.request({ meter, amount: 30n })), [21n]);
      await at.admit(await at.request({ meter, amount: 11n }));
      expect(await at.harness.store().read([fresh, meter])).toMatchObject([
        { meter: fresh, used: 0n, held: 0n },
        { meter, used: 21n, held: 11n },
      ]);
      await at.harness.advance(60_000);
      expect(await at.harness.store().read([meter])).toMatchObject([{ used: 0n, held: 0n }]);
      expect(await at.harness.store().read([])).toEqual([]);
    });

    test('keeps time that never goes back when the clock under it does', async () => {
      const at = await open();
      const meter = at.meter(100n, { window: { kind: 'minute' } });
      const hold = await at.admit(await at.request({ meter, amount: 1n }));
      const beforeMs = at.harness.store().nowMs();
      await at.harness.advance(-7_200_000);
      expect(at.harness.store().nowMs()).toBeGreaterThanOrEqual(beforeMs);
      const after = await at.admit(await at.request({ meter, amount: 1n }));
      expect(after.legs[0]?.window).toEqual(hold.legs[0]?.window);
      await at.harness.advance(7_200_000);
    });

    test('drops a reservation whose caller gave up before it was sent', async () => {
      const at = await open();
      const request = await at.request({ meter: at.meter(10n), amount: 1n });
      await expect(at.harness.store().reserve(request, AbortSignal.abort())).rejects.toThrow();
      expect((await at.rows()).openHolds).toEqual([]);
    });

    test('that is closed finishes what is under way and refuses what comes after', async () => {
      const at = await open();
      const meter = at.meter(10n);
      const store = await at.harness.openReplica();
      const [last, after] = [await at.request({ meter, amount: 1n }), await at.request({ meter, amount: 1n })];
      const underWay = store.reserve(last);
      const closing = store.close();
      expect((await underWay).outcome).toBe('admitted');
      await closing;
      const hold = await at.admit(last);
      const event = sampleEvent(at.organizationId);
      const refused: ((closed: LedgerStore) => Promise<unknown>)[] = [
        (closed) => closed.reserve(after),
        (closed) => closed.extend({ hold, legs: after.legs, grantedOutput: 0n }),
        (closed) => closed.settle({ hold, used: [1n], creditsUsed: 0n, event }),
        (closed) => closed.release(hold, event),
        (closed) => closed.record({ id: after.id, event }),
        (closed) => closed.sweep(1),
        (closed) => closed.read([meter]),
      ];
      for (const call of refused) await expect(call(store)).rejects.toThrow();
      await store.close();
      expect(await at.counter(meter)).toEqual({ used: 0n, held: 1n });
    });

    test('opened again after a crash knows all that it had acknowledged', async () => {
      const at = await open();
      const meter = at.meter(10n);
      const request = await at.request({ meter, amount: 4n });
      const hold = await at.admit(request);
      await at.settle(await at.admit(await at.request({ meter, amount: 3n })), [2n]);
      await at.harness.crash();
      expect(await at.admit(request)).toEqual(hold);
      expect(await at.counter(meter)).toEqual({ used: 2n, held: 4n });
    });

    test('goes on after its connections were cut, at rest and in the midst of its work', async () => {
      const at = await open();
      const meter = at.meter(100n);
      const first = await at.admit(await at.request({ meter, amount: 4n }));
      await at.harness.cut();
      expect(await at.harness.store().read([meter])).toMatchObject([{ used: 0n, held: 4n }]);
      const request = await at.request({ meter, amount: 5n });
      const underWay = [at.settle(first, [3n]), at.harness.store().reserve(request)] as const;
      await at.harness.cut();
      expect(await underWay[0]).toBe('settled');
      const hold = expectAdmitted(await underWay[1]);
      expect(await at.admit(request)).toEqual(hold);
      expect(await at.counter(meter)).toEqual({ used: 3n, held: 5n });
      await at.harness.cut();
      expect(await at.harness.store().sweep(1)).toBe(0);
    });
  });
}
