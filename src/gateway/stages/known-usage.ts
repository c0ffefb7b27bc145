// Owns: the tokens of a call, as its provider reported them or, where it did not, counted from the text and marked so.
// Not: counting itself (providers/counting).

import type { TokenCounts, UsageSource } from '../../ledger/core/usage-event.ts';
import type { TokenCounter } from '../../providers/counting/token-counter.ts';
import type { ParsedCall, ReportedUsage } from '../../providers/protocol.ts';
import type { AdmittedCall, Caller } from '../call.ts';
import { OWN_ENDPOINT } from '../snapshot/endpoint-facts.ts';
import type { ModelFacts } from '../snapshot/facts.ts';
import { overlayTokensOf } from './decide.ts';

/**
 * The name that a model's tokens are counted under: the sandbox counts in its own way, whomever it stands in for, and what a tenant calls a model proves
 * nothing of how it counts.
 */
export function tokenizerOf({ platform }: Pick<Caller, 'platform'>, model: ModelFacts): string {
  if (model.ownProvider !== undefined) return OWN_ENDPOINT;
  return platform.providers.get(model.providerId)?.servedBySandbox ? SANDBOX_TOKENIZER : model.providerModelId;
}

const SANDBOX_TOKENIZER = 'sandbox-chat';

/** What is known of a call's tokens. */
export interface KnownUsage {
  readonly tokens: TokenCounts;
  readonly source: UsageSource;
}

/** A call whose tokens may have to be counted. */
export interface CountedCall {
  readonly parsed: ParsedCall;
  readonly tokenizer: string;
  /** An upper bound of what a template added to the input. */
  readonly overlayTokens: number;
}

/** The input of a call, counted: what the caller sent and what a template added. */
export function countedInput(counter: TokenCounter, { parsed, tokenizer, overlayTokens }: CountedCall): bigint {
  return BigInt(counter.countInput(parsed, tokenizer) + overlayTokens);
}

/** A call as it is counted for the model that served it. */
export function countedCall({ caller, parsed, admission }: AdmittedCall, model: ModelFacts): CountedCall {
  return { parsed, tokenizer: tokenizerOf(caller, model), overlayTokens: overlayTokensOf(admission.resolution) };
}

/** What was seen of an answer. */
export interface SeenAnswer {
  readonly reported: ReportedUsage | null;
  /** The provider said that it was done; after a cut its report may lack the output. */
  readonly isComplete: boolean;
  readonly outputText: () => string;
}

/**
 * The provider's report where it is whole (an explicit 0 stays 0). A stream that was cut off has often reported its input only: then the
 * larger of report and count holds for the output. Without a report both are counted.
 */
export function knownUsage(counter: TokenCounter, call: CountedCall, seen: SeenAnswer): KnownUsage {
  const { reported, isComplete } = seen;
  if (reported && isComplete) return { tokens: reported, source: 'provider' };
  const output = BigInt(counter.count(seen.outputText(), call.tokenizer));
  if (reported)
    return { tokens: { ...reported, output: output > reported.output ? output : reported.output }, source: 'counted' };
  const input = countedInput(counter, call);
  return {
    tokens: { input, output, cachedInput: 0n, cacheWrite: 0n, cacheWrite1h: 0n, reasoning: 0n },
    source: 'counted',
  };
}
