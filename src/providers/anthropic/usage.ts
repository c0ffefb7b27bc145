// Owns: token counts in Anthropic's shape (API reference, "Messages", `usage`), read in pieces and written. Does not own: prices.

import type { ReportedUsage } from '../protocol.ts';
import { isObject } from '../wire/body-fields.ts';
import { clampUsage, readTokenCount } from '../wire/token-count.ts';

/** Counts as Anthropic sends them: `input` without cached and written tokens, which come apart. Null is not reported so far. */
export interface AnthropicCounts {
  readonly input: bigint | null;
  readonly cacheRead: bigint | null;
  readonly cacheWrite: bigint | null;
  /** The part of `cacheWrite` that lasts an hour; reported with the start of a stream only. */
  readonly cacheWrite1h: bigint | null;
  readonly output: bigint | null;
  readonly thinking: bigint | null;
}

/** Nothing reported. */
export const NO_COUNTS: AnthropicCounts = {
  input: null,
  cacheRead: null,
  cacheWrite: null,
  cacheWrite1h: null,
  output: null,
  thinking: null,
};

/** Takes a `usage` object into what came before. Counts are cumulative: a later one replaces an earlier one, a missing or senseless one does not. */
export function mergeAnthropicCounts(before: AnthropicCounts, usage: unknown): AnthropicCounts {
  if (!isObject(usage)) return before;
  const details = usage.output_tokens_details;
  const written = isObject(usage.cache_creation) ? usage.cache_creation : {};
  const cacheWrite1h = readTokenCount(written.ephemeral_1h_input_tokens);
  return {
    input: readTokenCount(usage.input_tokens) ?? before.input,
    cacheRead: readTokenCount(usage.cache_read_input_tokens) ?? before.cacheRead,
    cacheWrite:
      readTokenCount(usage.cache_creation_input_tokens) ??
      sumOrNull(readTokenCount(written.ephemeral_5m_input_tokens), cacheWrite1h) ??
      before.cacheWrite,
    cacheWrite1h: cacheWrite1h ?? before.cacheWrite1h,
    output: readTokenCount(usage.output_tokens) ?? before.output,
    thinking: (isObject(details) ? readTokenCount(details.thinking_tokens) : null) ?? before.thinking,
  };
}

/** The counts in Weir's form: `input` includes cached and written tokens. Null unless both input and output are reported. */
export function usageOfCounts(counts: AnthropicCounts): ReportedUsage | null {
  if (counts.input === null || counts.output === null) return null;
  const cachedInput = counts.cacheRead ?? 0n;
  const cacheWrite = counts.cacheWrite ?? 0n;
  return clampUsage({
    input: counts.input + cachedInput + cacheWrite,
    output: counts.output,
    cachedInput,
    cacheWrite,
    cacheWrite1h: counts.cacheWrite1h ?? 0n,
    reasoning: counts.thinking ?? 0n,
  });
}

/** Reads the `usage` of a whole answer; null when it is missing or its counts make no sense. */
export function readAnthropicUsage(value: unknown): ReportedUsage | null {
  return usageOfCounts(mergeAnthropicCounts(NO_COUNTS, value));
}

/** A `usage` object in Anthropic's shape. */
export function renderAnthropicUsage(usage: ReportedUsage): Record<string, unknown> {
  return {
    input_tokens: Number(usage.input - usage.cachedInput - usage.cacheWrite),
    cache_creation_input_tokens: Number(usage.cacheWrite),
    ...(usage.cacheWrite1h === 0n ? {} : { cache_creation: renderCacheCreation(usage) }),
    cache_read_input_tokens: Number(usage.cachedInput),
    output_tokens: Number(usage.output),
    output_tokens_details: { thinking_tokens: Number(usage.reasoning) },
  };
}

function renderCacheCreation({ cacheWrite, cacheWrite1h }: ReportedUsage): Record<string, number> {
  return {
    ephemeral_5m_input_tokens: Number(cacheWrite - cacheWrite1h),
    ephemeral_1h_input_tokens: Number(cacheWrite1h),
  };
}

/** Null when neither is known. */
function sumOrNull(a: bigint | null, b: bigint | null): bigint | null {
  return a === null && b === null ? null : (a ?? 0n) + (b ?? 0n);
}
