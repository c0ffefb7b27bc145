// Owns: what every store must do when it reserves and extends. Not: ending calls (ending-suite.ts), credits (credit-suite.ts).

import { describe, expect, test } from 'vitest';
import { MAX_AMOUNT } from '../../core/limits.ts';
import type { ReserveRequest } from '../../core/reservation.ts';
import { type ConformanceContext, expectAdmitted, expectDenied } from './conformance-context.ts';
import { fixedLeg, sampleRequest } from './sample-calls.ts';

/** Registers the tests. `open` gives each test its own organization. */
export function describeAdmission(open: () => Promise<ConformanceContext>): void {
  describe('admission', () => {
    test('goes to the exact limit and not one unit further', async () => {
      const at = await open();
      const meter = at.meter(100n);
      await at.admit(await at.request({ meter, amount: 99n }));
      await at.admit(await at.request({ meter, amount: 1n }));
      const verdict = await at.harness.store().reserve(await at.request({ meter, amount: 1n }));
      expect(expectDenied(verdict)).toEqual({
        failing: [{ key: meter.key, used: 0n, held: 100n, asked: 1n }],
        credits: null,
      });
      expect(await at.counter(meter)).toEqual({ used: 0n, held: 100n });
    });

    test('takes all legs or none, and names every leg that fails', async () => {
      const at = await open();
      const wide = at.meter(1000n);
      const narrow = at.meter(5n, { key: `${wide.key}:narrow`, scopeClass: 'user', kind: 'template_limit' });
      const tight = at.meter(3n, {
        key: `${wide.key}:tight`,
        scopeClass: 'key',
        kind: 'key_requests',
        unit: 'requests',
        window: { kind: 'minute' },
      });
      const legs = [fixedLeg(wide, 10n), fixedLeg(narrow, 6n), fixedLeg(tight, 4n)];
      const verdict = await at.harness.store().reserve(await at.request({ legs }));
      expect(expectDenied(verdict).failing).toEqual([
        { key: narrow.key, used: 0n, held: 0n, asked: 6n },
        { key: tight.key, used: 0n, held: 0n, asked: 4n },
      ]);
      const rows = await at.rows();
      expect(rows.openHolds).toEqual([]);
      expect(rows.counters.every((row) => row.used === 0n && row.held === 0n)).toBe(true);
    });

    test('names the window in which a failing leg resets', async () => {
      const at = await open();
      const verdict = await at.harness
        .store()
        .reserve(await at.request({ meter: at.meter(0n, { window: { kind: 'day' } }), amount: 1n }));
      if (verdict.outcome !== 'denied') return expect.fail('admitted');
      const [leg] = verdict.failing;
      expect(leg?.window.endMs).toBeGreaterThan(at.harness.store().nowMs());
      expect((leg?.window.endMs ?? 1) % 86_400_000).toBe(0);
    });

    test('serves those who came first', async () => {
      const at = await open();
      const meter = at.meter(10n);
      const requests = await repeat(20, () => at.request({ meter, amount: 1n }));
      const verdicts = await Promise.all(requests.map((request) => at.harness.store().reserve(request)));
      expect(verdicts.map((verdict) => verdict.outcome)).toEqual([
        ...Array(10).fill('admitted'),
        ...Array(10).fill('denied'),
      ]);
    });

    test('lets exactly 10 of 200 through three replicas where there is room for 10', async () => {
      const at = await open();
      const meter = at.meter(70n);
      const replicas = [at.harness.store(), await at.harness.openReplica(), await at.harness.openReplica()];
      const requests = await repeat(200, () => at.request({ meter, amount: 7n }));
      const verdicts = await Promise.all(requests.map((request, index) => replicas[index % 3]?.reserve(request)));
      expect(verdicts.filter((verdict) => verdict?.outcome === 'admitted')).toHaveLength(10);
      expect(await at.counter(meter)).toEqual({ used: 0n, held: 70n });
      expect(await at.harness.verify(at.organizationId)).toEqual([]);
    });

    test('holds the worst case far from the limit, an eighth of the room nearer, the need near it, and what is left at the end', async () => {
      const at = await open();
      const meter = at.meter(1000n);
      const granted: bigint[] = [];
      for (let call = 0; call < 30; call += 1) {
        const request = await at.request({
          legs: [{ meter, base: 10n, rate: 1n }],
          output: { wanted: 120n, needed: 42n, floor: 20n },
        });
        const verdict = await at.harness.store().reserve(request);
        if (verdict.outcome === 'denied') break;
        const hold = expectAdmitted(verdict);
        expect(hold.legs.map((leg) => leg.amount)).toEqual([10n + hold.grantedOutput]);
        granted.push(hold.grantedOutput);
      }
      // An eighth of 990 is 123: all that is wanted. Then 860 / 8, 743 / 8 and so on down to the need; the last takes the rest.
      expect(granted).toEqual([120n, 107n, 92n, 80n, 68n, 59n, 50n, 43n, 42n, 42n, 42n, 42n, 42n, 31n]);
      const { held } = await at.counter(meter);
      expect(1000n - held).toBeLessThan(30n);
    });

    test('is not refused or shrunk by soft meters and meters without limit, which count all the same', async () => {
      const at = await open();
      const soft = at.meter(5n, { mode: 'soft' });
      const open_ = at.meter(null, { key: `${soft.key}:open` });
      const legs = [fixedLeg(soft, 50n), { meter: open_, base: 1n, rate: 2n }];
      const hold = await at.admit(await at.request({ legs, output: { wanted: 100n, needed: 1n, floor: 1n } }));
      expect(hold.grantedOutput).toBe(100n);
      expect(hold.legs.map((leg) => leg.amount)).toEqual([50n, 201n]);
    });

    test('answers a repeated reserve with the same hold and one effect, alone, at once and after the window rolled', async () => {
      const at = await open();
      const meter = at.meter(1000n, { window: { kind: 'minute' } });
      const request = await at.request({
        legs: [{ meter, base: 5n, rate: 1n }],
        output: { wanted: 500n, needed: 100n, floor: 1n },
      });
      const store = at.harness.store();
      const together = await Promise.all([store.reserve(request), store.reserve(request), store.reserve(request)]);
      await at.harness.advance(60_000);
      const holds = [...together, await store.reserve(request)].map(expectAdmitted);
      for (const hold of holds) expect(hold).toEqual(holds[0]);
      expect(await at.counter(meter)).toEqual({ used: 0n, held: 129n });
    });

    test('answers a repeat of an ended call with `ended`', async () => {
      const at = await open();
      const request = await at.request({ meter: at.meter(10n), amount: 1n });
      await at.settle(await at.admit(request), [1n]);
      expect(await at.harness.store().reserve(request)).toEqual({ outcome: 'ended' });
    });

    test('on outdated facts is stale, touches nothing, and passes on new ones', async () => {
      const at = await open();
      const meter = at.meter(10n);
      const stale = await at.request({ meter, amount: 1n });
      await at.harness.bumpFactVersion(at.organizationId);
      expect(await at.harness.store().reserve(stale)).toEqual({ outcome: 'stale' });
      expect(await at.counter(meter)).toEqual({ used: 0n, held: 0n });
      const fresh = { ...(await at.request({ meter, amount: 1n })), id: stale.id };
      await at.admit(fresh);
      const platform = await at.request({ meter, amount: 1n });
      await at.harness.bumpFactVersion('platform');
      expect(await at.harness.store().reserve(platform)).toEqual({ outcome: 'stale' });
      // What was admitted stays so, whatever has changed since.
      expect(expectAdmitted(await at.harness.store().reserve(fresh)).id).toBe(stale.id);
    });

    test('follows a limit that is lowered, raised or removed from the next reserve on', async () => {
      const at = await open();
      const reserve = async (limit: bigint | null) =>
        at.harness.store().reserve(await at.request({ meter: at.meter(limit), amount: 10n }));
      expectAdmitted(await reserve(25n));
      expectAdmitted(await reserve(25n));
      expect(expectDenied(await reserve(15n)).failing).toMatchObject([{ held: 20n, asked: 10n }]);
      expectAdmitted(await reserve(30n));
      expect((await reserve(30n)).outcome).toBe('denied');
      expectAdmitted(await reserve(null));
      expect((await reserve(30n)).outcome).toBe('denied');
    });

    test('pins the window at reserve: the next one begins at zero', async () => {
      const at = await open();
      const meter = at.meter(10n, { window: { kind: 'minute' } });
      const before = await at.admit(await at.request({ meter, amount: 10n }));
      await at.harness.advance(60_000);
      const after = await at.admit(await at.request({ meter, amount: 10n }));
      expect(after.legs[0]?.window.startMs).toBe(before.legs[0]?.window.endMs);
      await at.settle(before, [4n]);
      const rows = [...(await at.rows()).counters].sort((a, b) => a.windowStartMs - b.windowStartMs);
      expect(rows.map(({ used, held }) => ({ used, held }))).toEqual([
        { used: 4n, held: 0n },
        { used: 0n, held: 10n },
      ]);
    });

    test('of amounts of zero passes on a full meter, and of the largest amounts fits or is refused without overflow', async () => {
      const at = await open();
      const meter = at.meter(0n);
      await at.admit(await at.request({ meter, amount: 0n }));
      expect((await at.harness.store().reserve(await at.request({ meter, amount: MAX_AMOUNT }))).outcome).toBe(
        'denied',
      );
      const boundless = at.meter(2n ** 63n - 1n, { key: `${meter.key}:wide` });
      const hold = await at.admit(await at.request({ meter: boundless, amount: MAX_AMOUNT }));
      await at.admit(await at.request({ meter: boundless, amount: MAX_AMOUNT }));
      await at.settle(hold, [MAX_AMOUNT]);
      expect(await at.counter(boundless)).toEqual({ used: MAX_AMOUNT, held: MAX_AMOUNT });
    });

    test.each<[string, (request: ReserveRequest) => ReserveRequest]>([
      ['a negative amount', (request) => withBase(request, -1n)],
      ['an amount beyond the bound', (request) => withBase(request, MAX_AMOUNT + 1n)],
      ['a negative rate', (request) => ({ ...request, legs: request.legs.map((leg) => ({ ...leg, rate: -1n })) })],
      ['the same meter twice', (request) => ({ ...request, legs: [...request.legs, ...request.legs] })],
      ['a floor above what is wanted', (request) => ({ ...request, output: { wanted: 1n, needed: 2n, floor: 2n } })],
      ['no time to live', (request) => ({ ...request, ttlMs: 0 })],
    ])('rejects %s before any meter is touched', async (_name, spoil) => {
      const at = await open();
      const request = spoil(await at.request({ meter: at.meter(10n), amount: 1n }));
      await expect(at.harness.store().reserve(request)).rejects.toThrow();
      expect((await at.rows()).openHolds).toEqual([]);
    });

    test('of one organization leaves every row of another as it was', async () => {
      const at = await open();
      const other = await at.harness.createOrganization();
      const scope = { organizationIds: [other], platformMeterKeys: [] };
      const theirs = await sampleRequest(at.harness, at.random, {
        organizationId: other,
        legs: [fixedLeg(at.meter(5n, { key: `o:${other}`, organizationId: other }), 5n)],
      });
      expectAdmitted(await at.harness.store().reserve(theirs));
      const before = await at.harness.snapshot(scope);
      const hold = await at.admit(await at.request({ meter: at.meter(100n), amount: 40n }));
      await at.settle(hold, [77n]);
      expect(await at.harness.snapshot(scope)).toEqual(before);
    });
  });

  describe('an extension', () => {
    test('raises all legs, is granted again when repeated, and leaves settling as before', async () => {
      const at = await open();
      const meter = at.meter(100n);
      const legs = [{ meter, base: 10n, rate: 1n }];
      const hold = await at.admit(await at.request({ legs, output: { wanted: 5n, needed: 5n, floor: 5n } }));
      for (let time = 0; time < 2; time += 1) {
        const verdict = await at.harness.store().extend({ hold, legs, grantedOutput: 60n });
        expect(verdict).toMatchObject({ outcome: 'extended', hold: { grantedOutput: 60n, legs: [{ amount: 70n }] } });
      }
      expect(await at.counter(meter)).toEqual({ used: 0n, held: 70n });
      // The caller that settles may know the first hold only.
      expect(await at.settle(hold, [65n])).toBe('settled');
      expect(await at.counter(meter)).toEqual({ used: 65n, held: 0n });
    });

    test('is refused on every leg without room, changing none', async () => {
      const at = await open();
      const wide = at.meter(1000n);
      const narrow = at.meter(20n, { key: `${wide.key}:narrow`, scopeClass: 'user' });
      const legs = [wide, narrow].map((meter) => ({ meter, base: 0n, rate: 1n }));
      const hold = await at.admit(await at.request({ legs, output: { wanted: 10n, needed: 10n, floor: 1n } }));
      const verdict = await at.harness.store().extend({ hold, legs, grantedOutput: 21n });
      expect(verdict).toMatchObject({
        outcome: 'denied',
        failing: [{ meter: { key: narrow.key }, used: 0n, held: 10n, asked: 11n }],
      });
      expect(await at.counter(wide)).toEqual({ used: 0n, held: 10n });
    });

    test('never lowers what is held and holds in the window pinned at reserve', async () => {
      const at = await open();
      const meter = at.meter(100n, { window: { kind: 'minute' } });
      const legs = [{ meter, base: 0n, rate: 1n }];
      const hold = await at.admit(await at.request({ legs, output: { wanted: 12n, needed: 12n, floor: 1n } }));
      expect(await at.harness.store().extend({ hold, legs, grantedOutput: 2n })).toMatchObject({
        outcome: 'extended',
        hold: { grantedOutput: 12n, legs: [{ amount: 12n }] },
      });
      await at.harness.advance(60_000);
      await at.harness.store().extend({ hold, legs, grantedOutput: 30n });
      expect((await at.rows()).counters).toMatchObject([{ held: 30n, windowStartMs: hold.legs[0]?.window.startMs }]);
    });

    test('gives the hold a new time to live', async () => {
      const at = await open();
      const legs = [{ meter: at.meter(100n), base: 0n, rate: 1n }];
      const hold = await at.admit(await at.request({ legs, output: { wanted: 1n, needed: 1n, floor: 1n } }));
      await at.harness.advance(60_000);
      await at.harness.store().extend({ hold, legs, grantedOutput: 2n });
      await at.harness.advance(60_000);
      await at.harness.store().sweep(1000);
      expect((await at.rows()).openHolds).toHaveLength(1);
    });

    test('of an ended call is `ended`', async () => {
      const at = await open();
      const legs = [{ meter: at.meter(100n), base: 0n, rate: 1n }];
      const hold = await at.admit(await at.request({ legs, output: { wanted: 1n, needed: 1n, floor: 1n } }));
      await at.settle(hold, [1n]);
      expect(await at.harness.store().extend({ hold, legs, grantedOutput: 2n })).toEqual({ outcome: 'ended' });
    });
  });
}

function withBase(request: ReserveRequest, base: bigint): ReserveRequest {
  return { ...request, legs: request.legs.map((leg) => ({ ...leg, base })) };
}

async function repeat<T>(times: number, make: () => Promise<T>): Promise<T[]> {
  const made: T[] = [];
  for (let time = 0; time < times; time += 1) made.push(await make());
  return made;
}
