// Owns: what the scopes of budgets cost, by day and by who, what and what for, from usage. Not: what a budget's counter says (it counts from when it was made), or
// budgets themselves. As with counters, calls that were made elsewhere are on no budget over all organizations (0056): they are taken out of its usage.

import { type RawBuilder, sql } from 'kysely';
import type { DatabaseTransaction } from '../../database/pool.ts';
import type { Budget } from './budget.queries.ts';

/** Whose spending. */
export type SpendScope = Pick<Budget, 'id' | 'organizationId' | 'scope' | 'referenceId' | 'referenceName'>;

/** Whole days in UTC, from the day of `from` until before the day of `until`. */
export interface SpendSpan {
  readonly from: Date;
  readonly until: Date;
}

/** Nano-USD by budget, then by the start of the UTC day in milliseconds since the epoch. Days without use are left out. */
export type SpendByDay = ReadonlyMap<string, ReadonlyMap<number, bigint>>;

/** The keys that a budget on a key counts: that one, and those it was rotated into. */
const LINE = sql`with recursive line (budget_id, key_id) as (
  select id, reference::uuid from asked where scope = 'key'
  union select line.budget_id, k.id from line join weir.virtual_keys k on k.rotated_from = line.key_id)`;

/** What each scope cost, day by day, in one query however many there are. The caller sees the usage of all of them. */
export async function listSpendByDay(
  tx: DatabaseTransaction,
  scopes: readonly SpendScope[],
  span: SpendSpan,
): Promise<SpendByDay> {
  const byBudget = new Map(scopes.map(({ id }) => [id, new Map<number, bigint>()]));
  if (scopes.length === 0) return byBudget;
  const organizations = scopes.map(({ organizationId }) => organizationId);
  const isEverywhere = organizations.includes(null);
  const mine = isEverywhere ? sql`true` : sql`u.organization_id = any (${organizations}::uuid[])`;
  const { rows } = await sql<{ id: string; dayMs: number; cost: bigint }>`
    with asked as materialized (
      select * from unnest(${scopes.map(({ id }) => id)}::uuid[], ${scopes.map(({ scope }) => scope)}::text[], ${organizations}::uuid[],
        ${scopes.map(referenceOf)}::text[]) as a (id, scope, organization_id, reference)
    ), lines as materialized (${LINE} select * from line), daily as materialized (
      select u.organization_id, u.day, u.department_id, u.user_id, u.feature, u.virtual_key_id, sum(u.cost_nano_usd) as cost from weir.usage_days u
      where ${mine} and ${isIn(span)} group by 1, 2, 3, 4, 5, 6
    ), elsewhere as materialized (
      select u.day, u.feature, -sum(u.cost_nano_usd) as cost from weir.usage_recorded u where ${sql.lit(isEverywhere)} and ${isRecordedIn(span)} group by 1, 2
    )
    select id, (extract(epoch from day) * 1000)::float8 as "dayMs", sum(cost)::bigint as cost from (
      select a.id, d.day, d.cost from asked a join daily d on d.organization_id = a.organization_id where a.scope = 'organization'
      union all select a.id, d.day, d.cost from asked a cross join daily d where a.scope = 'platform'
      union all select a.id, d.day, d.cost from asked a join daily d on d.department_id::text = a.reference where a.scope = 'department'
      union all select a.id, d.day, d.cost from asked a join daily d on d.user_id::text = a.reference and d.organization_id = a.organization_id
        where a.scope = 'user'
      union all select a.id, d.day, d.cost from asked a join daily d on d.feature = a.reference
        and (a.organization_id is null or d.organization_id = a.organization_id) where a.scope = 'feature'
      union all select l.budget_id, d.day, d.cost from lines l join daily d on d.virtual_key_id = l.key_id
      union all select a.id, e.day, e.cost from asked a join elsewhere e on a.scope = 'platform' or e.feature = a.reference where a.organization_id is null
    ) as spent group by id, day`.execute(tx);
  for (const { id, dayMs, cost } of rows) byBudget.get(id)?.set(dayMs, cost);
  return byBudget;
}

/** Somebody or something that money went to. */
export interface SpendShare {
  /** Null: calls of service keys, or of no feature. */
  readonly id: string | null;
  readonly name: string | null;
  readonly spentNanoUsd: bigint;
  readonly requests: number;
}

/** What a scope's spending went to. */
export interface SpendTops {
  readonly users: readonly SpendShare[];
  readonly models: readonly SpendShare[];
  readonly features: readonly SpendShare[];
}

/** The dearest people, models and features of a scope in a span, up to `limit` each. */
export async function findSpendTops(
  tx: DatabaseTransaction,
  scope: SpendScope,
  { span, limit }: { readonly span: SpendSpan; readonly limit: number },
): Promise<SpendTops> {
  const { rows } = await sql<SpendShare & { kind: keyof SpendTops }>`
    with asked as materialized (select ${scope.id}::uuid as id, ${scope.scope}::text as scope, ${referenceOf(scope)}::text as reference),
    lines as materialized (${LINE} select * from line), spent as materialized (
      select u.user_id, u.model_id, u.feature, sum(u.cost_nano_usd) as cost, sum(u.requests) as requests from weir.usage_days u
      where ${concerns(scope)} and ${isIn(span)} group by 1, 2, 3
    ), ranked as (
      select kind, id, sum(cost)::bigint as cost, sum(requests)::integer as requests,
        row_number() over (partition by kind order by sum(cost) desc, id) as place
      from spent cross join lateral (values ('users', user_id::text), ('models', model_id), ('features', feature)) as by (kind, id)
      group by kind, id
    )
    select r.kind, r.id, case r.kind when 'users' then p.name when 'models' then m.display_name else r.id end as name,
      r.cost as "spentNanoUsd", r.requests
    from ranked r left join weir.users p on r.kind = 'users' and p.id::text = r.id left join weir.models m on r.kind = 'models' and m.id = r.id
    where r.place <= ${limit} order by r.place`.execute(tx);
  const of = (kind: keyof SpendTops) =>
    rows.filter((row) => row.kind === kind).map(({ kind: _kind, ...share }): SpendShare => share);
  return { users: of('users'), models: of('models'), features: of('features') };
}

const isIn = ({ from, until }: SpendSpan): RawBuilder<unknown> =>
  sql`u.day >= (${from}::timestamptz at time zone 'UTC')::date and u.day < (${until}::timestamptz at time zone 'UTC')::date`;

/** The same days of `weir.usage_recorded`, by the column that its index is by. */
const isRecordedIn = ({ from, until }: SpendSpan): RawBuilder<unknown> =>
  sql`u.occurred_at >= date_trunc('day', ${from}::timestamptz, 'UTC') and u.occurred_at < date_trunc('day', ${until}::timestamptz, 'UTC')`;

/** The usage of one scope. */
function concerns({ scope, organizationId, referenceId, referenceName }: SpendScope): RawBuilder<unknown> {
  const own = organizationId === null ? sql`true` : sql`u.organization_id = ${organizationId}::uuid`;
  switch (scope) {
    case 'platform':
    case 'organization':
      return own;
    case 'department':
      return sql`${own} and u.department_id = ${referenceId}::uuid`;
    case 'user':
      return sql`${own} and u.user_id = ${referenceId}::uuid`;
    case 'feature':
      return sql`${own} and u.feature = ${referenceName}`;
    case 'key':
      return sql`${own} and u.virtual_key_id in (select key_id from lines)`;
  }
}

/** What usage knows it by: a feature by its name. */
function referenceOf({ scope, referenceId, referenceName }: SpendScope): string | null {
  return scope === 'feature' ? referenceName : referenceId;
}
