// Owns: token counts in the shape of a response (API reference, "The response object", `usage`). Does not own: reading them; a chat reports them.

import type { ReportedUsage } from '../protocol.ts';

/** A `usage` object. The field is not optional: where the provider reported nothing, zeros stand in it. */
export function renderResponseUsage(usage: ReportedUsage | null): Record<string, unknown> {
  return {
    input_tokens: Number(usage?.input ?? 0n),
    input_tokens_details: {
      cached_tokens: Number(usage?.cachedInput ?? 0n),
      cache_write_tokens: Number(usage?.cacheWrite ?? 0n),
    },
    output_tokens: Number(usage?.output ?? 0n),
    output_tokens_details: { reasoning_tokens: Number(usage?.reasoning ?? 0n) },
    total_tokens: Number((usage?.input ?? 0n) + (usage?.output ?? 0n)),
  };
}
