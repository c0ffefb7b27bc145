// Owns: token counts in OpenAI's shape (API reference, "The chat completion object", `usage`), read and written. Does not own: prices.

import type { ReportedUsage } from '../protocol.ts';
import { isObject, type JsonObject } from '../wire/body-fields.ts';
import { clampUsage, readTokenCount } from '../wire/token-count.ts';

/**
 * Reads a `usage` object; null when it is missing or its counts make no sense. OpenAI's `prompt_tokens` includes cached tokens and
 * `completion_tokens` includes reasoning. Google's and xAI's servers leave reasoning out of `completion_tokens` but not out of
 * `total_tokens` (and bill it), so what the total has beyond the prompt is output.
 */
export function readOpenAiUsage(value: unknown): ReportedUsage | null {
  if (!isObject(value)) return null;
  const input = readTokenCount(value.prompt_tokens);
  if (input === null) return null;
  const said = readTokenCount(value.completion_tokens);
  const total = readTokenCount(value.total_tokens);
  const beyondPrompt = total === null || total < input ? null : total - input;
  const output = said !== null && beyondPrompt !== null && beyondPrompt > said ? beyondPrompt : (said ?? beyondPrompt);
  if (output === null) return null;
  const inputDetails = objectOr(value.prompt_tokens_details);
  const outputDetails = objectOr(value.completion_tokens_details);
  return clampUsage({
    input,
    output,
    // DeepSeek's name and Moonshot's place for the same count stand behind OpenAI's.
    cachedInput: firstCount(inputDetails.cached_tokens, value.prompt_cache_hit_tokens, value.cached_tokens),
    cacheWrite: firstCount(inputDetails.cache_write_tokens),
    cacheWrite1h: 0n,
    reasoning: firstCount(outputDetails.reasoning_tokens, said === null ? undefined : Number(output - said)),
  });
}

/** A `usage` object in OpenAI's shape. */
export function renderOpenAiUsage(usage: ReportedUsage): Record<string, unknown> {
  return {
    prompt_tokens: Number(usage.input),
    completion_tokens: Number(usage.output),
    total_tokens: Number(usage.input + usage.output),
    prompt_tokens_details: { cached_tokens: Number(usage.cachedInput), cache_write_tokens: Number(usage.cacheWrite) },
    completion_tokens_details: { reasoning_tokens: Number(usage.reasoning) },
  };
}

function objectOr(value: unknown): JsonObject {
  return isObject(value) ? value : {};
}

function firstCount(...values: readonly unknown[]): bigint {
  for (const value of values) {
    const count = readTokenCount(value);
    if (count !== null) return count;
  }
  return 0n;
}
