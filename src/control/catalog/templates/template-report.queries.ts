// Owns: the rows that say what an organization would see of system templates. For platform roles. Not: the rule (template-targeting.rules.ts).

import { type SqlBool, sql } from 'kysely';
import type { PlanSlug } from '../../../contracts/enumerations.ts';
import type { DatabaseTransaction } from '../../../database/pool.ts';
import { isUuid } from '../../../primitives/ids.ts';
import type { TemplateConfig } from './template-list.queries.ts';
import type { TargetedOrganization } from './template-targeting.rules.ts';

/** An organization that somebody looks as. */
export interface PreviewedOrganization extends TargetedOrganization {
  readonly id: string;
  readonly name: string;
  readonly slug: string;
}

/** It, by id or slug. */
export function findPreviewed(tx: DatabaseTransaction, idOrSlug: string): Promise<PreviewedOrganization | undefined> {
  return tx
    .selectFrom('organizations as o')
    .innerJoin('plans as p', 'p.slug', 'o.pricing_plan')
    .select([
      'o.id',
      'o.name',
      'o.slug',
      'o.business_type as businessType',
      'o.pricing_plan as plan',
      'p.level as planLevel',
    ])
    .where(isUuid(idOrSlug) ? sql<SqlBool>`o.id = ${idOrSlug}::uuid` : sql<SqlBool>`o.slug = ${idOrSlug}`)
    .executeTakeFirst();
}

/** What it set of a template. */
export async function findPreviewedConfig(
  tx: DatabaseTransaction,
  organizationId: string,
  templateId: number,
): Promise<TemplateConfig> {
  const row = await tx
    .selectFrom('org_system_model_config')
    .select(['is_enabled_for_users as isEnabledForUsers', 'token_limit_per_user as limit'])
    .where('organization_id', '=', organizationId)
    .where('template_id', '=', BigInt(templateId))
    .executeTakeFirst();
  const limit = row?.limit ?? null;
  return {
    isEnabledForUsers: row?.isEnabledForUsers ?? false,
    tokenLimitPerUser: limit === null ? null : Number(limit),
  };
}

/** How high a plan is; above all others for one that is not there. */
export async function findPlanLevel(tx: DatabaseTransaction, slug: PlanSlug): Promise<number> {
  const row = await tx.selectFrom('plans').select('level').where('slug', '=', slug).executeTakeFirst();
  return row?.level ?? Number.POSITIVE_INFINITY;
}

/** Whether the platform has switched all system templates off. Only platform roles, and the platform's door, may read it. */
export async function isSystemSwitchedOff(tx: DatabaseTransaction): Promise<boolean> {
  const query = tx.selectFrom('system_config').select('value').where('key', '=', 'system_templates_enabled');
  return (await query.executeTakeFirst())?.value === false;
}
