// Owns: the exact count of a call's input, for when its upper bound has no room. Not: when it is asked for (reserve.ts, explain.ts).

import type { TokenCounter } from '../../providers/counting/token-counter.ts';
import type { ParsedCall } from '../../providers/protocol.ts';
import type { Caller, Resolution } from '../call.ts';
import { overlayTokensOf } from './decide.ts';
import { tokenizerOf } from './known-usage.ts';

/** Input tokens with what a template adds; null where a count would only be an estimate, which is no ground to let a call past its bound. */
export function countInputExactly(
  counter: TokenCounter,
  call: { readonly caller: Caller; readonly resolution: Resolution; readonly parsed: ParsedCall },
): bigint | null {
  const tokenizer = tokenizerOf(call.caller, call.resolution.model);
  // A fallback counts in its own way: the bound of all of them holds.
  if (!counter.isExact(tokenizer) || call.resolution.model.fallbackModelIds.length > 0) return null;
  return BigInt(counter.countInput(call.parsed, tokenizer) + overlayTokensOf(call.resolution));
}
