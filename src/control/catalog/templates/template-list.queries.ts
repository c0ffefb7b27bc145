// Owns: lists of system templates as the platform or an organization has them: targeting, filters, order. Row level security asks the same of people; this is the
// second wall, and what narrows a platform person who looks as a member. Not: one template for its keeper (template.queries.ts).

import { type RawBuilder, type SqlBool, sql } from 'kysely';
import type { SystemModelSort } from '../../../contracts/catalog/system-models.ts';
import type { DatabaseTransaction } from '../../../database/pool.ts';
import { selectTemplates, type Template, toTemplate } from './template.queries.ts';

/** For whom: all of the platform's, or what an organization can have, for its admins or as far as it is switched on. */
export interface SystemView {
  /** Null: the platform's own view. */
  readonly organizationId: string | null;
  readonly isAdmin: boolean;
}

/** What an organization's admin set of a system template. No row: off, and the template's own limit. */
export interface TemplateConfig {
  readonly isEnabledForUsers: boolean;
  readonly tokenLimitPerUser: number | null;
}

/** A system template and what the organization of the view set of it; null for the platform's. */
export interface SystemTemplate extends Template {
  readonly config: TemplateConfig | null;
}

/** What narrows a list; absent is no condition. */
export interface SystemFilter {
  readonly business_type?: string | undefined;
  readonly plan?: string | undefined;
  readonly active?: boolean | undefined;
  readonly featured?: boolean | undefined;
  readonly enabled?: boolean | undefined;
  readonly tag?: string | undefined;
  readonly search?: string | undefined;
}

/** Where a list goes on: the value that it is ordered by, as text, and the id. */
export type SystemPlace = readonly [value: string, id: number];

const CREATED = sql<string>`to_char(t.created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;
const ORDERS = {
  order: { by: sql`t.sort_order`, text: sql<string>`t.sort_order::text`, type: sql`integer` },
  name: { by: sql`lower(t.name)`, text: sql<string>`lower(t.name)`, type: sql`text` },
  created: { by: sql`t.created_at`, text: CREATED, type: sql`timestamptz` },
} as const;

/** The condition that a system template fits an organization: offered, for its plan and its business type. */
export function fitsOrganization(organizationId: string): RawBuilder<SqlBool> {
  return sql<SqlBool>`t.is_active and exists (select 1 from weir.organizations o
    join weir.plans mine on mine.slug = o.pricing_plan
    join weir.plans needed on needed.slug = t.required_plan
    where o.id = ${organizationId}::uuid and mine.level >= needed.level
      and (t.business_types = '{}' or o.business_type = any (t.business_types)))`;
}

/** The condition that a template has a text in its name, slug, role or a tag, and one on its tags. */
export function matchesText({
  search,
  tag,
}: {
  readonly search?: string | undefined;
  readonly tag?: string | undefined;
}) {
  const conditions = [
    search !== undefined &&
      sql`position(lower(${search}) in lower(concat_ws(' ', t.name, t.slug, t.role, array_to_string(t.tags, ' ')))) > 0`,
    tag !== undefined && sql`${tag} = any (t.tags)`,
  ].filter((condition) => condition !== false);
  return sql<SqlBool>`${sql.join([sql`true`, ...conditions], sql` and `)}`;
}

function selectSystemTemplates(tx: DatabaseTransaction, { organizationId, isAdmin }: SystemView) {
  const query = selectTemplates(tx)
    .leftJoin('org_system_model_config as c', (join) =>
      join.onRef('c.template_id', '=', 't.id').on(sql<SqlBool>`c.organization_id = ${organizationId}::uuid`),
    )
    .select([sql<boolean>`coalesce(c.is_enabled_for_users, false)`.as('isEnabledForUsers')])
    .select('c.token_limit_per_user as tokenLimitPerUser')
    .where('t.scope', '=', 'system');
  if (organizationId === null) return query;
  const fitting = query.where(fitsOrganization(organizationId));
  return isAdmin ? fitting : fitting.where(sql<SqlBool>`c.is_enabled_for_users`);
}

type SystemRow = Awaited<ReturnType<ReturnType<typeof selectSystemTemplates>['execute']>>[number];

function toSystemTemplate(row: SystemRow, { organizationId }: SystemView): SystemTemplate {
  const { isEnabledForUsers, tokenLimitPerUser } = row;
  const limit = tokenLimitPerUser === null ? null : Number(tokenLimitPerUser);
  return {
    ...toTemplate(row),
    config: organizationId === null ? null : { isEnabledForUsers, tokenLimitPerUser: limit },
  };
}

/** Up to `limit` system templates of a view with the place of each. */
export async function listSystemTemplates(
  tx: DatabaseTransaction,
  view: SystemView,
  list: {
    readonly filter: SystemFilter;
    readonly sort: SystemModelSort;
    readonly limit: number;
    readonly after: SystemPlace | null;
  },
): Promise<(SystemTemplate & { readonly place: SystemPlace })[]> {
  const { filter, limit, after } = list;
  const isDescending = list.sort.startsWith('-');
  const { by, text, type } = ORDERS[list.sort.replace(/^-/, '') as keyof typeof ORDERS];
  const direction = isDescending ? 'desc' : 'asc';
  const query = selectSystemTemplates(tx, view)
    .select(text.as('placeText'))
    .where(matchesText(filter))
    .where(matches(filter))
    .orderBy(by, direction)
    .orderBy('t.id', direction)
    .limit(limit);
  const rows = await (after === null
    ? query
    : query.where(
        sql<SqlBool>`(${by}, t.id) ${isDescending ? sql`<` : sql`>`} (${after[0]}::${type}, ${after[1]}::bigint)`,
      )
  ).execute();
  return rows.map((row) => ({ ...toSystemTemplate(row, view), place: [row.placeText, Number(row.id)] }));
}

function matches({ business_type, plan, active, featured, enabled }: SystemFilter) {
  const conditions = [
    business_type !== undefined && sql`(t.business_types = '{}' or ${business_type} = any (t.business_types))`,
    plan !== undefined && sql`t.required_plan = ${plan}`,
    active !== undefined && sql`t.is_active = ${active}`,
    featured !== undefined && sql`t.is_featured = ${featured}`,
    enabled !== undefined && sql`coalesce(c.is_enabled_for_users, false) = ${enabled}`,
  ].filter((condition) => condition !== false);
  return sql<SqlBool>`${sql.join([sql`true`, ...conditions], sql` and `)}`;
}

/** One system template of a view. */
export async function findSystemTemplate(
  tx: DatabaseTransaction,
  view: SystemView,
  id: number,
): Promise<SystemTemplate | undefined> {
  const row = await selectSystemTemplates(tx, view).where('t.id', '=', BigInt(id)).executeTakeFirst();
  return row === undefined ? undefined : toSystemTemplate(row, view);
}
