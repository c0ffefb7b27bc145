// Owns: the immutable record of one call's outcome, as the ledger books it. Not: roll-ups or the tables they live in.

import type { TokenUse } from '../../primitives/price.ts';

/** How a call ended. */
export type UsageStatus = 'success' | 'error' | 'timeout' | 'cancelled' | 'denied';

/** How the token counts are known: the provider said so, counted from text seen, or taken from the hold. */
export type UsageSource = 'provider' | 'counted' | 'estimated';

/** Who and what the call was about: the same for every call of one key, model and purpose. Names are kept as they were at the call. */
export interface UsageDimensions {
  readonly organizationId: string;
  readonly departmentId: string | null;
  readonly userId: string | null;
  readonly virtualKeyId: string | null;
  readonly templateId: number | null;
  readonly templateSlug: string | null;
  readonly feature: string | null;
  readonly environment: string;
  readonly personaId: string | null;
  readonly modelId: string;
  readonly provider: string;
  readonly modelType: 'system' | 'org_default' | 'user' | 'catalog';
  readonly promptVersionId: string | null;
  readonly experimentArm: string | null;
  readonly priceId: string | null;
  readonly route: string;
}

/** Token counts. What is part of what follows OpenTelemetry GenAI. */
export type TokenCounts = TokenUse;

/** No tokens at all. */
export const NO_TOKENS: TokenCounts = {
  input: 0n,
  output: 0n,
  cachedInput: 0n,
  cacheWrite: 0n,
  cacheWrite1h: 0n,
  reasoning: 0n,
};

/** The record of one call's outcome. Never a key, never text. */
export interface UsageEvent {
  readonly dimensions: UsageDimensions;
  readonly tokens: TokenCounts;
  readonly source: UsageSource;
  /** What the customer is charged; null when no price is known (an alert fires). */
  readonly costNanoUsd: bigint | null;
  /** What the provider bills the platform; differs where a failed call is charged nothing. */
  readonly providerCostNanoUsd: bigint | null;
  readonly status: UsageStatus;
  readonly errorCode: string | null;
  readonly streamed: boolean;
  readonly trial: boolean;
  readonly retries: number;
  readonly fallbackUsed: boolean;
  readonly latencyMs: number | null;
  readonly timeToFirstTokenMs: number | null;
  readonly upstreamRequestId: string | null;
  readonly tags: Readonly<Record<string, string>> | null;
}
