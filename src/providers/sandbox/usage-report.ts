// Owns: the usage that an answer reports, truthful or as `usage=…` asks. Not: counting the tokens.

import type { Directives } from './directives.ts';

/** The tokens of a call, as they are. */
export interface TokenUse {
  readonly input: number;
  readonly output: number;
  readonly reasoning: number;
}

/** OpenAI's `usage`; null for `usage=null`, undefined for `no-usage`. */
export function openaiUsage(use: TokenUse, directives: Directives): object | null | undefined {
  const wrong = wrongCount(directives);
  if (wrong === 'missing') return undefined;
  if (wrong === null) return null;
  const cached = Math.min(directives.numbers.cached ?? 0, use.input);
  const report = (count: number): unknown => (wrong === 'right' ? count : wrong);
  return {
    prompt_tokens: report(use.input),
    completion_tokens: report(use.output),
    total_tokens: report(use.input + use.output),
    prompt_tokens_details: { cached_tokens: report(cached), audio_tokens: 0 },
    completion_tokens_details: {
      reasoning_tokens: report(use.reasoning),
      audio_tokens: 0,
      accepted_prediction_tokens: 0,
      rejected_prediction_tokens: 0,
    },
  };
}

/** OpenAI's `usage` of embeddings. */
export function embeddingUsage(inputTokens: number, directives: Directives): object | null | undefined {
  const wrong = wrongCount(directives);
  if (wrong === 'missing') return undefined;
  if (wrong === null) return null;
  const count = wrong === 'right' ? inputTokens : wrong;
  return { prompt_tokens: count, total_tokens: count };
}

/** Anthropic's `usage`: `input_tokens` leaves out what was read from or written to the cache. */
export function anthropicUsage(use: TokenUse, directives: Directives): object | null | undefined {
  const wrong = wrongCount(directives);
  if (wrong === 'missing') return undefined;
  if (wrong === null) return null;
  const cached = Math.min(directives.numbers.cached ?? 0, use.input);
  const written = Math.min(directives.numbers['cache-write'] ?? 0, use.input - cached);
  const report = (count: number): unknown => (wrong === 'right' ? count : wrong);
  return {
    input_tokens: report(use.input - cached - written),
    cache_creation_input_tokens: report(written),
    cache_read_input_tokens: report(cached),
    output_tokens: report(use.output),
    service_tier: 'standard',
  };
}

/** What stands in place of each count: `right` for the count itself, `missing` and null for no usage at all. */
function wrongCount({ words, flags }: Directives): 'right' | 'missing' | null | number | string {
  if (flags.has('no-usage')) return 'missing';
  switch (words.usage) {
    case 'zero':
      return 0;
    case 'negative':
      return -1;
    case 'huge':
      return 1e300;
    case 'fraction':
      return 0.5;
    case 'text':
      return '12';
    case 'null':
      return null;
    default:
      return 'right';
  }
}
