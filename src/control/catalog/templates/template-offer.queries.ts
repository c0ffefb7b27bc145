// Owns: the rows of templates that a person may use: the platform's as far as they are switched on, the organization's, their own. Row level security asks the same.
// Not: what is left of them (template-offer.service.ts).

import { type SqlBool, sql } from 'kysely';
import type { ModelTier, TemplateScope } from '../../../contracts/enumerations.ts';
import type { DatabaseTransaction } from '../../../database/pool.ts';
import { selectTemplates, type Template, toTemplate } from './template.queries.ts';
import { fitsOrganization, matchesText } from './template-list.queries.ts';

/** A template as somebody may use it. */
export interface OfferedTemplate {
  readonly template: Template;
  /** The organization's own limit per person on a system template, or what it is raised to for this one. */
  readonly configuredLimit: number | null;
  /** Null where there is none, or it is not in service. */
  readonly model: {
    readonly id: string;
    readonly name: string;
    readonly tier: ModelTier;
    readonly isAvailable: boolean;
  } | null;
  readonly place: OfferPlace;
}

/** Where a list goes on: the platform's first, then the organization's, then one's own, each in their order. */
export type OfferPlace = readonly [rank: number, sortOrder: number, id: number];

/** Who asks. */
export interface OfferedTo {
  readonly organizationId: string;
  readonly userId: string;
}

const RANK = sql<number>`case t.scope when 'system' then 0 when 'organization' then 1 else 2 end`;

function selectOffered(tx: DatabaseTransaction, { organizationId, userId }: OfferedTo) {
  return selectTemplates(tx)
    .leftJoin('org_system_model_config as c', (join) =>
      join.onRef('c.template_id', '=', 't.id').on('c.organization_id', '=', organizationId),
    )
    .leftJoin('models as m', (join) => join.onRef('m.id', '=', 't.model_id').on('m.archived_at', 'is', null))
    .select(RANK.as('rank'))
    .select(
      // A limit that is raised for the person stands where the organization's own would.
      sql<
        bigint | null
      >`nullif(weir.raised_limit(coalesce(c.token_limit_per_user, t.token_limit_amount), ${organizationId}::uuid, ${userId}::uuid,
        'template_limit', t.id::text, now()), case when c.token_limit_per_user is null then t.token_limit_amount end)`.as(
        'configuredLimit',
      ),
    )
    .select(['m.id as modelId', 'm.display_name as modelName', 'm.tier as modelTier', 'm.enabled', 'm.status'])
    .where(
      sql<SqlBool>`case t.scope
        when 'system' then c.is_enabled_for_users and ${fitsOrganization(organizationId)}
        when 'organization' then t.is_active and t.organization_id = ${organizationId}::uuid
        else t.is_active and t.organization_id = ${organizationId}::uuid and t.owner_user_id = ${userId}::uuid end`,
    );
}

type OfferedRow = Awaited<ReturnType<ReturnType<typeof selectOffered>['execute']>>[number];

function toOffered(row: OfferedRow): OfferedTemplate {
  const { modelId: id, modelName: name, modelTier: tier, configuredLimit, rank } = row;
  const isAvailable = row.enabled === true && row.status !== 'unavailable';
  return {
    template: toTemplate(row),
    configuredLimit: configuredLimit === null ? null : Number(configuredLimit),
    model: id === null || name === null || tier === null ? null : { id, name, tier, isAvailable },
    place: [rank, row.sort_order, Number(row.id)],
  };
}

/** Up to `limit` of them. */
export async function listOffered(
  tx: DatabaseTransaction,
  to: OfferedTo,
  list: {
    readonly filter: {
      readonly scope?: TemplateScope | undefined;
      readonly search?: string | undefined;
      readonly tag?: string | undefined;
    };
    readonly limit: number;
    readonly after: OfferPlace | null;
  },
): Promise<OfferedTemplate[]> {
  const { filter, limit, after } = list;
  const query = selectOffered(tx, to)
    .where(matchesText(filter))
    .where(filter.scope === undefined ? sql<SqlBool>`true` : sql<SqlBool>`t.scope = ${filter.scope}`)
    .where(
      after === null
        ? sql<SqlBool>`true`
        : sql<SqlBool>`(${RANK}, t.sort_order, t.id) > (${after[0]}::integer, ${after[1]}::integer, ${after[2]}::bigint)`,
    )
    .orderBy(RANK)
    .orderBy('t.sort_order')
    .orderBy('t.id')
    .limit(limit);
  return (await query.execute()).map(toOffered);
}

/** One of them. */
export async function findOffered(
  tx: DatabaseTransaction,
  to: OfferedTo,
  id: number,
): Promise<OfferedTemplate | undefined> {
  const row = await selectOffered(tx, to).where('t.id', '=', BigInt(id)).executeTakeFirst();
  return row === undefined ? undefined : toOffered(row);
}
