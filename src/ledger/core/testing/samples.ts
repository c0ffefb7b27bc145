// Owns: meters and events for tests, with every field that a test doesn't care about filled in. Not: requests, which need a store's facts.

import type { Meter } from '../meter.ts';
import type { UsageEvent } from '../usage-event.ts';

/** Usage of a call that went well, as the provider reported it. */
export function sampleEvent(organizationId: string, more: Partial<UsageEvent> = {}): UsageEvent {
  return {
    dimensions: {
      organizationId,
      departmentId: null,
      userId: null,
      virtualKeyId: null,
      templateId: null,
      templateSlug: null,
      feature: null,
      environment: 'production',
      personaId: null,
      modelId: 'gpt-4o-mini',
      provider: 'openai',
      modelType: 'catalog',
      promptVersionId: null,
      experimentArm: null,
      priceId: null,
      route: '/v1/chat/completions',
    },
    tokens: { input: 7n, output: 3n, cachedInput: 0n, cacheWrite: 0n, cacheWrite1h: 0n, reasoning: 0n },
    source: 'provider',
    costNanoUsd: 1500n,
    providerCostNanoUsd: 1500n,
    status: 'success',
    errorCode: null,
    streamed: false,
    trial: false,
    retries: 0,
    fallbackUsed: false,
    latencyMs: 12,
    timeToFirstTokenMs: null,
    upstreamRequestId: null,
    tags: null,
    ...more,
  };
}

/** A hard monthly token quota of an organization, unless told otherwise. */
export function sampleMeter(organizationId: string | null, limit: bigint | null, more: Partial<Meter> = {}): Meter {
  return {
    key: `organization:${organizationId}:tokens`,
    kind: 'organization_quota',
    scopeClass: 'organization',
    unit: 'tokens',
    window: { kind: 'month' },
    limit,
    mode: 'hard',
    organizationId,
    label: 'monthly tokens',
    ...more,
  };
}
