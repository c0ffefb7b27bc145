// Owns: what hangs on a model: defaults, overrides, rights, templates, personas, deployments, fallbacks. Not: how much it was used (model-use.queries.ts).

import { sql } from 'kysely';
import type { Environment, TemplateScope } from '../../../contracts/enumerations.ts';
import type { DatabaseTransaction } from '../../../database/pool.ts';

/** How many of each. */
export interface DependantCounts {
  readonly isSystemDefault: boolean;
  readonly peopleByDefault: number;
  readonly peopleByOverride: number;
  readonly entitledPeople: number;
  readonly organizationsByDefault: number;
  readonly entitledOrganizations: number;
  readonly templates: number;
  readonly personas: number;
  readonly deployments: number;
  readonly fallbackOf: number;
}

/** A template of the model. */
export interface DependantTemplate {
  readonly id: bigint;
  readonly slug: string;
  readonly name: string;
  readonly scope: TemplateScope;
  readonly organizationId: string | null;
  readonly isActive: boolean;
}

/** A feature that the model serves in an environment. */
export interface DependantDeployment {
  readonly id: string;
  readonly feature: string;
  readonly environment: Environment;
}

const isOpen = sql`e.revoked_at is null and (e.expires_at is null or e.expires_at > now())`;
/** Rights to the model itself and to products of it. */
const rightsTo = (modelId: string) => sql`weir.entitlements e left join weir.products p on p.id = e.product_id
  where coalesce(e.model_id, p.model_id) = ${modelId} and ${isOpen}`;

/** Counts of all, in one query. */
export async function countDependants(tx: DatabaseTransaction, modelId: string): Promise<DependantCounts> {
  const { rows } = await sql<DependantCounts>`select
    m.is_system_default as "isSystemDefault",
    (select count(*)::integer from weir.profiles r where r.default_model_id = m.id) as "peopleByDefault",
    (select count(*)::integer from weir.profiles r where jsonb_path_exists(r.persona_model_overrides, '$.* ? (@ == $id)',
      jsonb_build_object('id', m.id))) as "peopleByOverride",
    (select count(distinct e.user_id)::integer from ${rightsTo(modelId)}) as "entitledPeople",
    (select count(*)::integer from weir.organizations o where o.default_model_id = m.id) as "organizationsByDefault",
    (select count(distinct e.organization_id)::integer from ${rightsTo(modelId)}) as "entitledOrganizations",
    (select count(*)::integer from weir.templates t where t.model_id = m.id) as templates,
    (select count(*)::integer from weir.personas s where s.default_model_id = m.id) as personas,
    (select count(*)::integer from weir.deployments d where d.model_id = m.id and d.is_active) as deployments,
    (select count(*)::integer from weir.models f where m.id = any (f.fallback_model_ids) and f.archived_at is null) as "fallbackOf"
    from weir.models m where m.id = ${modelId}`.execute(tx);
  const [row] = rows;
  if (row === undefined) throw new Error('the model that hangs together was there a moment ago');
  return row;
}

/** Templates of the model, active ones first. */
export async function listTemplates(
  tx: DatabaseTransaction,
  modelId: string,
  limit: number,
): Promise<DependantTemplate[]> {
  return tx
    .selectFrom('templates')
    .select(['id', 'slug', 'name', 'scope', 'organization_id as organizationId', 'is_active as isActive'])
    .where('model_id', '=', modelId)
    .orderBy('is_active', 'desc')
    .orderBy('id')
    .limit(limit)
    .execute();
}

/** Personas whose own default it is. */
export async function listPersonas(
  tx: DatabaseTransaction,
  modelId: string,
  limit: number,
): Promise<{ readonly id: string; readonly slug: string; readonly name: string }[]> {
  return tx
    .selectFrom('personas')
    .select(['id', 'slug', 'name'])
    .where('default_model_id', '=', modelId)
    .orderBy('slug')
    .orderBy('id')
    .limit(limit)
    .execute();
}

/** Active deployments of it. */
export async function listDeployments(
  tx: DatabaseTransaction,
  modelId: string,
  limit: number,
): Promise<DependantDeployment[]> {
  return tx
    .selectFrom('deployments as d')
    .innerJoin('features as f', 'f.id', 'd.feature_id')
    .select(['d.id', 'f.name as feature', 'd.environment'])
    .where('d.model_id', '=', modelId)
    .where('d.is_active', '=', true)
    .orderBy('f.name')
    .orderBy('d.environment')
    .limit(limit)
    .execute();
}

/** Whether it ever served a feature: that history stays. */
export async function wasDeployed(tx: DatabaseTransaction, modelId: string): Promise<boolean> {
  const row = await tx
    .selectFrom('deployments')
    .select('id')
    .where('model_id', '=', modelId)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

/** Whether it was ever sold: purchases name its products. */
export async function wasSold(tx: DatabaseTransaction, modelId: string): Promise<boolean> {
  const row = await tx
    .selectFrom('purchases as b')
    .innerJoin('products as p', 'p.id', 'b.product_id')
    .select('b.id')
    .where('p.model_id', '=', modelId)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

/** Organizations whose default it is. */
export async function listOrganizationsByDefault(
  tx: DatabaseTransaction,
  modelId: string,
  limit: number,
): Promise<{ readonly id: string; readonly name: string; readonly slug: string }[]> {
  return tx
    .selectFrom('organizations')
    .select(['id', 'name', 'slug'])
    .where('default_model_id', '=', modelId)
    .orderBy('slug')
    .limit(limit)
    .execute();
}

/** Models that fall back to it. */
export async function listFallbackOf(tx: DatabaseTransaction, modelId: string, limit: number): Promise<string[]> {
  const rows = await tx
    .selectFrom('models')
    .select('id')
    .where(sql<boolean>`${modelId} = any (fallback_model_ids)`)
    .where('archived_at', 'is', null)
    .orderBy('id')
    .limit(limit)
    .execute();
  return rows.map((row) => row.id);
}
