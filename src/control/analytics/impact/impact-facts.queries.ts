// Owns: reading what a replay knows of the catalog and of organizations: templates, plans, models, rights. By the platform's door: admins see no prices or features.
// Not: budgets (impact-budget.queries.ts), or calls (impact-usage.queries.ts).

import { sql } from 'kysely';
import type { EntitlementSource, ModelTier } from '../../../contracts/enumerations.ts';
import type { DatabaseTransaction } from '../../../database/pool.ts';
import { fitsOrganization } from '../../catalog/index.ts';
import { listPrices } from '../price.queries.ts';
import type {
  FeatureCredits,
  ImpactModel,
  ImpactOrganization,
  ImpactPlan,
  ImpactRight,
  ImpactTemplate,
} from './impact-facts.ts';
import type { ImpactHome } from './impact-home.ts';

/** A template that an organization may know: its own, or one of the platform's that fits it; the platform knows all of its own. */
export async function findImpactTemplate(
  tx: DatabaseTransaction,
  { id, organizationId, isPlatform }: Pick<ImpactHome, 'organizationId' | 'isPlatform'> & { readonly id: number },
): Promise<ImpactTemplate | undefined> {
  const mine = organizationId === null ? sql`false` : sql`t.organization_id = ${organizationId}::uuid`;
  const fits = isPlatform || organizationId === null ? sql`true` : fitsOrganization(organizationId);
  const { rows } = await sql<Omit<ImpactTemplate, 'ownLimits'> & { own: Record<string, string> | null }>`
    select t.id::text, t.slug, t.token_limit_amount as "limitTokens", t.token_limit_period as "limitPeriod", t.is_free as "isFree",
        (select jsonb_object_agg(c.organization_id, c.token_limit_per_user::text) from weir.org_system_model_config c
          where c.template_id = t.id and c.token_limit_per_user is not null) as own
      from weir.templates t
     where t.id = ${id} and ((t.scope = 'system' and ${fits}) or (t.scope = 'organization' and ${mine}))`.execute(tx);
  const [row] = rows;
  if (row === undefined) return undefined;
  const { own, ...template } = row;
  return { ...template, ownLimits: new Map(Object.entries(own ?? {}).map(([key, text]) => [key, BigInt(text)])) };
}

/** Templates whose calls count on no quota. */
export async function listFreeTemplates(tx: DatabaseTransaction): Promise<Set<string>> {
  const { rows } = await sql<{ id: string }>`select t.id::text from weir.templates t where t.is_free`.execute(tx);
  return new Set(rows.map(({ id }) => id));
}

/** System templates by the level of the plan that they need. */
export async function listRequiredLevels(tx: DatabaseTransaction): Promise<Map<string, number>> {
  const { rows } = await sql<{ id: string; level: number }>`
    select t.id::text, p.level from weir.templates t join weir.plans p on p.slug = t.required_plan where t.scope = 'system'`.execute(
    tx,
  );
  return new Map(rows.map(({ id, level }) => [id, level]));
}

/** All plans by slug. */
export async function listImpactPlans(tx: DatabaseTransaction): Promise<Map<string, ImpactPlan>> {
  const { rows } = await sql<Omit<ImpactPlan, 'allocations'> & { allotted: Record<string, string | null> | null }>`
    select p.slug, p.level, p.token_quota_monthly as quota, p.monthly_price_nano_usd as "monthlyNanoUsd",
        p.can_use_credits as "canUseCredits",
        (select jsonb_object_agg(a.credit_type, a.amount::text) from weir.plan_credit_allocations a where a.plan_slug = p.slug) as allotted
      from weir.plans p`.execute(tx);
  return new Map(
    rows.map(({ allotted, ...plan }) => {
      const entries = Object.entries(allotted ?? {});
      const allocations = new Map(entries.map(([type, text]) => [type, text === null ? null : BigInt(text)] as const));
      return [plan.slug, { ...plan, allocations }];
    }),
  );
}

/** An organization, or those on a plan without a quota of their own. */
export async function listImpactOrganizations(
  tx: DatabaseTransaction,
  which: { readonly id: string } | { readonly plan: string },
): Promise<ImpactOrganization[]> {
  const mine =
    'id' in which
      ? sql`o.id = ${which.id}::uuid`
      : sql`o.pricing_plan = ${which.plan} and o.token_quota_monthly is null`;
  const { rows } = await sql<ImpactOrganization>`
    select o.id, o.pricing_plan as plan, o.token_quota_monthly as "ownQuota",
        (extract(epoch from date_trunc('milliseconds', o.credit_anchor_at)) * 1000)::float8 as "creditAnchorMs"
      from weir.organizations o where ${mine}`.execute(tx);
  return rows;
}

/** A model with its prices; for an organization one that is enabled or was used by it. */
export async function findImpactModel(
  tx: DatabaseTransaction,
  { id, organizationId }: { readonly id: string; readonly organizationId: string | null },
): Promise<ImpactModel | undefined> {
  const isKnown =
    organizationId === null
      ? sql`true`
      : sql`(m.enabled or exists (select from weir.usage_days u where u.organization_id = ${organizationId}::uuid and u.model_id = m.id))`;
  const { rows } = await sql<Omit<ImpactModel, 'prices'> & { tier: ModelTier }>`
    select m.id, m.tier, m.capabilities, m.context_window as "contextWindow", m.max_output_tokens as "maxOutputTokens",
        m.rate_limit_messages_per_day as "messagesPerDay", m.trial_messages_allowed as "trialMessages"
      from weir.models m where m.id = ${id} and ${isKnown}`.execute(tx);
  const [model] = rows;
  if (model === undefined) return undefined;
  const prices = await listPrices(tx, id);
  return {
    ...model,
    prices: prices.map(({ effectiveFrom, price }) => ({ fromMs: effectiveFrom.getTime(), price })),
  };
}

/** Rights that were not revoked: to a model of anybody, or of an organization and its people to any model. */
export async function listRights(
  tx: DatabaseTransaction,
  { modelId, organizationId }: { readonly modelId: string | null; readonly organizationId: string | null },
): Promise<ImpactRight[]> {
  const ofModel = modelId === null ? sql`true` : sql`e.model_id = ${modelId}`;
  const ofPeople =
    organizationId === null
      ? sql`true`
      : sql`(e.organization_id = ${organizationId}::uuid
          or exists (select from weir.members m where m.user_id = e.user_id and m.organization_id = ${organizationId}::uuid))`;
  const { rows } = await sql<
    Omit<ImpactRight, 'expiresAtMs'> & { source: EntitlementSource; expiresAt: Date | null }
  >`select e.model_id as "modelId", e.user_id as "userId", e.organization_id as "organizationId", e.source, e.expires_at as "expiresAt"
      from weir.entitlements e
     where e.model_id is not null and e.revoked_at is null and (e.expires_at is null or e.expires_at > now())
       and ${ofModel} and ${ofPeople}`.execute(tx);
  return rows.map(({ expiresAt, ...right }) => ({ ...right, expiresAtMs: expiresAt?.getTime() ?? null }));
}

/** Premium models by id, with what may be tried of them. */
export async function listPremiumModels(tx: DatabaseTransaction): Promise<Map<string, bigint>> {
  const { rows } = await sql<{ id: string; trial: bigint }>`
    select m.id, m.trial_messages_allowed as trial from weir.models m where m.tier = 'premium'`.execute(tx);
  return new Map(rows.map(({ id, trial }) => [id, trial]));
}

/** What features cost in credits, by name; free ones are left out. */
export async function listFeatureCredits(tx: DatabaseTransaction): Promise<Map<string, FeatureCredits>> {
  const { rows } = await sql<FeatureCredits & { name: string }>`
    select f.name, f.credit_type as type, f.credits_per_action as amount from weir.features f where f.credit_type is not null`.execute(
    tx,
  );
  return new Map(rows.map(({ name, type, amount }) => [name, { type, amount }]));
}

/** What people and organizations are called. */
export async function findNames(
  tx: DatabaseTransaction,
  { users, organizations }: { readonly users: readonly string[]; readonly organizations: readonly string[] },
): Promise<Map<string, string>> {
  const { rows } = await sql<{ id: string; name: string }>`
    select u.id, u.name from weir.users u where u.id = any (${users}::uuid[])
    union all select o.id, o.name from weir.organizations o where o.id = any (${organizations}::uuid[])`.execute(tx);
  return new Map(rows.map(({ id, name }) => [id, name]));
}
