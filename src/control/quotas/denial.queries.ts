// Owns: the rows of why calls were denied, snake_case in, camelCase out, and their end. Not: writing them (the gateway's side, src/server/rounds/denial-traces.ts).

import { sql } from 'kysely';
import type { DatabaseTransaction } from '../../database/pool.ts';

/** Why a call was denied, as it is kept. */
export interface Denial {
  readonly id: string;
  readonly deniedAt: Date;
  readonly userId: string | null;
  readonly userName: string | null;
  readonly keyId: string | null;
  readonly keyName: string | null;
  readonly route: string;
  readonly model: string;
  readonly feature: string | null;
  readonly environment: string;
  readonly code: string;
  readonly rule: string | null;
  readonly message: string;
  readonly meters: unknown;
  readonly details: unknown;
}

/** Which of them: of an organization, and of one person where that is all the asker may see. */
export interface DenialScope {
  readonly organizationId: string;
  readonly userId: string | null;
}

/** What narrows a list. */
export interface DenialFilter {
  readonly code?: string | undefined;
  readonly user?: string | undefined;
  readonly model?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/** So long people see them; what is older may wait for the daily job, unseen. */
const KEPT = sql`interval '30 days'`;

function selectDenials(tx: DatabaseTransaction, { organizationId, userId }: DenialScope) {
  const query = tx
    .selectFrom('denial_traces as d')
    .leftJoin('users as u', 'u.id', 'd.user_id')
    .leftJoin('virtual_keys as k', 'k.id', 'd.virtual_key_id')
    .select(['d.id', 'd.denied_at as deniedAt', 'd.user_id as userId', 'u.name as userName'])
    .select(['d.virtual_key_id as keyId', 'k.name as keyName', 'd.route', 'd.model', 'd.feature', 'd.environment'])
    .select(['d.code', 'd.rule', 'd.message', 'd.meters', 'd.details'])
    .where('d.organization_id', '=', organizationId)
    .where('d.denied_at', '>', sql<Date>`now() - ${KEPT}`);
  return userId === null ? query : query.where('d.user_id', '=', userId);
}

/** The latest first, from after a place on. */
export async function listDenials(
  tx: DatabaseTransaction,
  scope: DenialScope,
  filter: DenialFilter & { readonly limit: number; readonly after: readonly [string, string] | null },
): Promise<Denial[]> {
  const { code, user, model, from, to, after, limit } = filter;
  let query = selectDenials(tx, scope);
  if (code !== undefined) query = query.where('d.code', '=', code);
  if (user !== undefined) query = query.where('d.user_id', '=', user);
  if (model !== undefined) query = query.where('d.model', '=', model);
  if (from !== undefined) query = query.where('d.denied_at', '>=', sql<Date>`${from}::timestamptz`);
  if (to !== undefined) query = query.where('d.denied_at', '<', sql<Date>`${to}::timestamptz`);
  if (after !== null)
    query = query.where(sql<boolean>`(d.denied_at, d.id) < (${after[0]}::timestamptz, ${after[1]}::uuid)`);
  return query.orderBy('d.denied_at', 'desc').orderBy('d.id', 'desc').limit(limit).execute();
}

/** One of them; undefined when it is not there, or not in the scope. */
export function findDenial(tx: DatabaseTransaction, scope: DenialScope, id: string): Promise<Denial | undefined> {
  return selectDenials(tx, scope).where('d.id', '=', id).executeTakeFirst();
}

/** Removes what is past its time: whole months at once, else up to `limit` rows. Gives how many rows. */
export async function removeOldTraces(tx: DatabaseTransaction, limit: number): Promise<number> {
  const { rows } = await sql<{ removed: number }>`
    select weir.drop_old_denial_traces(now() - ${KEPT}, ${limit}) as removed`.execute(tx);
  return rows[0]?.removed ?? 0;
}

/** Makes the months that are missing; gives how many. */
export async function ensureTraceMonths(tx: DatabaseTransaction, monthsAhead: number): Promise<number> {
  const { rows } = await sql<{ made: number }>`
    select weir_private.ensure_monthly_partitions('weir.denial_traces', ${monthsAhead}) as made`.execute(tx);
  return rows[0]?.made ?? 0;
}
