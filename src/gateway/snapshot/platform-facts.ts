// Owns: from rows to what holds for every organization. Not: the SQL (snapshot-queries.ts), providers' secrets (provider-facts.ts).

import type { Price } from '../../primitives/price.ts';
import type { ReadEndpoint } from './endpoint-facts.ts';
import { byName, toAmount, toBudgetFacts, toPersonas, toTemplates } from './fact-mappers.ts';
import type { DeploymentRow, FeatureRow, ModelRow, PlanRow, PlatformRow, PriceRow } from './fact-rows.ts';
import type { FeatureFacts, ModelFacts, PlanFacts, PlatformFacts } from './facts.ts';
import { DEFAULT_MAX_OUTPUT_TOKENS } from './limits.ts';
import { type ProviderEnvironment, toProviderFacts } from './provider-facts.ts';
import type { OpenCredential } from './provider-secrets.ts';

/** The system default where no model is marked as it (`domain.md`, models). */
const DEFAULT_MODEL_ID = 'gpt-4o-mini';

/** What holds for every organization. */
export function toPlatformFacts(
  row: PlatformRow,
  environment: ProviderEnvironment,
  { openCredential, readEndpoint }: { readonly openCredential: OpenCredential; readonly readEndpoint: ReadEndpoint },
): PlatformFacts {
  return {
    version: BigInt(row.version),
    providers: byName(
      row.providers,
      (provider) => provider.id,
      (provider) => toProviderFacts(provider, environment, openCredential),
    ),
    models: byName(row.models, (model) => model.id, toModelFacts),
    plans: byName(row.plans, (plan) => plan.slug, toPlanFacts),
    systemTemplates: toTemplates(row.templates, readEndpoint),
    features: byName(row.features, (feature) => feature.name, toFeatureFacts),
    personas: toPersonas(row.personas),
    platformBudgets: row.budgets.map(toBudgetFacts),
    defaultModelId: row.models.find((model) => model.is_system_default)?.id ?? DEFAULT_MODEL_ID,
    switches: toSwitches(row.config),
  };
}

/** Only the very value that turns a switch does: a damaged setting leaves calls as they are. */
function toSwitches(config: Readonly<Record<string, unknown>>): PlatformFacts['switches'] {
  const setting = (key: string): unknown => (Object.hasOwn(config, key) ? config[key] : undefined);
  return {
    systemTemplatesEnabled: setting('system_templates_enabled') !== false,
    premiumEnabled: setting('premium_enabled') !== false,
    forceDefaultModel: setting('force_default_model') === true,
    chargingEnabled: setting('charging_enabled') !== false,
    gatewayReadOnly: setting('gateway_read_only') === true,
  };
}

function toModelFacts(row: ModelRow): ModelFacts {
  return {
    id: row.id,
    providerId: row.provider_id,
    providerModelId: row.provider_model_id,
    displayName: row.display_name,
    modelType: row.model_type as ModelFacts['modelType'],
    tier: row.tier as ModelFacts['tier'],
    status: row.status as ModelFacts['status'],
    enabled: row.enabled,
    capabilities: new Set(row.capabilities),
    contextWindow: row.context_window,
    maxOutputTokens: row.max_output_tokens ?? DEFAULT_MAX_OUTPUT_TOKENS,
    price: row.price === null ? null : toPrice(row.price),
    priceCents: row.price_cents,
    messagesPerDay: toAmount(row.messages_per_day),
    trialMessages: BigInt(row.trial_messages),
    fallbackModelIds: row.fallback_model_ids,
    sortOrder: row.sort_order,
    createdAtMs: row.created_at_ms,
    retiresAtMs: row.retires_at_ms,
    replacementModelId: row.replacement_model_id,
  };
}

function toPrice(row: PriceRow): Price {
  return {
    id: row.id,
    input: BigInt(row.input),
    output: BigInt(row.output),
    cachedInput: toAmount(row.cached_input),
    cacheWrite: toAmount(row.cache_write),
    cacheWrite1h: toAmount(row.cache_write_1h),
    reasoning: toAmount(row.reasoning),
    perRequest: BigInt(row.per_request),
    longContext: toLongContext(row),
  };
}

/** The table refuses a step without its input and output price; where one were missing all the same, the price has no step. */
function toLongContext(row: PriceRow): Price['longContext'] {
  const { long_above: above, long_input: input, long_output: output } = row;
  if (above === null || input === null || output === null) return null;
  return {
    aboveTokens: BigInt(above),
    input: BigInt(input),
    output: BigInt(output),
    cachedInput: toAmount(row.long_cached_input),
    cacheWrite: toAmount(row.long_cache_write),
    cacheWrite1h: toAmount(row.long_cache_write_1h),
    // No vendor prices reasoning apart past the step: it costs as output there.
    reasoning: null,
  };
}

function toPlanFacts(row: PlanRow): PlanFacts {
  return {
    slug: row.slug,
    level: row.level,
    tokenQuotaMonthly: toAmount(row.token_quota_monthly),
    canUseCredits: row.can_use_credits,
    creditAllocations: new Map(Object.entries(row.allocations).map(([type, amount]) => [type, toAmount(amount)])),
  };
}

function toFeatureFacts(row: FeatureRow): FeatureFacts {
  return {
    id: row.id,
    name: row.name,
    status: row.status as FeatureFacts['status'],
    creditType: row.credit_type,
    creditsPerAction: toAmount(row.credits_per_action) ?? 0n,
    deployments: new Map(row.deployments.map((deployment) => [deployment.environment, toDeployment(deployment)])),
  };
}

function toDeployment(row: DeploymentRow) {
  return {
    modelId: row.model_id,
    promptVersionId: row.prompt_version_id,
    systemMessage: systemTextOf(row),
    parameters: Object.freeze({ ...row.parameters, ...row.config_overrides }),
  };
}

/** The system part of a prompt: a text prompt as it is, of a chat prompt the system messages. Null where there is none. */
function systemTextOf({ content_type, content }: DeploymentRow): string | null {
  if (content_type === 'text' && typeof content === 'string') return content === '' ? null : content;
  if (content_type !== 'chat' || !Array.isArray(content)) return null;
  const messages = content as readonly { role?: unknown; content?: unknown }[];
  const texts = messages.flatMap((message) =>
    message.role === 'system' && typeof message.content === 'string' ? [message.content] : [],
  );
  return texts.length === 0 ? null : texts.join('\n\n');
}
