// Owns: facts for tests of the pure parts, with every field that a test does not care about filled in. Not: facts of a database (gateway-world.ts).

import type { Caller, Resolution } from '../call.ts';
import type {
  BudgetFacts,
  FeatureFacts,
  KeyFacts,
  MemberFacts,
  ModelFacts,
  OrganizationFacts,
  PlatformFacts,
  TemplateFacts,
} from '../snapshot/facts.ts';

/** The instant that the samples are of. */
export const NOON = Date.UTC(2026, 1, 17, 12);

/** A free model with a price. */
export function sampleModel(more: Partial<ModelFacts> = {}): ModelFacts {
  return {
    id: 'sample',
    providerId: 'provider-1',
    providerModelId: 'sample',
    displayName: 'Sample',
    modelType: 'llm',
    tier: 'free',
    status: 'available',
    enabled: true,
    capabilities: new Set(['chat']),
    contextWindow: 128_000,
    maxOutputTokens: 4096,
    price: {
      id: 'price-1',
      input: 1_000_000n,
      output: 4_000_000n,
      cachedInput: null,
      cacheWrite: null,
      cacheWrite1h: null,
      reasoning: null,
      perRequest: 0n,
      longContext: null,
    },
    priceCents: null,
    messagesPerDay: null,
    trialMessages: 0n,
    fallbackModelIds: [],
    sortOrder: 0,
    createdAtMs: 0,
    retiresAtMs: null,
    replacementModelId: null,
    ...more,
  };
}

/** An active system template without a limit. */
export function sampleTemplate(more: Partial<TemplateFacts> = {}): TemplateFacts {
  return {
    id: 7,
    scope: 'system',
    organizationId: null,
    ownerUserId: null,
    slug: 'writer',
    name: 'Writer',
    systemMessage: null,
    modelId: 'sample',
    endpoint: null,
    maxTokens: null,
    parameters: {},
    businessTypes: new Set(),
    requiredPlan: null,
    limitPeriod: null,
    limitTokens: null,
    isFree: false,
    isTrial: false,
    trialExpiresDays: null,
    isActive: true,
    ...more,
  };
}

/** An active feature that costs nothing. */
export function sampleFeature(more: Partial<FeatureFacts> = {}): FeatureFacts {
  return {
    id: 'feature-1',
    name: 'goals',
    status: 'active',
    creditType: null,
    creditsPerAction: 0n,
    deployments: new Map(),
    ...more,
  };
}

/** A hard monthly budget of the organization. */
export function sampleBudget(more: Partial<BudgetFacts> = {}): BudgetFacts {
  return {
    id: 'budget-1',
    name: 'Budget',
    scope: 'organization',
    reference: null,
    period: 'monthly',
    limitNanoUsd: 1000n,
    wholeNanoUsd: 1000n,
    openingNanoUsd: 0n,
    enforcement: 'hard',
    ...more,
  };
}

/** The model itself, called by its name. */
export function sampleResolution(more: Partial<Resolution> = {}): Resolution {
  return {
    model: sampleModel(),
    template: null,
    feature: null,
    persona: null,
    promptVersionId: null,
    modelType: 'catalog',
    overlay: null,
    fallback: null,
    ...more,
  };
}

/** What differs of a caller. */
export interface CallerParts {
  /** Null: a person without a key. */
  readonly key?: Partial<KeyFacts> | null;
  readonly member?: Partial<MemberFacts> | null;
  readonly organization?: Partial<OrganizationFacts>;
  readonly platform?: Partial<PlatformFacts>;
  readonly switches?: Partial<PlatformFacts['switches']>;
}

/** A member of an active organization on plan pro, with a key without limits. */
export function sampleCaller(parts: CallerParts = {}): Caller {
  return {
    key: parts.key === null ? null : { ...SAMPLE_KEY, ...parts.key },
    platform: {
      ...SAMPLE_PLATFORM,
      ...parts.platform,
      switches: { ...SAMPLE_PLATFORM.switches, ...parts.switches },
    },
    organization: { ...SAMPLE_ORGANIZATION, ...parts.organization },
    member: parts.member === null ? null : { ...SAMPLE_MEMBER, ...parts.member },
  };
}

const SAMPLE_KEY: KeyFacts = {
  id: 'key-1',
  organizationId: 'organization-1',
  userId: 'user-1',
  departmentId: null,
  name: 'Key',
  environment: 'live',
  allowedModels: null,
  allowedTemplates: null,
  allowedFeatures: null,
  allowedRoutes: null,
  ipRanges: null,
  requestsPerMinute: null,
  tokensPerMinute: null,
  canActForMembers: false,
  expiresAtMs: null,
  revokedAtMs: null,
  graceUntilMs: null,
  ancestorIds: [],
};

const SAMPLE_MEMBER: MemberFacts = {
  userId: 'user-1',
  organizationId: 'organization-1',
  role: 'member',
  status: 'active',
  pausedUntilMs: null,
  departmentId: null,
  defaultModelId: null,
  personaModelOverrides: new Map(),
  entitlements: [],
  templates: new Map(),
  limitOverrides: [],
};

const SAMPLE_ORGANIZATION: OrganizationFacts = {
  version: 1n,
  id: 'organization-1',
  slug: 'acme',
  name: 'Acme',
  businessType: 'software',
  planSlug: 'pro',
  status: 'active',
  tokenQuotaMonthly: null,
  defaultModelId: null,
  anniversaryMs: 0,
  templates: new Map(),
  templateConfigs: new Map(),
  organizationEntitlements: [],
  budgets: [],
  limitOverrides: [],
  personas: new Map(),
  providerSecrets: new Map(),
};

const plan = (slug: string, level: number, more: object = {}) =>
  [
    slug,
    { slug, level, tokenQuotaMonthly: 10_000n, canUseCredits: false, creditAllocations: new Map(), ...more },
  ] as const;

const SAMPLE_PLATFORM: PlatformFacts = {
  version: 1n,
  providers: new Map(),
  models: new Map([['sample', sampleModel()]]),
  plans: new Map([
    plan('free', 0),
    plan('pro', 2, { canUseCredits: true, creditAllocations: new Map([['goals', 20n]]) }),
    plan('enterprise', 3, { canUseCredits: true, creditAllocations: new Map([['goals', null]]) }),
  ]),
  systemTemplates: new Map(),
  features: new Map(),
  personas: new Map(),
  platformBudgets: [],
  defaultModelId: 'sample',
  switches: {
    systemTemplatesEnabled: true,
    premiumEnabled: true,
    forceDefaultModel: false,
    chargingEnabled: true,
    gatewayReadOnly: false,
  },
};
