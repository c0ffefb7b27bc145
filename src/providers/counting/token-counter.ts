// Owns: counting tokens of a text or a call for a given model. Not: proven bounds of a call (wire/token-bound.ts) or what providers report.

import type { ParsedCall } from '../protocol.ts';
import { countSandboxTokens } from '../sandbox/tokens.ts';
import { type BoundedCount, countBounded } from './bounded-count.ts';
import { countCallInput } from './call-count.ts';
import { createEncodingLoader, encodingOf, type LoadEncoding } from './encodings.ts';
import { estimateTokens } from './token-estimate.ts';

/** Counts tokens. All of it is synchronous and bounded in time (see `limits.ts`). */
export interface TokenCounter {
  /**
   * Tokens of a text for a provider's model id: exact for OpenAI's and the sandbox's models, an estimate that leans upwards for others.
   * Special tokens in the text are text. Of a very long text the rest counts as its bytes.
   */
  count(text: string, providerModelId: string): number;
  /**
   * Input tokens of a call: texts counted as by `count`, with OpenAI's surroundings of messages. Images, files and tools are taken at their
   * bound, so the result is never above `call.inputTokensBound`. For use where that bound doesn't fit into what is left of a limit.
   */
  countInput(call: ParsedCall, providerModelId: string): number;
  /** Whether `count` is exact for a model. */
  isExact(providerModelId: string): boolean;
  /** Loads the tokenizer of a model now (about 150 ms) instead of at its first count. */
  warmUp(providerModelId: string): void;
}

/** A counter that loads each vocabulary when it is first needed. */
export function createTokenCounter(loadEncoding: LoadEncoding = createEncodingLoader()): TokenCounter {
  const count = (text: string, providerModelId: string, workMax?: number): BoundedCount => {
    if (text === '') return NOTHING;
    if (isSandbox(providerModelId)) return { tokens: countSandboxTokens(text), work: 0 };
    const encoding = encodingOf(providerModelId);
    if (encoding === null) return { tokens: estimateTokens(text), work: 0 };
    return countBounded(text, loadEncoding(encoding), workMax);
  };
  const isExact = (providerModelId: string): boolean =>
    isSandbox(providerModelId) || encodingOf(providerModelId) !== null;
  return {
    count: (text, providerModelId) => count(text, providerModelId).tokens,
    countInput: (call, providerModelId) =>
      countCallInput({
        call,
        providerModelId,
        count: (text, workMax) => count(text, providerModelId, workMax),
        isExact: isExact(providerModelId),
      }),
    isExact,
    warmUp(providerModelId) {
      const encoding = isSandbox(providerModelId) ? null : encodingOf(providerModelId);
      if (encoding !== null) loadEncoding(encoding);
    },
  };
}

const NOTHING: BoundedCount = { tokens: 0, work: 0 };

/** The sandbox answers to any name; its own ones have this prefix. */
function isSandbox(providerModelId: string): boolean {
  return providerModelId.startsWith('sandbox-');
}
