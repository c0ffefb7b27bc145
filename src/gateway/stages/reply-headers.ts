// Owns: the headers of an answer: what served it, what it cost, what is left. Pure. Not: error replies (the provider's error shapes).

import type { MeterState } from '../../ledger/core/reservation.ts';
import { formatUsd } from '../../primitives/amounts.ts';
import type { AdmittedCall } from '../call.ts';
import type { ModelFacts, ProviderFacts } from '../snapshot/facts.ts';

/** What served the call. */
export interface Served {
  readonly model: ModelFacts;
  readonly provider: ProviderFacts;
}

/** Headers of every answer of the gateway that a model gave. */
export function answerHeaders(call: AdmittedCall, served: Served, nowMs: number): Record<string, string> {
  const { admission, incoming, states, parsed } = call;
  const headers: Record<string, string> = {
    'x-request-id': incoming.id,
    'x-weir-model': served.model.id,
    'x-weir-provider': served.provider.slug,
  };
  if (parsed.protocol === 'anthropic') headers['request-id'] = incoming.id;
  if (served.provider.servedBySandbox) headers['x-weir-sandbox'] = 'true';
  const fallback = served.model === admission.resolution.model ? admission.resolution.fallback : 'provider_failed';
  if (fallback !== null) headers['x-weir-fallback'] = fallback;
  const at = { nowMs, isAnthropic: parsed.protocol === 'anthropic' };
  for (const state of states) addMeterHeaders(headers, state, at);
  return headers;
}

/** What is left of the key's rates and of a trial. */
export function meterHeaders(
  states: readonly MeterState[],
  at: { readonly nowMs: number; readonly isAnthropic: boolean },
): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const state of states) addMeterHeaders(headers, state, at);
  return headers;
}

/** Adds the cost of a whole answer; unknown prices give no header, never a 0. */
export function addCostHeader(headers: Record<string, string>, costNanoUsd: bigint | null): void {
  if (costNanoUsd !== null) headers['x-weir-cost-usd'] = formatUsd(costNanoUsd);
}

/** Written out: a name that is put together anew for each call has to be looked up among all names there are. */
const RATE_HEADERS = {
  requests: {
    limit: 'x-ratelimit-limit-requests',
    remaining: 'x-ratelimit-remaining-requests',
    reset: 'x-ratelimit-reset-requests',
    anthropicLimit: 'anthropic-ratelimit-requests-limit',
    anthropicRemaining: 'anthropic-ratelimit-requests-remaining',
    anthropicReset: 'anthropic-ratelimit-requests-reset',
  },
  tokens: {
    limit: 'x-ratelimit-limit-tokens',
    remaining: 'x-ratelimit-remaining-tokens',
    reset: 'x-ratelimit-reset-tokens',
    anthropicLimit: 'anthropic-ratelimit-tokens-limit',
    anthropicRemaining: 'anthropic-ratelimit-tokens-remaining',
    anthropicReset: 'anthropic-ratelimit-tokens-reset',
  },
} as const;

function addMeterHeaders(
  headers: Record<string, string>,
  state: MeterState,
  { nowMs, isAnthropic }: { nowMs: number; isAnthropic: boolean },
): void {
  const { meter, used, held, window } = state;
  if (meter.limit === null) return;
  const left = meter.limit - used - held;
  const remaining = (left > 0n ? left : 0n).toString();
  if (meter.kind === 'trial') {
    headers['x-weir-trial-remaining'] = remaining;
    return;
  }
  if (meter.kind !== 'key_requests' && meter.kind !== 'key_tokens') return;
  const unit = meter.kind === 'key_requests' ? 'requests' : 'tokens';
  const names = RATE_HEADERS[unit];
  const resetSeconds = Math.max(0, Math.ceil((window.endMs - nowMs) / 1000));
  headers[names.limit] = meter.limit.toString();
  headers[names.remaining] = remaining;
  headers[names.reset] = goDuration(resetSeconds);
  if (isAnthropic) {
    headers[names.anthropicLimit] = meter.limit.toString();
    headers[names.anthropicRemaining] = remaining;
    headers[names.anthropicReset] = new Date(window.endMs).toISOString();
  }
  // draft-ietf-httpapi-ratelimit-headers-11: structured fields, one member a policy.
  const policy = `"key-${unit}"`;
  headers['ratelimit-policy'] = join(
    headers['ratelimit-policy'],
    `${policy};q=${meter.limit};w=60${unit === 'tokens' ? ';qu="tokens"' : ''}`,
  );
  headers.ratelimit = join(headers.ratelimit, `${policy};r=${remaining};t=${resetSeconds}`);
}

function join(before: string | undefined, next: string): string {
  return before === undefined ? next : `${before}, ${next}`;
}

/** Go's form of a duration, as OpenAI writes it: `12s`, `6m0s`. */
function goDuration(seconds: number): string {
  return seconds < 60 ? `${seconds}s` : `${Math.floor(seconds / 60)}m${seconds % 60}s`;
}
