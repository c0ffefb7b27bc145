// Owns: what budgets refer to, and what departments are given of an organization's. Not: the rows of budgets (budget.queries.ts).

import { sql } from 'kysely';
import type { BudgetPeriod } from '../../contracts/enumerations.ts';
import type { DatabaseTransaction } from '../../database/pool.ts';
import type { BudgetHome } from './budget.queries.ts';

/** The id of what a scope refers to, where the organization has such a thing; a feature is the platform's. */
export async function findReference(
  tx: DatabaseTransaction,
  { organizationId }: BudgetHome,
  { scope, reference }: { readonly scope: 'department' | 'feature' | 'user' | 'key'; readonly reference: string },
): Promise<string | undefined> {
  const question = {
    department: sql`select id from weir.departments where organization_id = ${organizationId} and id::text = ${reference}`,
    user: sql`select user_id as id from weir.members where organization_id = ${organizationId} and user_id::text = ${reference}`,
    key: sql`select id from weir.virtual_keys where organization_id = ${organizationId} and id::text = ${reference}`,
    feature: sql`select weir.find_feature(${reference}) as id`,
  }[scope];
  const { rows } = await sql<{ id: string | null }>`${question}`.execute(tx);
  return rows[0]?.id ?? undefined;
}

/** What departments were given of the organization's budgets of a period. */
export interface Allocation {
  readonly period: BudgetPeriod;
  /** The lowest of the organization's own active budgets; null: it has none. */
  readonly organizationNanoUsd: bigint | null;
  /** The lowest of those that are hard. */
  readonly hardNanoUsd: bigint | null;
  readonly allocatedNanoUsd: bigint;
}

/** For each period in which departments or the organization have active budgets. */
export async function listAllocations(tx: DatabaseTransaction, organizationId: string): Promise<Allocation[]> {
  const { rows } = await sql<Allocation>`select b.period,
      min(b.amount_nano_usd) filter (where b.scope = 'organization') as "organizationNanoUsd",
      min(b.amount_nano_usd) filter (where b.scope = 'organization' and b.enforcement = 'hard') as "hardNanoUsd",
      coalesce(sum(b.amount_nano_usd) filter (where b.scope = 'department'), 0)::bigint as "allocatedNanoUsd"
    from weir.budgets b where b.organization_id = ${organizationId} and b.is_active and b.scope in ('organization', 'department')
    group by b.period order by array_position(array['daily', 'weekly', 'monthly', 'quarterly'], b.period)`.execute(tx);
  return rows;
}

/** Lets one at a time change what departments of an organization are given, until the transaction ends. */
export async function lockAllocations(tx: DatabaseTransaction, organizationId: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`weir budgets ${organizationId}`}, 0))`.execute(tx);
}
