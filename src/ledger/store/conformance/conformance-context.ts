// Owns: the short words in which the conformance suite is written: one organization, one store, calls by the amount.

import { expect } from 'vitest';
import { createSeededRandom, type Random } from '../../../primitives/random.ts';
import type { Meter } from '../../core/meter.ts';
import type { Hold, ReserveRequest, ReserveVerdict, SettleOutcome } from '../../core/reservation.ts';
import { sampleEvent, sampleMeter } from '../../core/testing/samples.ts';
import type { LedgerSnapshot } from '../ledger-snapshot.ts';
import type { LedgerHarness } from './ledger-harness.ts';
import { fixedLeg, type SampleAsk, sampleRequest } from './sample-calls.ts';

/** Makes a store with nothing in it but what other tests' organizations left. */
export type CreateHarness = () => Promise<LedgerHarness>;

/** A harness with one organization and words for it. */
export interface ConformanceContext {
  readonly harness: LedgerHarness;
  readonly organizationId: string;
  readonly random: Random;
  /** The organization's monthly token meter. */
  meter(limit: bigint | null, more?: Partial<Meter>): Meter;
  /** A request of one fixed amount on one meter, or whatever is given. */
  request(ask: Partial<SampleAsk> | { readonly meter: Meter; readonly amount: bigint }): Promise<ReserveRequest>;
  /** Reserves and expects to be admitted. */
  admit(request: ReserveRequest): Promise<Hold>;
  /** Settles a hold with these amounts. */
  settle(hold: Hold, used: readonly bigint[], creditsUsed?: bigint): Promise<SettleOutcome>;
  /** Releases a hold because nothing was sent. */
  release(hold: Hold): Promise<SettleOutcome>;
  /** The organization's rows. */
  rows(): Promise<LedgerSnapshot>;
  /** `used` and `held` of a meter of which only one window was ever touched. */
  counter(meter: Meter): Promise<{ readonly used: bigint; readonly held: bigint }>;
  /** Grants a lot of `lead_generation` credits that is good for a day, unless told otherwise. */
  grant(initial: bigint, more?: { readonly expiresAtMs?: number | null; readonly priority?: number }): Promise<string>;
}

/** One organization on a harness. */
export async function openContext(harness: LedgerHarness): Promise<ConformanceContext> {
  const organizationId = await harness.createOrganization();
  const random = createSeededRandom(Number.parseInt(organizationId.slice(-8), 16));
  const store = () => harness.store();
  const rows = () => harness.snapshot({ organizationIds: [organizationId], platformMeterKeys: [] });
  return {
    harness,
    organizationId,
    random,
    meter: (limit, more = {}) => sampleMeter(organizationId, limit, more),
    request: (ask) =>
      sampleRequest(
        harness,
        random,
        'meter' in ask
          ? { organizationId, legs: [fixedLeg(ask.meter, ask.amount)] }
          : { organizationId, legs: [], ...ask },
      ),
    async admit(request) {
      return expectAdmitted(await store().reserve(request));
    },
    settle: (hold, used, creditsUsed = 0n) =>
      store().settle({ hold, used, creditsUsed, event: sampleEvent(organizationId) }),
    release: (hold) =>
      store().release(hold, sampleEvent(organizationId, { status: 'error', errorCode: 'no_healthy_provider' })),
    rows,
    async counter(meter) {
      const found = (await rows()).counters.filter(
        (row) => row.meterKey === meter.key && (row.used !== 0n || row.held !== 0n),
      );
      expect(found.length).toBeLessThanOrEqual(1);
      return { used: found[0]?.used ?? 0n, held: found[0]?.held ?? 0n };
    },
    grant: (initial, more = {}) =>
      harness.grantLot({
        organizationId,
        creditType: 'lead_generation',
        initial,
        priority: more.priority ?? 0,
        effectiveAtMs: store().nowMs() - 3_600_000,
        expiresAtMs: more.expiresAtMs === undefined ? store().nowMs() + 86_400_000 : more.expiresAtMs,
      }),
  };
}

/** The hold of a verdict that must be an admission. */
export function expectAdmitted(verdict: ReserveVerdict): Hold {
  if (verdict.outcome !== 'admitted') return expect.fail(`expected an admission, got ${verdict.outcome}`);
  return verdict.hold;
}

/** The failing legs of a verdict that must be a denial, in short. */
export function expectDenied(verdict: ReserveVerdict) {
  if (verdict.outcome !== 'denied') return expect.fail(`expected a denial, got ${verdict.outcome}`);
  return {
    failing: verdict.failing.map(({ meter, used, held, asked }) => ({ key: meter.key, used, held, asked })),
    credits: verdict.credits,
  };
}
