// Owns: meters, requests and events for tests of the ledger, with every field that a test doesn't care about filled in.

import { createUuidV7 } from '../../../primitives/ids.ts';
import type { Random } from '../../../primitives/random.ts';
import type { Meter } from '../../core/meter.ts';
import type { CreditAsk, Leg, OutputAsk, ReserveRequest } from '../../core/reservation.ts';
import type { UsageEvent } from '../../core/usage-event.ts';
import type { LedgerHarness } from './ledger-harness.ts';

/** Time to live of a sample call: expired after two whole minutes of a harness's clock, alive after one. */
export const SAMPLE_TTL_MS = 105_000;

/** No output: the legs' base amounts are all there is. */
export const NO_OUTPUT: OutputAsk = { wanted: 0n, needed: 0n, floor: 0n };

/** Usage of a call that went well, as the provider reported it. */
export function sampleEvent(organizationId: string, more: Partial<UsageEvent> = {}): UsageEvent {
  return {
    dimensions: {
      organizationId,
      departmentId: null,
      userId: null,
      virtualKeyId: null,
      templateId: null,
      templateSlug: null,
      feature: null,
      environment: 'production',
      personaId: null,
      modelId: 'gpt-4o-mini',
      provider: 'openai',
      modelType: 'catalog',
      promptVersionId: null,
      experimentArm: null,
      priceId: null,
      route: '/v1/chat/completions',
    },
    tokens: { input: 7n, output: 3n, cachedInput: 0n, cacheWrite: 0n, reasoning: 0n },
    source: 'provider',
    costNanoUsd: 1500n,
    providerCostNanoUsd: 1500n,
    status: 'success',
    errorCode: null,
    streamed: false,
    trial: false,
    retries: 0,
    fallbackUsed: false,
    latencyMs: 12,
    timeToFirstTokenMs: null,
    upstreamRequestId: null,
    tags: null,
    ...more,
  };
}

/** A hard monthly token quota of an organization, unless told otherwise. */
export function sampleMeter(organizationId: string | null, limit: bigint | null, more: Partial<Meter> = {}): Meter {
  return {
    key: `organization:${organizationId}:tokens`,
    kind: 'organization_quota',
    scopeClass: 'organization',
    unit: 'tokens',
    window: { kind: 'month' },
    limit,
    mode: 'hard',
    organizationId,
    label: 'monthly tokens',
    ...more,
  };
}

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
