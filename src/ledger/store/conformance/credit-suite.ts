// Owns: what every store must do with credits.

import { describe, expect, test } from 'vitest';
import { type ConformanceContext, expectAdmitted, expectDenied } from './conformance-context.ts';
import { fixedLeg } from './sample-calls.ts';

const DAY_MS = 86_400_000;
const asks = (amount: bigint) => ({ creditType: 'lead_generation', amount });

/** Registers the tests. `open` gives each test its own organization. */
export function describeCredits(open: () => Promise<ConformanceContext>): void {
  describe('credits', () => {
    test('of 20 pay six uses at 3 each; the seventh is refused with 2 available', async () => {
      const at = await open();
      await at.grant(20n);
      for (let use = 0; use < 6; use += 1)
        await at.settle(await at.admit(await at.request({ credits: asks(3n) })), [], 3n);
      const verdict = await at.harness.store().reserve(await at.request({ credits: asks(3n) }));
      expect(expectDenied(verdict)).toEqual({ failing: [], credits: { asked: 3n, available: 2n } });
      expect((await at.rows()).lots).toMatchObject([{ initial: 20n, remaining: 2n, held: 0n, consumed: 18n }]);
      expect(await at.harness.verify(at.organizationId)).toEqual([]);
    });

    test('burn by soonest expiry and then priority, over as many lots as it takes, and the hold says from which', async () => {
      const at = await open();
      const nowMs = at.harness.store().nowMs();
      const never = await at.grant(5n, { expiresAtMs: null });
      const secondary = await at.grant(4n, { expiresAtMs: nowMs + DAY_MS, priority: 2 });
      const primary = await at.grant(3n, { expiresAtMs: nowMs + DAY_MS, priority: 1 });
      const hold = await at.admit(await at.request({ credits: asks(8n) }));
      expect(hold.credits?.lots).toEqual([
        { lotId: primary, amount: 3n },
        { lotId: secondary, amount: 4n },
        { lotId: never, amount: 1n },
      ]);
      await at.settle(hold, [], 4n);
      const lots = new Map((await at.rows()).lots.map((lot) => [lot.id, lot]));
      expect([primary, secondary, never].map((id) => lots.get(id)?.consumed)).toEqual([3n, 1n, 0n]);
      expect([primary, secondary, never].map((id) => lots.get(id)?.remaining)).toEqual([0n, 3n, 5n]);
    });

    test('return on release, and a repeated reserve gives the same allocation', async () => {
      const at = await open();
      await at.grant(2n);
      await at.grant(2n, { expiresAtMs: null });
      const request = await at.request({ credits: asks(3n) });
      const hold = await at.admit(request);
      expect(await at.admit(request)).toEqual(hold);
      expect(await at.release(hold)).toBe('settled');
      expect((await at.rows()).lots.map((lot) => lot.remaining)).toEqual([2n, 2n]);
    });

    test('and meters are taken together or not at all, and a refusal names both', async () => {
      const at = await open();
      await at.grant(2n);
      const meter = at.meter(5n);
      const both = await at.harness
        .store()
        .reserve(await at.request({ legs: [fixedLeg(meter, 6n)], credits: asks(3n) }));
      expect(expectDenied(both)).toMatchObject({ failing: [{ asked: 6n }], credits: { asked: 3n, available: 2n } });
      const creditsOnly = await at.harness
        .store()
        .reserve(await at.request({ legs: [fixedLeg(meter, 5n)], credits: asks(3n) }));
      expect(expectDenied(creditsOnly)).toEqual({ failing: [], credits: { asked: 3n, available: 2n } });
      const meterOnly = await at.harness
        .store()
        .reserve(await at.request({ legs: [fixedLeg(meter, 6n)], credits: asks(1n) }));
      expect(expectDenied(meterOnly)).toMatchObject({ failing: [{ asked: 6n }], credits: null });
      const rows = await at.rows();
      expect(rows.lots).toMatchObject([{ remaining: 2n, held: 0n }]);
      expect(rows.counters.every((row) => row.held === 0n)).toBe(true);
    });

    test('of several types and of lots not in force are left alone', async () => {
      const at = await open();
      const nowMs = at.harness.store().nowMs();
      const scope = { organizationId: at.organizationId, initial: 9n, priority: 0 };
      await at.harness.grantLot({
        ...scope,
        creditType: 'goal_generation',
        effectiveAtMs: nowMs - DAY_MS,
        expiresAtMs: null,
      });
      await at.harness.grantLot({
        ...scope,
        creditType: 'lead_generation',
        effectiveAtMs: nowMs + DAY_MS,
        expiresAtMs: null,
      });
      await at.harness.grantLot({
        ...scope,
        creditType: 'lead_generation',
        effectiveAtMs: nowMs - 2 * DAY_MS,
        expiresAtMs: nowMs - DAY_MS,
      });
      const verdict = await at.harness.store().reserve(await at.request({ credits: asks(1n) }));
      expect(expectDenied(verdict).credits).toEqual({ asked: 1n, available: 0n });
    });

    test('that were held are honoured when their lot has expired, and the rest returns to it', async () => {
      const at = await open();
      await at.grant(5n, { expiresAtMs: at.harness.store().nowMs() + 30 * 60_000 });
      const hold = await at.admit(await at.request({ credits: asks(5n), ttlMs: 7_200_000 + 45_000 }));
      await at.harness.advance(3_600_000);
      expect(await at.settle(hold, [], 2n)).toBe('settled');
      expect((await at.rows()).lots).toMatchObject([{ consumed: 2n, remaining: 3n, held: 0n }]);
      expect((await at.harness.store().reserve(await at.request({ credits: asks(1n) }))).outcome).toBe('denied');
    });

    test('of a hold that expires are consumed, and a late settle gives back what was not used', async () => {
      const at = await open();
      await at.grant(3n);
      await at.grant(3n, { expiresAtMs: null });
      const hold = await at.admit(await at.request({ credits: asks(5n) }));
      await at.harness.advance(120_000);
      await at.harness.store().sweep(1000);
      expect((await at.rows()).lots.reduce((sum, lot) => sum + lot.consumed, 0n)).toBe(5n);
      expect(await at.settle(hold, [], 1n)).toBe('late');
      const rows = await at.rows();
      expect(rows.lots.reduce((sum, lot) => sum + lot.consumed, 0n)).toBe(1n);
      expect(rows.events.reduce((sum, event) => sum + event.credits, 0n)).toBe(1n);
    });

    test('asked by many at once are never spent twice', async () => {
      const at = await open();
      await at.grant(4n);
      await at.grant(6n, { expiresAtMs: null });
      const replica = await at.harness.openReplica();
      const requests = await Promise.all(Array.from({ length: 40 }, () => at.request({ credits: asks(3n) })));
      const verdicts = await Promise.all(
        requests.map((request, index) => (index % 2 === 0 ? replica : at.harness.store()).reserve(request)),
      );
      expect(verdicts.filter((verdict) => verdict.outcome === 'admitted')).toHaveLength(3);
      expect((await at.rows()).lots.reduce((sum, lot) => sum + lot.held, 0n)).toBe(9n);
    });

    test('asked twice for one call on two replicas at once are taken once, and both hear the same', async () => {
      const at = await open();
      await at.grant(10n);
      const replica = await at.harness.openReplica();
      for (let round = 0; round < 5; round += 1) {
        const request = await at.request({ credits: asks(6n) });
        const stores = [replica, at.harness.store(), replica, at.harness.store()];
        const holds = (await Promise.all(stores.map((store) => store.reserve(request)))).map(expectAdmitted);
        for (const hold of holds) expect(hold).toEqual(holds[0]);
        const [hold] = holds;
        if (hold) await at.release(hold);
      }
      expect((await at.rows()).lots).toMatchObject([{ remaining: 10n, held: 0n }]);
    });

    test('without meters can be extended and ended at once on two replicas: one wins, nobody is left in doubt', async () => {
      const at = await open();
      await at.grant(10n);
      const replica = await at.harness.openReplica();
      for (let round = 0; round < 10; round += 1) {
        const hold = await at.admit(await at.request({ credits: asks(1n) }));
        const extension = replica.extend({ hold, legs: [], grantedOutput: 5n });
        const [outcome, verdict] = await Promise.all([at.release(hold), extension]);
        expect(outcome).toBe('settled');
        expect(['extended', 'ended']).toContain(verdict.outcome);
      }
      expect((await at.rows()).openHolds).toEqual([]);
    });
  });
}
