// Owns: the calls of a replay, in their order, some at a time: never all of them in memory. Not: what becomes of them (impact-replay.rules.ts).

import { type RawBuilder, type SqlBool, sql } from 'kysely';
import type { DatabaseTransaction } from '../../../database/pool.ts';
import type { TokenUse } from '../../../primitives/price.ts';
import { joinCorrection, type ReplayCall } from './impact-call.rules.ts';

/** Rows fetched at once. */
const STEP_ROWS = 2_000;

/** Which calls. What is left out, or null, is any. */
export interface ReplayScope {
  readonly organizationIds: readonly string[] | null;
  readonly templateId?: string;
  readonly models?: readonly string[];
  readonly departmentId?: string;
  readonly userId?: string;
  readonly feature?: string;
  readonly keyIds?: readonly string[];
  /** Besides calls of `models`, all of these organizations: they have limits in common with them. */
  readonly orOrganizationIds?: readonly string[];
  /** Credits that applications took, of the one organization. */
  readonly withCredits?: boolean;
}

/** Which refused calls: by their errors, and the models they would have used (those of long ago have the name that was asked for in its place); null: any. */
export interface DeniedScope {
  readonly codes: readonly string[];
  readonly names: readonly string[] | null;
  /** Or by the template. */
  readonly templateId?: string;
}

/** What is read. */
export interface ReplayQuestion {
  readonly scope: ReplayScope;
  readonly denied: DeniedScope;
  /** From where windows are counted; refused calls only from `fromMs`. */
  readonly countedFromMs: number;
  readonly fromMs: number;
  readonly toMs: number;
}

interface Row extends Omit<ReplayCall, 'tokens' | 'atMs' | 'credits'>, TokenUse {
  readonly at: Date;
  readonly creditType: string | null;
  readonly creditAmount: bigint | null;
}

const where = (...conditions: readonly RawBuilder<SqlBool>[]): RawBuilder<unknown> => sql.join(conditions, sql` and `);

/**
 * The calls in their order, a call and its correction as one. One organization's come by the index of its times, those of all by their ids, which are in order of time.
 * `beforeFetch` runs before each step: it may throw, or set how long the step may take.
 */
export async function* streamCalls(
  tx: DatabaseTransaction,
  question: ReplayQuestion,
  beforeFetch: () => Promise<void>,
): AsyncGenerator<ReplayCall, void, undefined> {
  await beforeFetch();
  const isOne = question.scope.organizationIds?.length === 1;
  const order = isOne ? sql`e.occurred_at, e.id, e.sequence` : sql`e.id, e.sequence`;
  await sql`declare impact_calls no scroll cursor for
    select e.id, e.occurred_at as at, e.organization_id as "organizationId", e.department_id as "departmentId", e.user_id as "userId",
        e.virtual_key_id as "keyId", e.template_id::text as "templateId", e.feature, e.model_id as "modelId", e.model_type as "modelType",
        e.route, e.status, e.error_code as "errorCode", e.usage_source as "tokenSource", e.input_tokens as input,
        e.output_tokens as output, e.cached_input_tokens as "cachedInput", e.cache_write_tokens as "cacheWrite",
        e.cache_write_1h_tokens as "cacheWrite1h", e.reasoning_tokens as reasoning, e.cost_nano_usd as "costNanoUsd",
        e.provider_cost_nano_usd as "providerCostNanoUsd", e.price_id as "priceId", null as "creditType", null::bigint as "creditAmount"
      from weir.usage_events e where ${conditionOf(question)} order by ${order}`.execute(tx);
  const calls = joined(fetched(tx, 'impact_calls', beforeFetch));
  yield* question.scope.withCredits === true ? inOrder(calls, await openCredits(tx, question, beforeFetch)) : calls;
}

function conditionOf({ scope, denied, countedFromMs, fromMs, toMs }: ReplayQuestion): RawBuilder<unknown> {
  const organizations = scope.organizationIds;
  const always = [sql<SqlBool>`e.occurred_at >= ${new Date(countedFromMs)} and e.occurred_at < ${new Date(toMs)}`];
  if (organizations !== null && organizations.length === 1)
    always.push(sql`e.organization_id = ${organizations[0]}::uuid`);
  else if (organizations !== null) always.push(sql`e.organization_id = any (${organizations}::uuid[])`);
  if (scope.departmentId !== undefined) always.push(sql`e.department_id = ${scope.departmentId}::uuid`);
  if (scope.userId !== undefined) always.push(sql`e.user_id = ${scope.userId}::uuid`);
  if (scope.feature !== undefined) always.push(sql`e.feature = ${scope.feature}`);
  if (scope.keyIds !== undefined) always.push(sql`e.virtual_key_id = any (${scope.keyIds}::uuid[])`);
  const happened = [sql<SqlBool>`e.status <> 'denied'`];
  if (scope.templateId !== undefined) happened.push(sql`e.template_id = ${scope.templateId}::bigint`);
  if (scope.models !== undefined) {
    const others = scope.orOrganizationIds ?? [];
    happened.push(sql`(e.model_id = any (${scope.models}::text[]) or e.organization_id = any (${others}::uuid[]))`);
  }
  const refused = [
    sql<SqlBool>`e.status = 'denied' and e.occurred_at >= ${new Date(fromMs)} and e.error_code = any (${denied.codes}::text[])`,
  ];
  if (denied.names !== null)
    refused.push(
      sql`(e.model_id = any (${denied.names}::text[]) or e.template_id = ${denied.templateId ?? null}::bigint)`,
    );
  return sql`${where(...always)} and ((${where(...happened)}) or (${where(...refused)}))`;
}

/** What applications took by the API: what the gateway took is a call's. What was given back was not taken. */
async function openCredits(
  tx: DatabaseTransaction,
  { scope, countedFromMs, toMs }: ReplayQuestion,
  beforeFetch: () => Promise<void>,
): Promise<AsyncGenerator<ReplayCall, void, undefined>> {
  await beforeFetch();
  await sql`declare impact_credits no scroll cursor for
    select l.id, l.created_at as at, l.organization_id as "organizationId", null as "departmentId", l.user_id as "userId",
        null as "keyId", null as "templateId", l.feature, '' as "modelId", 'catalog' as "modelType", '' as route, 'success' as status,
        null as "errorCode", 'provider' as "tokenSource", 0::bigint as input, 0::bigint as output, 0::bigint as "cachedInput",
        0::bigint as "cacheWrite", 0::bigint as "cacheWrite1h", 0::bigint as reasoning, 0::bigint as "costNanoUsd",
        0::bigint as "providerCostNanoUsd", null as "priceId", l.credit_type as "creditType", -l.amount as "creditAmount"
      from weir.credit_ledger l
     where l.organization_id = any (${scope.organizationIds}::uuid[]) and l.kind = 'deduct' and l.request_id is null
       and l.created_at >= ${new Date(countedFromMs)} and l.created_at < ${new Date(toMs)}
       and not exists (select from weir.credit_ledger r where r.refund_of = l.id)
     order by l.created_at, l.id`.execute(tx);
  return fetched(tx, 'impact_credits', beforeFetch);
}

async function* fetched(
  tx: DatabaseTransaction,
  cursor: 'impact_calls' | 'impact_credits',
  beforeFetch: () => Promise<void>,
): AsyncGenerator<ReplayCall, void, undefined> {
  for (;;) {
    await beforeFetch();
    const { rows } = await sql<Row>`fetch ${sql.lit(STEP_ROWS)} from ${sql.ref(cursor)}`.execute(tx);
    for (const row of rows) yield toCall(row);
    if (rows.length < STEP_ROWS) return;
  }
}

function toCall(row: Row): ReplayCall {
  const { at, input, output, cachedInput, cacheWrite, cacheWrite1h, reasoning, creditType, creditAmount, ...call } =
    row;
  const credits = creditType === null || creditAmount === null ? null : { type: creditType, amount: creditAmount };
  const tokens = { input, output, cachedInput, cacheWrite, cacheWrite1h, reasoning };
  return { ...call, atMs: at.getTime(), tokens, credits };
}

/** A correction follows its call: it has the same id and time. */
async function* joined(calls: AsyncIterable<ReplayCall>): AsyncGenerator<ReplayCall, void, undefined> {
  let last: ReplayCall | undefined;
  for await (const call of calls) {
    if (last !== undefined && last.id === call.id) {
      last = joinCorrection(last, call);
      continue;
    }
    if (last !== undefined) yield last;
    last = call;
  }
  if (last !== undefined) yield last;
}

async function* inOrder(
  left: AsyncIterator<ReplayCall>,
  right: AsyncIterator<ReplayCall>,
): AsyncGenerator<ReplayCall, void, undefined> {
  let [a, b] = [await left.next(), await right.next()];
  while (!a.done || !b.done) {
    if (!a.done && (b.done || a.value.atMs <= b.value.atMs)) {
      yield a.value;
      a = await left.next();
    } else if (!b.done) {
      yield b.value;
      b = await right.next();
    }
  }
}
