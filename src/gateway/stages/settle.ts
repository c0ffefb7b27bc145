// Owns: what a call that is over is charged, and its event. Pure. Not: booking it (settlement/) or telling the caller (reply.ts).

import type { HeldLeg, SettleRequest } from '../../ledger/core/reservation.ts';
import {
  NO_TOKENS,
  type TokenCounts,
  type UsageEvent,
  type UsageSource,
  type UsageStatus,
} from '../../ledger/core/usage-event.ts';
import { costOf } from '../../primitives/price.ts';
import type { AdmittedCall } from '../call.ts';
import type { ModelFacts } from '../snapshot/facts.ts';

/** How a call ended, as the upstream side and the relay saw it. */
export interface CallEnding {
  readonly status: UsageStatus;
  readonly errorCode: string | null;
  readonly tokens: TokenCounts;
  readonly source: UsageSource;
  /** The model that served it; the asked one when none did. */
  readonly servedModel: ModelFacts;
  /** Whether anything of an answer reached, or was ready for, the client. */
  readonly hasOutput: boolean;
  readonly attempts: number;
  readonly latencyMs: number;
  readonly timeToFirstTokenMs: number | null;
  readonly upstreamRequestId: string | null;
}

/**
 * The settlement of a call. A call without output is charged nothing but its place in the rate of requests; what the provider bills for it
 * all the same is booked to the platform. An answer that was cut or left is charged for what came.
 */
export function settlementOf(call: AdmittedCall, ending: CallEnding): SettleRequest {
  const { admission, hold, caller } = call;
  const { price } = ending.servedModel;
  const worth = price === null ? null : ending.tokens === NO_TOKENS ? 0n : costOf(price, ending.tokens);
  const isCharged = ending.status === 'success' || ending.hasOutput;
  const charging = caller.platform.switches.chargingEnabled;
  const cost = isCharged && charging ? worth : 0n;
  const tokens = isCharged ? ending.tokens.input + ending.tokens.output : 0n;
  const used = hold.legs.map((leg) => usedOf(leg, { isCharged, tokens, cost: cost ?? 0n }));
  const isFallback = ending.servedModel !== admission.resolution.model;
  const event: UsageEvent = {
    dimensions: isFallback ? servedDimensions(call, ending.servedModel) : admission.dimensions,
    tokens: ending.tokens,
    source: ending.source,
    costNanoUsd: cost,
    // A template's own endpoint bills its owner, not the platform.
    providerCostNanoUsd: ending.servedModel.ownProvider === undefined ? worth : 0n,
    status: ending.status,
    errorCode: ending.errorCode,
    streamed: call.parsed.stream,
    trial: admission.trial && isCharged,
    retries: Math.max(0, ending.attempts - 1),
    fallbackUsed: isFallback || admission.resolution.fallback !== null,
    latencyMs: ending.latencyMs,
    timeToFirstTokenMs: ending.timeToFirstTokenMs,
    upstreamRequestId: ending.upstreamRequestId,
    tags: call.wishes.tags,
  };
  return { hold, used, creditsUsed: hold.credits && isCharged ? hold.credits.amount : 0n, event };
}

/** What a leg is charged: tokens and money as they were, a message or credits as held, a place in the rate of requests in every case. */
function usedOf(
  { meter, amount }: HeldLeg,
  { isCharged, tokens, cost }: { isCharged: boolean; tokens: bigint; cost: bigint },
): bigint {
  switch (meter.unit) {
    case 'tokens':
      return tokens;
    case 'nano_usd':
      return cost;
    case 'messages':
    case 'credits':
      return isCharged ? amount : 0n;
    case 'requests':
      return amount;
  }
}

function servedDimensions({ admission, caller }: AdmittedCall, model: ModelFacts): UsageEvent['dimensions'] {
  return {
    ...admission.dimensions,
    modelId: model.id,
    provider: caller.platform.providers.get(model.providerId)?.slug ?? 'unknown',
    priceId: model.price?.id ?? null,
  };
}
