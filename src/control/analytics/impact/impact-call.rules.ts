// Owns: a call as a replay sees it, and what it costs at another price. Pure. Not: which limits it meets (impact-replay.rules.ts).

import { costOf, type Price, type TokenUse } from '../../../primitives/price.ts';
import { RECORDED_ROUTE } from '../usage-bill.rules.ts';

/** A call that happened, or credits that an application took. Money in nano-USD. */
export interface ReplayCall {
  readonly id: string;
  readonly atMs: number;
  readonly organizationId: string;
  readonly departmentId: string | null;
  /** Null: a service key's. */
  readonly userId: string | null;
  readonly keyId: string | null;
  readonly templateId: string | null;
  readonly feature: string | null;
  readonly modelId: string;
  /** `system`: by a system template. */
  readonly modelType: string;
  readonly route: string;
  readonly status: string;
  readonly errorCode: string | null;
  readonly tokenSource: string;
  readonly tokens: TokenUse;
  /** Null: the model had no price. */
  readonly costNanoUsd: bigint | null;
  readonly providerCostNanoUsd: bigint | null;
  readonly priceId: string | null;
  /** Credits taken without a call; null for calls: their feature says. */
  readonly credits: { readonly type: string; readonly amount: bigint } | null;
}

/** Whether it counts on meters: a call that gave no answer is charged nothing. */
export function isCounted({ status, tokens, costNanoUsd, tokenSource }: ReplayCall): boolean {
  return status === 'success' || tokens.output > 0n || (costNanoUsd ?? 0n) > 0n || tokenSource === 'estimated';
}

/** Whether it was made elsewhere and told of: it counts, and no limit ever refuses it. */
export const isRecorded = ({ route }: ReplayCall): boolean => route === RECORDED_ROUTE;

/** Whether another price would change it: an estimate is a bound and no sum of lines, and what was told with its cost has none. */
export function canReprice(call: ReplayCall): boolean {
  const isGiven = isRecorded(call) && call.priceId === null && call.costNanoUsd !== null;
  return call.credits === null && call.tokenSource !== 'estimated' && !isGiven;
}

/** What it would cost at a price. What was not charged, for it gave no answer or charging was off, costs nothing at any. */
export function repriced(call: ReplayCall, price: Price): bigint | null {
  if (!canReprice(call)) return call.costNanoUsd;
  if (!isCounted(call)) return 0n;
  const wasNotCharged = call.costNanoUsd === 0n && (call.providerCostNanoUsd ?? 0n) > 0n;
  return wasNotCharged ? 0n : costOf(price, call.tokens);
}

/** A correction of a call joined to it: tokens and money of both. */
export function joinCorrection(call: ReplayCall, correction: ReplayCall): ReplayCall {
  const tokens: TokenUse = {
    input: call.tokens.input + correction.tokens.input,
    output: call.tokens.output + correction.tokens.output,
    cachedInput: call.tokens.cachedInput + correction.tokens.cachedInput,
    cacheWrite: call.tokens.cacheWrite + correction.tokens.cacheWrite,
    cacheWrite1h: call.tokens.cacheWrite1h + correction.tokens.cacheWrite1h,
    reasoning: call.tokens.reasoning + correction.tokens.reasoning,
  };
  const sum = (a: bigint | null, b: bigint | null): bigint | null =>
    a === null && b === null ? null : (a ?? 0n) + (b ?? 0n);
  return {
    ...call,
    tokens,
    // The truth has replaced the estimate.
    ...{ status: correction.status, errorCode: correction.errorCode, tokenSource: correction.tokenSource },
    priceId: correction.priceId ?? call.priceId,
    costNanoUsd: sum(call.costNanoUsd, correction.costNanoUsd),
    providerCostNanoUsd: sum(call.providerCostNanoUsd, correction.providerCostNanoUsd),
  };
}

/** A model's price with when it began. */
export interface PriceFrom {
  readonly fromMs: number;
  readonly price: Price;
}

/** A model's prices, the earliest first. */
export type PriceHistory = readonly PriceFrom[];

/** The price of a call's day: the one that the call names, else the one in force then, else, for a model that is younger, its first. */
export function priceOfDay(history: PriceHistory, call: Pick<ReplayCall, 'priceId' | 'atMs'>): Price | null {
  let found: Price | null = null;
  for (const { fromMs, price } of history) {
    if (price.id === call.priceId) return price;
    if (fromMs <= call.atMs || found === null) found = price;
  }
  return found;
}
