// Owns: the nouns that several kinds of facts hold: templates, personas, budgets, entitlements, raised limits. Not: the facts as a whole.

import type { ReadEndpoint } from './endpoint-facts.ts';
import type { BudgetRow, EntitlementRow, LimitOverrideRow, PersonaRow, TemplateRow } from './fact-rows.ts';
import type { BudgetFacts, EntitlementFacts, LimitOverrideFacts, PersonaFacts, TemplateFacts } from './facts.ts';

/** An amount as the queries write it. */
export function toAmount(text: string): bigint;
export function toAmount(text: string | null): bigint | null;
export function toAmount(text: string | null): bigint | null {
  return text === null ? null : BigInt(text);
}

/** An allow-list; null stays "all". */
export function toSet(values: readonly string[] | null): ReadonlySet<string> | null {
  return values === null ? null : new Set(values);
}

/** Rows by one of their names. */
export function byName<R, F>(
  rows: readonly R[],
  nameOf: (facts: F) => string,
  toFacts: (row: R) => F,
): ReadonlyMap<string, F> {
  return new Map(rows.map((row) => toFacts(row)).map((facts) => [nameOf(facts), facts]));
}

/** Templates by slug. */
export function toTemplates(
  rows: readonly TemplateRow[],
  readEndpoint: ReadEndpoint,
): ReadonlyMap<string, TemplateFacts> {
  return byName(
    rows,
    (template) => template.slug,
    (row) => toTemplateFacts(row, readEndpoint),
  );
}

/** Personas by slug. */
export function toPersonas(rows: readonly PersonaRow[]): ReadonlyMap<string, PersonaFacts> {
  return byName(rows, (persona) => persona.slug, toPersonaFacts);
}

function toTemplateFacts(row: TemplateRow, readEndpoint: ReadEndpoint): TemplateFacts {
  return {
    id: row.id,
    scope: row.scope as TemplateFacts['scope'],
    organizationId: row.organization_id,
    ownerUserId: row.owner_user_id,
    slug: row.slug,
    name: row.name,
    systemMessage: textOrNull(row.system_message),
    modelId: row.model_id,
    endpoint: readEndpoint(row),
    maxTokens: row.max_tokens,
    parameters: Object.freeze(
      row.temperature === null ? row.parameters : { ...row.parameters, temperature: row.temperature },
    ),
    businessTypes: new Set(row.business_types),
    requiredPlan: row.required_plan,
    limitPeriod: row.token_limit_period as TemplateFacts['limitPeriod'],
    limitTokens: toAmount(row.token_limit_amount),
    isFree: row.is_free,
    isTrial: row.is_trial,
    trialExpiresDays: row.trial_expires_days,
    isActive: row.is_active,
  };
}

function toPersonaFacts(row: PersonaRow): PersonaFacts {
  return {
    id: row.id,
    slug: row.slug,
    organizationId: row.organization_id,
    systemPrompt: textOrNull(row.system_prompt),
    defaultModelId: row.default_model_id,
  };
}

export function toBudgetFacts(row: BudgetRow): BudgetFacts {
  return {
    id: row.id,
    name: row.name,
    scope: row.scope as BudgetFacts['scope'],
    reference: row.reference,
    period: row.period as BudgetFacts['period'],
    limitNanoUsd: BigInt(row.limit_nano_usd),
    wholeNanoUsd: BigInt(row.whole_nano_usd),
    openingNanoUsd: BigInt(row.opening_nano_usd),
    enforcement: row.enforcement as BudgetFacts['enforcement'],
  };
}

export function toEntitlementFacts(row: EntitlementRow): EntitlementFacts {
  return {
    modelId: row.model_id,
    userId: row.user_id,
    source: row.source as EntitlementFacts['source'],
    expiresAtMs: row.expires_at_ms,
  };
}

export function toLimitOverrideFacts(row: LimitOverrideRow): LimitOverrideFacts {
  return {
    kind: row.kind as LimitOverrideFacts['kind'],
    target: row.target,
    limit: BigInt(row.limit),
    startsAtMs: row.starts_at_ms,
    endsAtMs: row.ends_at_ms,
  };
}

function textOrNull(text: string): string | null {
  return text === '' ? null : text;
}
