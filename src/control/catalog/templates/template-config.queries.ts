// Owns: the rows of what organizations set of system templates, and whom that concerns. Not: the templates (template-list.queries.ts).

import { sql } from 'kysely';
import type { DatabaseTransaction } from '../../../database/pool.ts';

/** An organization and one of its system templates. */
export interface ConfigKey {
  readonly organizationId: string;
  readonly templateId: number;
}

/** Members whom a template's switch concerns: admins may use it in any case. */
export async function countMembers(tx: DatabaseTransaction, organizationId: string): Promise<number> {
  const row = await tx
    .selectFrom('members')
    .select(({ fn }) => fn.countAll<bigint>().as('count'))
    .where('organization_id', '=', organizationId)
    .where('role', '=', 'member')
    .executeTakeFirstOrThrow();
  return Number(row.count);
}

/** Everybody of an organization, by id, with their names. */
export async function listPeople(
  tx: DatabaseTransaction,
  organizationId: string,
): Promise<{ readonly id: string; readonly name: string }[]> {
  return tx
    .selectFrom('members as m')
    .innerJoin('users as u', 'u.id', 'm.user_id')
    .select(['u.id', 'u.name'])
    .where('m.organization_id', '=', organizationId)
    .orderBy('u.id')
    .execute();
}

/** The organization's monthly quota of tokens, its own or the plan's; null: none. */
export async function findMonthlyQuota(tx: DatabaseTransaction, organizationId: string): Promise<bigint | null> {
  const row = await tx
    .selectFrom('organizations as o')
    .innerJoin('plans as p', 'p.slug', 'o.pricing_plan')
    .select(sql<bigint | null>`coalesce(o.token_quota_monthly, p.token_quota_monthly)`.as('quota'))
    .where('o.id', '=', organizationId)
    .executeTakeFirst();
  return row?.quota ?? null;
}

/** Sets what is given; the rest stays, or is as without a row. A constraint refuses a limit above the quota. */
export async function setConfig(
  tx: DatabaseTransaction,
  { organizationId, templateId }: ConfigKey,
  config: {
    readonly id: string;
    readonly updatedBy: string;
    readonly isEnabledForUsers?: boolean;
    readonly tokenLimitPerUser?: number | null;
  },
): Promise<void> {
  const { isEnabledForUsers, tokenLimitPerUser } = config;
  const changed = {
    updated_by: config.updatedBy,
    ...(isEnabledForUsers === undefined ? {} : { is_enabled_for_users: isEnabledForUsers }),
    ...(tokenLimitPerUser === undefined
      ? {}
      : { token_limit_per_user: tokenLimitPerUser === null ? null : BigInt(tokenLimitPerUser) }),
  };
  await tx
    .insertInto('org_system_model_config')
    .values({ id: config.id, organization_id: organizationId, template_id: BigInt(templateId), ...changed })
    .onConflict((conflict) => conflict.columns(['organization_id', 'template_id']).doUpdateSet(changed))
    .execute();
}

/** Whom a system template reaches. */
export interface TemplateReach {
  readonly organizationsEnabled: number;
  readonly peopleAffected: number;
  /** Who used it since a time. */
  readonly peopleWithUse: number;
}

/** Counts them over the whole platform. */
export async function findReach(tx: DatabaseTransaction, templateId: number, since: Date): Promise<TemplateReach> {
  const { rows } = await sql<TemplateReach>`
    select (select count(*) from weir.org_system_model_config c
             where c.template_id = ${templateId} and c.is_enabled_for_users)::integer as "organizationsEnabled",
           (select count(*) from weir.members m join weir.org_system_model_config c on c.organization_id = m.organization_id
             where c.template_id = ${templateId} and c.is_enabled_for_users)::integer as "peopleAffected",
           (select count(distinct e.user_id) from weir.usage_events e
             where e.template_id = ${templateId} and e.occurred_at >= ${since} and e.status <> 'denied')::integer as "peopleWithUse"`.execute(
    tx,
  );
  const [row] = rows;
  if (row === undefined) throw new Error('counts without groups gave no row');
  return row;
}
