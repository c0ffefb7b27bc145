// Owns: requests for tests of a ledger, with what a test doesn't care about filled in. Not: meters and events (core/testing/samples.ts).

import { createUuidV7 } from '../../../primitives/ids.ts';
import type { Random } from '../../../primitives/random.ts';
import type { Meter } from '../../core/meter.ts';
import type { CreditAsk, Leg, OutputAsk, ReserveRequest } from '../../core/reservation.ts';
import { sampleEvent } from '../../core/testing/samples.ts';
import type { LedgerHarness } from './ledger-harness.ts';

/** Time to live of a sample call: expired after two whole minutes of a harness's clock, alive after one. */
const SAMPLE_TTL_MS = 105_000;

/** No output: the legs' base amounts are all there is. */
const NO_OUTPUT: OutputAsk = { wanted: 0n, needed: 0n, floor: 0n };

/** A leg with a fixed amount. */
export function fixedLeg(meter: Meter, amount: bigint): Leg {
  return { meter, base: amount, rate: 0n };
}

/** What a test says of a reservation; the rest is filled in with the facts of now. */
export interface SampleAsk {
  readonly organizationId: string;
  readonly legs: readonly Leg[];
  readonly output?: OutputAsk;
  readonly credits?: CreditAsk | null;
  readonly ttlMs?: number;
}

/** A reservation on the newest facts, with an id of its own. */
export async function sampleRequest(harness: LedgerHarness, random: Random, ask: SampleAsk): Promise<ReserveRequest> {
  const { organizationId, legs } = ask;
  return {
    id: createUuidV7(harness.store().nowMs(), random),
    organizationId,
    versions: {
      platform: await harness.factVersion('platform'),
      organization: await harness.factVersion(organizationId),
    },
    ttlMs: ask.ttlMs ?? SAMPLE_TTL_MS,
    legs,
    output: ask.output ?? NO_OUTPUT,
    credits: ask.credits ?? null,
    event: sampleEvent(organizationId, { source: 'estimated' }),
  };
}
