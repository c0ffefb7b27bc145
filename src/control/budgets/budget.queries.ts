// Owns: the rows of budgets, snake_case in, camelCase out. Not: what was spent (counters, budget-spend.queries.ts) or what was told of it (budget-alert.queries.ts).

import { type SqlBool, sql } from 'kysely';
import type { BudgetEnforcement, BudgetPeriod, BudgetScope } from '../../contracts/enumerations.ts';
import type { DatabaseTransaction } from '../../database/pool.ts';

/** A budget. */
export interface Budget {
  readonly id: string;
  /** Null: the platform's. */
  readonly organizationId: string | null;
  readonly name: string;
  readonly scope: BudgetScope;
  /** The department, feature, person or key. */
  readonly referenceId: string | null;
  readonly referenceName: string | null;
  readonly period: BudgetPeriod;
  readonly amountNanoUsd: bigint;
  /** Shares of the limit, rising. */
  readonly alertThresholds: readonly number[];
  readonly enforcement: BudgetEnforcement;
  readonly rollover: boolean;
  readonly isActive: boolean;
  readonly createdBy: string | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  /** `updatedAt` in microseconds: what an `ETag` is made of. */
  readonly version: bigint;
}

/** What it has in the window of a time, besides its counter. */
export interface BudgetWindow {
  readonly windowStart: Date;
  readonly resetsAt: Date;
  /** What the window before left. */
  readonly carriedNanoUsd: bigint;
  /** What was spent in the window before the counter counted. */
  readonly openingNanoUsd: bigint;
}

/** Whose budgets: an organization's, or with null the platform's. */
export interface BudgetHome {
  readonly organizationId: string | null;
}

/** Which of them. */
export interface BudgetFilter {
  readonly scope?: BudgetScope | undefined;
  readonly period?: BudgetPeriod | undefined;
  readonly active?: boolean | undefined;
}

/** What admins say of a budget, but its scope. */
export interface BudgetTerms {
  readonly name: string;
  readonly period: BudgetPeriod;
  readonly amountNanoUsd: bigint;
  readonly alertThresholds: readonly number[];
  readonly enforcement: BudgetEnforcement;
  readonly rollover: boolean;
  readonly isActive: boolean;
}

/** A budget to insert. */
export interface NewBudget extends BudgetTerms, BudgetHome {
  readonly id: string;
  readonly scope: BudgetScope;
  readonly referenceId: string | null;
  readonly createdBy: string;
  readonly now: Date;
}

/** Where its counter begins to count, and what came before in that window. */
export interface BudgetOpening {
  readonly openingNanoUsd: bigint;
  readonly openingWindowStart: Date;
  readonly countingSince: Date;
}

const isHome = ({ organizationId }: BudgetHome) =>
  organizationId === null
    ? sql<SqlBool>`b.organization_id is null`
    : sql<SqlBool>`b.organization_id = ${organizationId}::uuid`;

function selectBudgets(tx: DatabaseTransaction) {
  return tx
    .selectFrom('budgets as b')
    .leftJoin('departments as d', 'd.id', 'b.department_id')
    .leftJoin('users as u', 'u.id', 'b.user_id')
    .leftJoin('virtual_keys as k', 'k.id', 'b.virtual_key_id')
    .select(['b.id', 'b.organization_id as organizationId', 'b.name', 'b.enforcement', 'b.rollover'])
    .select(['b.amount_nano_usd as amountNanoUsd', 'b.is_active as isActive', 'b.created_by as createdBy'])
    .select(['b.created_at as createdAt', 'b.updated_at as updatedAt'])
    .select([
      sql<BudgetScope>`b.scope`.as('scope'),
      sql<BudgetPeriod>`b.period`.as('period'),
      sql<string | null>`coalesce(b.department_id, b.feature_id, b.user_id, b.virtual_key_id)`.as('referenceId'),
      sql<string | null>`coalesce(d.name, weir.feature_name(b.feature_id), u.name, k.name)`.as('referenceName'),
      sql<number[]>`array(select t::float8 from unnest(b.alert_thresholds) t order by t)`.as('alertThresholds'),
      sql<bigint>`(extract(epoch from b.updated_at) * 1000000)::bigint`.as('version'),
    ]);
}

const windowAt = (at: Date) => [
  sql<Date>`weir.budget_window_start(b.period, ${at})`.as('windowStart'),
  sql<Date>`weir.budget_window_end(b.period, ${at})`.as('resetsAt'),
  sql<bigint>`weir.budget_carried(b, ${at})`.as('carriedNanoUsd'),
  sql<bigint>`weir.budget_opening(b, ${at})`.as('openingNanoUsd'),
];

/** Up to `limit` budgets, the newest first, after an id. */
export function listBudgets(
  tx: DatabaseTransaction,
  home: BudgetHome,
  page: BudgetFilter & { readonly limit: number; readonly after: string | null; readonly at: Date },
): Promise<(Budget & BudgetWindow)[]> {
  let query = selectBudgets(tx).select(windowAt(page.at)).where(isHome(home)).orderBy('b.id', 'desc').limit(page.limit);
  if (page.after !== null) query = query.where('b.id', '<', page.after);
  if (page.scope !== undefined) query = query.where('b.scope', '=', page.scope);
  if (page.period !== undefined) query = query.where('b.period', '=', page.period);
  if (page.active !== undefined) query = query.where('b.is_active', '=', page.active);
  return query.execute();
}

/** One budget with its window at a time. */
export function findBudget(
  tx: DatabaseTransaction,
  home: BudgetHome,
  { id, at }: { readonly id: string; readonly at: Date },
): Promise<(Budget & BudgetWindow) | undefined> {
  return selectBudgets(tx).select(windowAt(at)).where(isHome(home)).where('b.id', '=', id).executeTakeFirst();
}

/** Up to `limit` active budgets of every home, or of those asked for, after an id: for the platform's own checks. */
export function listActiveBudgets(
  tx: DatabaseTransaction,
  page: {
    readonly organizationId?: string | null | undefined;
    readonly budgetId?: string | undefined;
    readonly after: string | null;
    readonly limit: number;
    readonly at: Date;
  },
): Promise<(Budget & BudgetWindow)[]> {
  const { organizationId, budgetId, after, limit, at } = page;
  let query = selectBudgets(tx).select(windowAt(at)).where('b.is_active', '=', true).orderBy('b.id').limit(limit);
  if (organizationId !== undefined) query = query.where(isHome({ organizationId }));
  if (budgetId !== undefined) query = query.where('b.id', '=', budgetId);
  if (after !== null) query = query.where('b.id', '>', after);
  return query.execute();
}

/** Every amount it had, the oldest first. */
export function listAmounts(
  tx: DatabaseTransaction,
  id: string,
): Promise<{ readonly since: Date; readonly amountNanoUsd: bigint }[]> {
  return tx
    .selectFrom('budget_amounts')
    .select(['since', 'amount_nano_usd as amountNanoUsd'])
    .where('budget_id', '=', id)
    .orderBy('since')
    .execute();
}

/** Locks the row until the transaction ends. */
export async function lockBudget(tx: DatabaseTransaction, home: BudgetHome, id: string): Promise<void> {
  await sql`select 1 from weir.budgets b where b.id = ${id} and ${isHome(home)} for no key update`.execute(tx);
}

/** A new budget, that counts from now on. */
export async function insertBudget(tx: DatabaseTransaction, budget: NewBudget): Promise<void> {
  const { id, organizationId, scope, referenceId, createdBy, now } = budget;
  await tx
    .insertInto('budgets')
    .values({
      ...{ id, organization_id: organizationId, scope, created_by: createdBy, created_at: now, counting_since: now },
      department_id: scope === 'department' ? referenceId : null,
      feature_id: scope === 'feature' ? referenceId : null,
      user_id: scope === 'user' ? referenceId : null,
      virtual_key_id: scope === 'key' ? referenceId : null,
      ...columnsOf(budget),
    })
    .execute();
}

/** Changes the terms. */
export async function updateBudget(
  tx: DatabaseTransaction,
  home: BudgetHome,
  { id, terms }: { readonly id: string; readonly terms: BudgetTerms },
): Promise<void> {
  await tx.updateTable('budgets as b').set(columnsOf(terms)).where('b.id', '=', id).where(isHome(home)).execute();
}

/** Says where its counter begins. */
export async function updateOpening(
  tx: DatabaseTransaction,
  home: BudgetHome,
  { id, opening }: { readonly id: string; readonly opening: BudgetOpening },
): Promise<void> {
  await tx
    .updateTable('budgets as b')
    .set({
      opening_nano_usd: opening.openingNanoUsd,
      opening_window_start: opening.openingWindowStart,
      counting_since: opening.countingSince,
    })
    .where('b.id', '=', id)
    .where(isHome(home))
    .execute();
}

/** Ends it. */
export async function endBudget(tx: DatabaseTransaction, home: BudgetHome, id: string): Promise<void> {
  await tx.deleteFrom('budgets as b').where('b.id', '=', id).where(isHome(home)).execute();
}

function columnsOf(terms: BudgetTerms) {
  const { name, period, amountNanoUsd, alertThresholds, enforcement, rollover, isActive } = terms;
  return {
    ...{ name, period, amount_nano_usd: amountNanoUsd, enforcement, rollover, is_active: isActive },
    alert_thresholds: sql<string[]>`${alertThresholds.map(String)}::numeric(4,3)[]`,
  };
}
