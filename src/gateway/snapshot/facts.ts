// Owns: the shape of the facts that calls are decided from: immutable, in memory, stamped with versions. Not: how they are loaded or kept fresh.

import type { Price } from '../../primitives/price.ts';
import type { WireProtocol } from '../../providers/protocol.ts';

/** A provider as the gateway dispatches to it. */
export interface ProviderFacts {
  readonly id: string;
  readonly slug: string;
  /** `endpoint`: not one of the platform's at all, but a template's own (`endpoint-facts.ts`). */
  readonly type: 'openai' | 'anthropic' | 'google' | 'together' | 'custom' | 'sandbox' | 'endpoint';
  readonly protocol: WireProtocol;
  /** Where calls go. No trailing slash; includes the version path (`https://api.openai.com/v1`). */
  readonly baseUrl: string;
  /** Where the vendor itself is; another than `baseUrl` only while the sandbox stands in. An organization's own secret goes there. */
  readonly vendorBaseUrl: string;
  /** The sandbox answers in the vendor's place, because there is no secret for the vendor; always true of the sandbox's own providers. */
  readonly servedBySandbox: boolean;
  readonly status: 'active' | 'inactive' | 'error';
  /** Extra headers from its config (OpenAI's organization and project). */
  readonly headers: Readonly<Record<string, string>>;
  /** The platform's own secret for it, decrypted; null when there is none. Never serialised. */
  readonly secret: string | null;
  readonly timeouts: {
    readonly connectMs: number;
    readonly firstByteMs: number;
    readonly idleMs: number;
    readonly totalMs: number;
  };
}

/** A catalog entry. */
export interface ModelFacts {
  readonly id: string;
  readonly providerId: string;
  readonly providerModelId: string;
  readonly displayName: string;
  readonly modelType: 'llm' | 'vision' | 'embedding' | 'custom';
  readonly tier: 'free' | 'premium';
  readonly status: 'available' | 'beta' | 'deprecated' | 'unavailable';
  readonly enabled: boolean;
  readonly capabilities: ReadonlySet<string>;
  readonly contextWindow: number | null;
  readonly maxOutputTokens: number;
  readonly price: Price | null;
  readonly priceCents: number | null;
  readonly messagesPerDay: bigint | null;
  readonly trialMessages: bigint;
  readonly fallbackModelIds: readonly string[];
  readonly sortOrder: number;
  readonly createdAtMs: number;
  /** From then on no call is sent to it; null: no end is known. */
  readonly retiresAtMs: number | null;
  /** What answers in its place from then on. */
  readonly replacementModelId: string | null;
  /** Where it is called, where that is no provider of the platform: what a template's own endpoint is to the stages. */
  readonly ownProvider?: ProviderFacts;
}

/** An endpoint that a template brings in place of a provider of the platform. */
export interface TemplateEndpointFacts {
  readonly provider: ProviderFacts;
  /** What the endpoint calls its model. */
  readonly model: string;
  /** When the template was made, in milliseconds. */
  readonly createdAtMs: number;
}

/** A configured use of a model. */
export interface TemplateFacts {
  readonly id: number;
  readonly scope: 'system' | 'organization' | 'user';
  readonly organizationId: string | null;
  readonly ownerUserId: string | null;
  readonly slug: string;
  readonly name: string;
  readonly systemMessage: string | null;
  /** The catalog's model. Beside an endpoint it only says what a call is worth; null is only beside one. */
  readonly modelId: string | null;
  readonly endpoint: TemplateEndpointFacts | null;
  readonly maxTokens: number | null;
  /** Parameters that stand where the caller gives none. */
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly businessTypes: ReadonlySet<string>;
  readonly requiredPlan: string | null;
  readonly limitPeriod: 'daily' | 'weekly' | 'monthly' | null;
  readonly limitTokens: bigint | null;
  readonly isFree: boolean;
  readonly isTrial: boolean;
  readonly trialExpiresDays: number | null;
  readonly isActive: boolean;
}

/** A plan. */
export interface PlanFacts {
  readonly slug: string;
  readonly level: number;
  readonly tokenQuotaMonthly: bigint | null;
  readonly canUseCredits: boolean;
  /** Credits of a type each 30 days; null is unlimited. A type that is not named has none. */
  readonly creditAllocations: ReadonlyMap<string, bigint | null>;
}

/** A money limit. */
export interface BudgetFacts {
  readonly id: string;
  readonly name: string;
  readonly scope: 'organization' | 'department' | 'feature' | 'user' | 'key' | 'platform';
  /** The department, feature slug, user or key; null for organization and platform. */
  readonly reference: string | null;
  readonly period: 'daily' | 'weekly' | 'monthly' | 'quarterly';
  /** Of the window that was running when it was read: the amount, with what the window before left, less what was spent before the counter counted. */
  readonly limitNanoUsd: bigint;
  /** Its two parts, for telling of it: the amount with what the window before left, and what was spent before the counter counted. */
  readonly wholeNanoUsd: bigint;
  readonly openingNanoUsd: bigint;
  readonly enforcement: 'hard' | 'soft';
}

/** A limit that was raised for a time; already filtered to what is not revoked. Its times are checked at the call. */
export interface LimitOverrideFacts {
  readonly kind: 'template_limit' | 'organization_quota' | 'budget' | 'daily_messages';
  /** The template's, budget's or model's id as text; empty for the organization's quota. */
  readonly target: string;
  /** The whole limit in the meter's unit; of a budget that of the window that was running when it was read, as `BudgetFacts.limitNanoUsd` is. */
  readonly limit: bigint;
  readonly startsAtMs: number;
  readonly endsAtMs: number | null;
}

/** What the host product calls AI for. */
export interface FeatureFacts {
  readonly id: string;
  readonly name: string;
  readonly status: 'active' | 'inactive' | 'maintenance';
  readonly creditType: string | null;
  readonly creditsPerAction: bigint;
  /** By environment: the model that serves it, and the prompt's system text if any. */
  readonly deployments: ReadonlyMap<
    string,
    {
      readonly modelId: string;
      readonly promptVersionId: string | null;
      readonly systemMessage: string | null;
      readonly parameters: Readonly<Record<string, unknown>>;
    }
  >;
}

/** A character whose model each person may override. */
export interface PersonaFacts {
  readonly id: string;
  readonly slug: string;
  readonly organizationId: string | null;
  readonly systemPrompt: string | null;
  readonly defaultModelId: string | null;
}

/** All that holds for every organization. */
export interface PlatformFacts {
  readonly version: bigint;
  /** By id. */
  readonly providers: ReadonlyMap<string, ProviderFacts>;
  /** By id. */
  readonly models: ReadonlyMap<string, ModelFacts>;
  /** By slug. */
  readonly plans: ReadonlyMap<string, PlanFacts>;
  /** By slug. */
  readonly systemTemplates: ReadonlyMap<string, TemplateFacts>;
  /** By name. */
  readonly features: ReadonlyMap<string, FeatureFacts>;
  /** By slug. */
  readonly personas: ReadonlyMap<string, PersonaFacts>;
  /** Budgets over all organizations: of scope platform, and of a feature everywhere. */
  readonly platformBudgets: readonly BudgetFacts[];
  readonly defaultModelId: string;
  /** Kill switches of `operations.md`; true where nothing is set, but `forceDefaultModel` and `gatewayReadOnly`. */
  readonly switches: {
    readonly systemTemplatesEnabled: boolean;
    readonly premiumEnabled: boolean;
    readonly forceDefaultModel: boolean;
    readonly chargingEnabled: boolean;
    readonly gatewayReadOnly: boolean;
  };
}

/** An organization's switch and limit for a system template. No entry: not enabled for users, the template's own limit. */
export interface TemplateConfigFacts {
  readonly isEnabledForUsers: boolean;
  readonly tokenLimitPerUser: bigint | null;
}

/** A right to a premium model; already filtered to what is not revoked. Expiry is checked at the call. */
export interface EntitlementFacts {
  readonly modelId: string;
  /** Null: the whole organization. */
  readonly userId: string | null;
  readonly source: 'purchase' | 'admin_grant' | 'trial' | 'plan';
  readonly expiresAtMs: number | null;
}

/** A decrypted secret and the only origin that it may be sent to. */
export interface BoundSecret {
  readonly secret: string;
  /** Scheme, host and port. */
  readonly origin: string;
}

/** All that holds for one organization, but its people. */
export interface OrganizationFacts {
  readonly version: bigint;
  readonly id: string;
  readonly slug: string;
  readonly name: string;
  readonly businessType: string | null;
  readonly planSlug: string;
  readonly status: 'active' | 'suspended';
  readonly tokenQuotaMonthly: bigint | null;
  readonly defaultModelId: string | null;
  /** Start of its 30-day credit periods. */
  readonly anniversaryMs: number;
  /** Its own, by slug. */
  readonly templates: ReadonlyMap<string, TemplateFacts>;
  /** By the system template's id. */
  readonly templateConfigs: ReadonlyMap<number, TemplateConfigFacts>;
  readonly organizationEntitlements: readonly EntitlementFacts[];
  readonly budgets: readonly BudgetFacts[];
  /** Of its quota. */
  readonly limitOverrides: readonly LimitOverrideFacts[];
  /** Its own, by slug. */
  readonly personas: ReadonlyMap<string, PersonaFacts>;
  /** Provider id to the organization's own decrypted secret (bring your own key); `provider-choice.ts` puts it to use. Never serialised. */
  readonly providerSecrets: ReadonlyMap<string, BoundSecret>;
}

/** One person in one organization. A banned person is paused until the ban ends. */
export interface MemberFacts {
  readonly userId: string;
  readonly organizationId: string;
  readonly role: 'owner' | 'admin' | 'member';
  readonly status: 'active' | 'paused';
  readonly pausedUntilMs: number | null;
  readonly departmentId: string | null;
  readonly defaultModelId: string | null;
  /** Persona id to model id. */
  readonly personaModelOverrides: ReadonlyMap<string, string>;
  readonly entitlements: readonly EntitlementFacts[];
  /** Templates of scope user ("My Models"), by slug. */
  readonly templates: ReadonlyMap<string, TemplateFacts>;
  /** Of limits of their own. */
  readonly limitOverrides: readonly LimitOverrideFacts[];
}

/** A virtual key, found by its hash. */
export interface KeyFacts {
  readonly id: string;
  readonly organizationId: string;
  /** Null: a service key that is nobody's. */
  readonly userId: string | null;
  /** Where a service key's use is booked; a person's is booked to the person's own department. */
  readonly departmentId: string | null;
  readonly name: string;
  readonly environment: 'live' | 'test';
  readonly allowedModels: ReadonlySet<string> | null;
  readonly allowedTemplates: ReadonlySet<string> | null;
  readonly allowedFeatures: ReadonlySet<string> | null;
  /** Gateway routes (`chat_completions`, …); null allows every one. */
  readonly allowedRoutes: ReadonlySet<string> | null;
  /** CIDR ranges; null allows every address. */
  readonly ipRanges: readonly string[] | null;
  readonly requestsPerMinute: bigint | null;
  readonly tokensPerMinute: bigint | null;
  readonly canActForMembers: boolean;
  readonly expiresAtMs: number | null;
  readonly revokedAtMs: number | null;
  /** After rotation the old key works until then. */
  readonly graceUntilMs: number | null;
  /** Keys that this one was rotated from, one after the other: their budgets are its own. */
  readonly ancestorIds: readonly string[];
}
