// Owns: reading the budgets that a replay counts on, and what a proposed one is about. Not: their figures of today (the budgets domain).

import { type RawBuilder, sql } from 'kysely';
import type { BudgetScope } from '../../../contracts/enumerations.ts';
import type { DatabaseTransaction } from '../../../database/pool.ts';
import type { ImpactBudget } from './impact-facts.ts';

/** A key, and those that it was rotated into. */
const keyLine = (key: RawBuilder<unknown>): RawBuilder<unknown> => sql`array(
  with recursive line (id) as (select ${key} union select k.id from line join weir.virtual_keys k on k.rotated_from = line.id)
  select line.id::text from line where line.id is not null)`;

async function listWhere(tx: DatabaseTransaction, condition: RawBuilder<unknown>): Promise<ImpactBudget[]> {
  const { rows } = await sql<ImpactBudget>`
    select b.id, b.organization_id as "organizationId", b.scope, coalesce(b.department_id::text, b.user_id::text, f.name) as reference,
        ${keyLine(sql`b.virtual_key_id`)} as "keyIds", b.period, b.amount_nano_usd as "amountNanoUsd", b.enforcement, b.rollover
      from weir.budgets b left join weir.features f on f.id = b.feature_id
     where ${condition} order by b.id`.execute(tx);
  return rows;
}

/** Active budgets that block: an organization's and the platform's, or with null all. */
export function listHardBudgets(tx: DatabaseTransaction, organizationId: string | null): Promise<ImpactBudget[]> {
  const mine = organizationId === null ? sql`true` : sql`(b.organization_id = ${organizationId}::uuid)`;
  return listWhere(tx, sql`b.is_active and b.enforcement = 'hard' and ${mine}`);
}

/** One budget: an organization's, or with null any. */
export async function findImpactBudget(
  tx: DatabaseTransaction,
  { id, organizationId }: { readonly id: string; readonly organizationId: string | null },
): Promise<(ImpactBudget & { readonly isActive: boolean }) | undefined> {
  const mine = organizationId === null ? sql`true` : sql`b.organization_id = ${organizationId}::uuid`;
  const [budget] = await listWhere(tx, sql`b.id = ${id}::uuid and ${mine}`);
  if (budget === undefined) return undefined;
  const { rows } = await sql<{ isActive: boolean }>`
    select b.is_active as "isActive" from weir.budgets b where b.id = ${id}::uuid`.execute(tx);
  return { ...budget, isActive: rows[0]?.isActive ?? false };
}

/** What a new budget would be about: the reference as calls name it, and the keys; undefined: there is no such thing. */
export async function findBudgetReference(
  tx: DatabaseTransaction,
  place: { readonly organizationId: string | null; readonly scope: BudgetScope; readonly reference: string },
): Promise<{ readonly reference: string | null; readonly keyIds: readonly string[] } | undefined> {
  const { organizationId, scope, reference } = place;
  const question = {
    department: sql`select d.id::text as reference from weir.departments d where d.organization_id = ${organizationId}::uuid and d.id::text = ${reference}`,
    user: sql`select m.user_id::text as reference from weir.members m where m.organization_id = ${organizationId}::uuid and m.user_id::text = ${reference}`,
    key: sql`select null as reference, ${keyLine(sql`k.id`)} as "keyIds" from weir.virtual_keys k
      where k.organization_id = ${organizationId}::uuid and k.id::text = ${reference}`,
    feature: sql`select f.name as reference from weir.features f where f.name = ${reference} or f.id::text = ${reference}`,
    organization: null,
    platform: null,
  }[scope];
  if (question === null) return undefined;
  const { rows } = await sql<{ reference: string | null; keyIds?: string[] }>`${question}`.execute(tx);
  const [row] = rows;
  return row && { reference: row.reference, keyIds: row.keyIds ?? [] };
}
