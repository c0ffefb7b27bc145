// Owns: the rows of alerts, snake_case in, camelCase out. Not: when one fires (alert-evaluation.service.ts; budgets fire their own).

import { type SqlBool, sql } from 'kysely';
import type { BudgetScope } from '../../contracts/enumerations.ts';
import type { DatabaseTransaction } from '../../database/pool.ts';

/** An alert as it is read. */
export interface Alert {
  readonly id: string;
  readonly rule: string;
  readonly organizationId: string | null;
  readonly organizationName: string | null;
  readonly scope: BudgetScope;
  readonly scopeReference: string | null;
  readonly budgetId: string | null;
  readonly value: string;
  readonly threshold: string;
  readonly details: Readonly<Record<string, unknown>>;
  readonly firedAt: Date;
  readonly firedAtText: string;
  readonly resolvedAt: Date | null;
  readonly acknowledgedBy: string | null;
  readonly acknowledgedAt: Date | null;
}

/** Which alerts. `organizationId` null: the platform's own; left out: all. */
export interface AlertFilter {
  readonly organizationId?: string | null | undefined;
  /** Only those of some organization. */
  readonly isOfOrganizations?: boolean | undefined;
  readonly status?: 'open' | 'acknowledged' | 'resolved' | undefined;
  readonly rule?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

function selectAlerts(tx: DatabaseTransaction) {
  return tx
    .selectFrom('alerts as a')
    .leftJoin('organizations as o', 'o.id', 'a.organization_id')
    .select(['a.id', 'a.rule', 'a.organization_id as organizationId', 'o.name as organizationName', 'a.scope'])
    .select(['a.scope_reference as scopeReference', 'a.budget_id as budgetId', 'a.value', 'a.threshold', 'a.details'])
    .select(['a.fired_at as firedAt', 'a.resolved_at as resolvedAt'])
    .select(['a.acknowledged_by as acknowledgedBy', 'a.acknowledged_at as acknowledgedAt'])
    .select(sql<string>`to_char(a.fired_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`.as('firedAtText'))
    .$castTo<Alert>();
}

/** Up to `limit`, newest first. */
export function listAlerts(
  tx: DatabaseTransaction,
  page: {
    readonly limit: number;
    readonly after: readonly [firedAt: string, id: string] | null;
    readonly filter: AlertFilter;
  },
): Promise<Alert[]> {
  const { limit, after, filter } = page;
  const { organizationId, isOfOrganizations, status, rule, from, to } = filter;
  let query = selectAlerts(tx).orderBy('a.fired_at', 'desc').orderBy('a.id', 'desc').limit(limit);
  if (organizationId !== undefined)
    query = query.where('a.organization_id', organizationId === null ? 'is' : '=', organizationId);
  if (isOfOrganizations === true) query = query.where('a.organization_id', 'is not', null);
  if (status === 'resolved') query = query.where('a.resolved_at', 'is not', null);
  else if (status !== undefined)
    query = query
      .where('a.resolved_at', 'is', null)
      .where('a.acknowledged_at', status === 'open' ? 'is' : 'is not', null);
  if (rule !== undefined) query = query.where('a.rule', '=', rule);
  if (from !== undefined) query = query.where(sql<SqlBool>`a.fired_at >= ${from}::timestamptz`);
  if (to !== undefined) query = query.where(sql<SqlBool>`a.fired_at < ${to}::timestamptz`);
  if (after !== null)
    query = query.where(sql<SqlBool>`(a.fired_at, a.id) < (${after[0]}::timestamptz, ${after[1]}::uuid)`);
  return query.execute();
}

/** One alert; with an organization only of that one. */
export function findAlert(
  tx: DatabaseTransaction,
  { id, organizationId }: { readonly id: string; readonly organizationId: string | undefined },
): Promise<Alert | undefined> {
  let query = selectAlerts(tx).where('a.id', '=', id);
  if (organizationId !== undefined) query = query.where('a.organization_id', '=', organizationId);
  return query.executeTakeFirst();
}

/** Whether nobody had acknowledged it before. */
export async function updateAcknowledged(
  tx: DatabaseTransaction,
  alert: { readonly id: string; readonly userId: string; readonly at: Date },
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('alerts')
    .set({ acknowledged_by: alert.userId, acknowledged_at: alert.at })
    .where('id', '=', alert.id)
    .where('acknowledged_at', 'is', null)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** An alert that has not been resolved. */
export interface OpenAlert {
  readonly id: string;
  readonly rule: string;
  readonly organizationId: string | null;
  readonly scopeReference: string | null;
  readonly value: string;
}

/** Those of these rules that are open, locked. */
export async function takeOpenAlerts(tx: DatabaseTransaction, rules: readonly string[]): Promise<OpenAlert[]> {
  const { rows } = await sql<OpenAlert>`
    select id, rule, organization_id as "organizationId", scope_reference as "scopeReference", value from weir.alerts
     where resolved_at is null and budget_id is null and rule = any(${rules}::text[]) for update`.execute(tx);
  return rows;
}

/** An alert that fires. */
export interface NewAlert {
  readonly id: string;
  readonly rule: string;
  readonly organizationId: string | null;
  readonly scopeReference: string | null;
  readonly value: number;
  readonly threshold: number;
  readonly details: Readonly<Record<string, unknown>>;
  readonly windowStart: Date;
  readonly firedAt: Date;
}

/** Whether it was new: one is open for each rule and what it is about. */
export async function insertAlert(tx: DatabaseTransaction, alert: NewAlert): Promise<boolean> {
  const { id, rule, organizationId, scopeReference, value, threshold, details, windowStart, firedAt } = alert;
  const { rows } = await sql`
    insert into weir.alerts (id, organization_id, rule, scope, scope_reference, value, threshold, details, window_start, fired_at)
    select ${id}, ${organizationId}, ${rule}, ${organizationId === null ? 'platform' : 'organization'}, ${scopeReference},
        ${value}, ${threshold}, ${JSON.stringify(details)}::jsonb, ${windowStart}, ${firedAt}
     where ${organizationId}::uuid is null or exists (select from weir.organizations o where o.id = ${organizationId})
    on conflict (rule, scope, organization_id, scope_reference) where resolved_at is null and budget_id is null do nothing
    returning id`.execute(tx);
  return rows.length === 1;
}

/** They are over. */
export async function endAlerts(tx: DatabaseTransaction, ids: readonly string[], at: Date): Promise<void> {
  if (ids.length === 0) return;
  await sql`update weir.alerts set resolved_at = ${at} where id = any(${ids}::uuid[])`.execute(tx);
}

/** What is measured now of those that go on. */
export async function updateValues(
  tx: DatabaseTransaction,
  changes: readonly { readonly id: string; readonly value: number }[],
): Promise<void> {
  if (changes.length === 0) return;
  await sql`update weir.alerts a set value = c.value
    from unnest(${changes.map(({ id }) => id)}::uuid[], ${changes.map(({ value }) => String(value))}::numeric[]) as c (id, value)
    where a.id = c.id`.execute(tx);
}
