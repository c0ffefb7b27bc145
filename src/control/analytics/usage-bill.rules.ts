// Owns: how the cost of one call came about. Pure. Not: the arithmetic of prices (primitives/price.ts), or reading either.

import { type BillLine, billOf } from '../../primitives/price.ts';
import type { DatedPrice } from './price.queries.ts';
import type { UsageEventRow } from './usage-event.queries.ts';

/** Route of a call that Weir did not make itself. */
export const RECORDED_ROUTE = 'recorded';

/** The bill of a call. Money in nano-US-dollars. */
export interface UsageBill {
  readonly outcome: 'charged' | 'not_charged' | 'estimated' | 'given' | 'unpriced';
  readonly costNanoUsd: bigint | null;
  readonly dated: DatedPrice | null;
  readonly isLongContext: boolean;
  readonly lines: readonly BillLine[];
  /** Null: there is nothing to add up. */
  readonly linesTotal: bigint | null;
}

/** Explains what a call cost: what its tokens come to at the price it names, and what was charged of it. */
export function explainBill(event: UsageEventRow, dated: DatedPrice | null): UsageBill {
  const { costNanoUsd } = event;
  const nothing = { costNanoUsd, dated, isLongContext: false, lines: [], linesTotal: null };
  if (dated === null) {
    if (costNanoUsd === null) return { ...nothing, outcome: 'unpriced' };
    if (event.route === RECORDED_ROUTE && event.priceId === null) return { ...nothing, outcome: 'given' };
    return { ...nothing, outcome: costNanoUsd === 0n ? 'not_charged' : 'estimated' };
  }
  // What a hold had set aside is a bound, not a sum of lines.
  if (event.tokenSource === 'estimated') return { ...nothing, outcome: 'estimated' };
  const { lines, total, isLongContext } = billOf(dated.price, {
    input: event.inputTokens,
    output: event.outputTokens,
    cachedInput: event.cachedInputTokens,
    cacheWrite: event.cacheWriteTokens,
    cacheWrite1h: event.cacheWrite1hTokens,
    reasoning: event.reasoningTokens,
  });
  const outcome = costNanoUsd === total ? 'charged' : 'not_charged';
  return { outcome, costNanoUsd, dated, isLongContext, lines, linesTotal: total };
}
