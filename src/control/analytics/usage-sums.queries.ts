// Owns: use added up: totals, a series and the largest groups, in one statement of one snapshot. Not: which rows are looked at (usage-source.queries.ts).

import { type RawBuilder, sql } from 'kysely';
import type { UsageGroup, UsageSort } from '../../contracts/analytics/usage-words.ts';
import type { DatabaseTransaction } from '../../database/pool.ts';
import type { Stretch, UsageRange } from './usage-range.rules.ts';
import {
  groupKey,
  hasFewPoints,
  INTERVAL_STARTS,
  recentCalls,
  type UsageFilter,
  usageRows,
} from './usage-source.queries.ts';

/** Use added up. Money in nano-US-dollars, times in milliseconds. */
export interface UsageSums {
  readonly requests: bigint;
  readonly errors: bigint;
  readonly denied: bigint;
  readonly trialRequests: bigint;
  readonly fallbackRequests: bigint;
  readonly estimatedRequests: bigint;
  readonly unpricedRequests: bigint;
  readonly inputTokens: bigint;
  readonly outputTokens: bigint;
  readonly cachedInputTokens: bigint;
  readonly cacheWriteTokens: bigint;
  readonly reasoningTokens: bigint;
  readonly costNanoUsd: bigint;
  readonly latencyMsSum: bigint;
  readonly latencyCount: bigint;
  readonly firstTokenMsSum: bigint;
  readonly firstTokenCount: bigint;
}

/** Each sum with the column it is of. */
const MEASURES: Readonly<Record<keyof UsageSums, string>> = {
  requests: 'requests',
  errors: 'errors',
  denied: 'denied',
  trialRequests: 'trial_requests',
  fallbackRequests: 'fallback_requests',
  estimatedRequests: 'estimated_requests',
  unpricedRequests: 'unpriced_requests',
  inputTokens: 'input_tokens',
  outputTokens: 'output_tokens',
  cachedInputTokens: 'cached_input_tokens',
  cacheWriteTokens: 'cache_write_tokens',
  reasoningTokens: 'reasoning_tokens',
  costNanoUsd: 'cost_nano_usd',
  latencyMsSum: 'latency_ms_sum',
  latencyCount: 'latency_count',
  firstTokenMsSum: 'first_token_ms_sum',
  firstTokenCount: 'first_token_count',
};

const NAMES = Object.keys(MEASURES) as (keyof UsageSums)[];

/** No use at all. */
export const NO_USE: UsageSums = Object.fromEntries(NAMES.map((name) => [name, 0n])) as unknown as UsageSums;

/** Sums of the rows of a table or view called `s`, each under its name. */
export function sumsOf(names: readonly (keyof UsageSums)[]): RawBuilder<unknown> {
  return sql.join(
    names.map((name) => sql`coalesce(sum(${sql.ref(`s.${MEASURES[name]}`)}), 0)::bigint as ${sql.ref(name)}`),
  );
}

const SUMS = sumsOf(NAMES);
/** The same of sums, for those that come after the rows. */
const SUMS_OF_SUMS = sql.join(
  NAMES.map((name) => sql`coalesce(sum(${sql.ref(`r.${name}`)}), 0)::bigint as ${sql.ref(name)}`),
);
const NAMED = sql.join(NAMES.map((name) => sql.ref(`a.${name}`)));

/** What is asked. */
export interface SumsQuestion {
  readonly range: UsageRange;
  readonly filter: UsageFilter;
  readonly group: UsageGroup;
  readonly sort: UsageSort;
  readonly limit: number;
  /** The last row of the page before: its value and key. */
  readonly after: readonly [value: string, key: string | null] | null;
  readonly nowMs: number;
  readonly unfoldedFromMs: number;
}

/** What changes are told by. */
export type PreviousSums = Pick<UsageSums, (typeof PREVIOUS)[number]>;

/** One group, and what it used in the stretch before. */
export interface UsageGroupRow extends UsageSums {
  readonly key: string | null;
  readonly previous: PreviousSums;
}

/** What is answered. */
export interface SumsAnswer {
  readonly totals: UsageSums;
  readonly previous: UsageSums;
  /** Where there was something, in order. */
  readonly series: readonly (UsageSums & { readonly at: Date })[];
  readonly rows: readonly UsageGroupRow[];
  /** All groups after the rows. */
  readonly other: UsageSums;
  readonly otherGroups: bigint;
}

interface Row extends UsageSums {
  readonly part: 'total' | 'point' | 'row' | 'other';
  readonly stretch: number | null;
  readonly at: Date | null;
  readonly key: string | null;
  readonly groups: bigint;
  readonly wasRequests: bigint;
  readonly wasErrors: bigint;
  readonly wasInputTokens: bigint;
  readonly wasOutputTokens: bigint;
  readonly wasCostNanoUsd: bigint;
}

const SORT_VALUES: Readonly<Record<UsageSort, RawBuilder<bigint>>> = {
  cost: sql`g."costNanoUsd"`,
  requests: sql`g.requests`,
  tokens: sql`g."inputTokens" + g."outputTokens"`,
  errors: sql`g.errors`,
};

/** What a group is ordered by, as a cursor keeps it. */
export function sortValue(row: UsageSums, sort: UsageSort): bigint {
  switch (sort) {
    case 'cost':
      return row.costNanoUsd;
    case 'requests':
      return row.requests;
    case 'tokens':
      return row.inputTokens + row.outputTokens;
    case 'errors':
      return row.errors;
  }
}

/** Whether groups come in the order of time. */
export const isInTime = (group: UsageGroup): boolean => group === 'day' || group === 'hour';

/** What is told of a group's stretch before. */
const PREVIOUS = ['requests', 'errors', 'inputTokens', 'outputTokens', 'costNanoUsd'] as const;
const wasOf = (name: string): string => `was${name.charAt(0).toUpperCase()}${name.slice(1)}`;

/** Answers a question: every row is read once, for the totals, the series, the groups and what was before. Of people and keys, that is asked only of those shown. */
export async function sumUsage(tx: DatabaseTransaction, question: SumsQuestion): Promise<SumsAnswer> {
  const answer = toAnswer(await sumRows(tx, question));
  const { range, filter } = question;
  const name = comparedApart(question);
  if (name === null || range.previous === null || answer.rows.length === 0) return answer;
  const shown = { ...filter, [name]: answer.rows.map(({ key }) => key) };
  const before = await sumBefore(tx, { ...question, filter: shown }, range.previous);
  const rows = answer.rows.map((row) => ({ ...row, previous: before.get(row.key) ?? row.previous }));
  return { ...answer, rows };
}

/** The filter by which groups are asked for what was before; null: they were read with the others. */
function comparedApart({ range, filter, group }: SumsQuestion): 'users' | 'keys' | null {
  if (!hasFewPoints(filter) || isByHour(range, group)) return null;
  return group === 'user' ? 'users' : group === 'key' ? 'keys' : null;
}

const isByHour = (range: UsageRange, group: UsageGroup): boolean => range.interval === 'hour' || group === 'hour';

async function sumBefore(
  tx: DatabaseTransaction,
  { filter, group, nowMs, unfoldedFromMs }: SumsQuestion,
  previous: Stretch,
): Promise<ReadonlyMap<string | null, PreviousSums>> {
  const rows = usageRows([previous], filter, { group, byHour: false, nowMs, unfoldedFromMs });
  const { rows: groups } = await sql<UsageSums & { key: string | null }>`
    with ${recentCalls(filter)} select s.key, ${SUMS} from ${rows} as s group by s.key`.execute(tx);
  return new Map(groups.map((each) => [each.key, each]));
}

async function sumRows(tx: DatabaseTransaction, question: SumsQuestion): Promise<Row[]> {
  const { group, sort } = question;
  const was = sql.join(PREVIOUS.map((name) => sql`coalesce(b.${sql.ref(name)}, 0) as ${sql.ref(wasOf(name))}`));
  const noWas = sql.join(PREVIOUS.map((name) => sql`0::bigint as ${sql.ref(wasOf(name))}`));
  const value = isInTime(group) ? sql<bigint>`0::bigint` : SORT_VALUES[sort];
  const { rows } = await sql<Row>`
    with ${recentCalls(question.filter)}, ${addedUp(question)},
    ranked as (
      select g.*, row_number() over (order by ${value} desc, g.key nulls last) as place
        from added g where g.is_group and g.stretch = 0 and ${isAfter(value, question.after)}),
    parts as (
      select 'total' as part, a.stretch, null::timestamptz as at, null as key, 0::bigint as groups, ${NAMED}, ${noWas}, 0::bigint as place
        from added a where not a.is_point and not a.is_group
      union all
      select 'point', a.stretch, a.at, null, 0, ${NAMED}, ${noWas}, 0 from added a where a.is_point and a.stretch = 0
      union all
      select 'row', 0, null, a.key, 1, ${NAMED}, ${was}, a.place
        from ranked a left join added b on b.is_group and b.stretch = 1 and b.key is not distinct from a.key
       where a.place <= ${question.limit}
      union all
      select 'other', 0, null, null, count(*), ${SUMS_OF_SUMS}, ${noWas}, 0 from ranked r where r.place > ${question.limit})
    select p.* from parts p order by p.part, p.at, p.place`.execute(tx);
  return rows;
}

/**
 * The table `added`: sums of each stretch (neither point nor group), of each of its points and of each of its groups. Where points are few lines, they and the groups
 * are added up apart; else every line is read once for all of them.
 */
function addedUp(question: SumsQuestion): RawBuilder<unknown> {
  const { range, filter, group, nowMs, unfoldedFromMs } = question;
  const byHour = isByHour(range, group);
  const both = range.previous === null ? [range] : [range, range.previous];
  const rows = (of: UsageGroup, stretches: readonly Stretch[]) =>
    usageRows(stretches, filter, { group: of, byHour, nowMs, unfoldedFromMs });
  const at = INTERVAL_STARTS[range.interval];
  const key = groupKey(group);
  if (hasFewPoints(filter) && !byHour)
    return sql`added as materialized (
      select grouping(${at}) = 0 as is_point, false as is_group, s.stretch, ${at} as at, null::text as key, ${SUMS}
        from ${rows('day', both)} as s group by grouping sets ((s.stretch), (s.stretch, ${at}))
      union all
      select false, true, s.stretch, null, ${key}, ${SUMS} from ${rows(group, comparedApart(question) === null ? both : [range])} as s group by s.stretch, ${key})`;
  return sql`few as (
      select s.stretch, ${at} as at, ${key} as key, ${SUMS} from ${rows(group, both)} as s group by 1, 2, 3),
    added as materialized (
      select grouping(r.at) = 0 as is_point, grouping(r.key) = 0 as is_group, r.stretch, r.at, r.key, ${SUMS_OF_SUMS}
        from few r group by grouping sets ((r.stretch), (r.stretch, r.at), (r.stretch, r.key)))`;
}

/** Of groups that come after a row: less, or as much with a later key; those without a key come last. */
function isAfter(value: RawBuilder<bigint>, after: SumsQuestion['after']): RawBuilder<boolean> {
  if (after === null) return sql`true`;
  const [last, key] = after;
  const isLater = key === null ? sql`false` : sql`(g.key is null or g.key > ${key})`;
  return sql`(${value} < ${last}::bigint or (${value} = ${last}::bigint and ${isLater}))`;
}

function toAnswer(rows: readonly Row[]): SumsAnswer {
  const total = (stretch: number) =>
    rows.find((row) => row.part === 'total' && row.stretch === stretch) ?? (NO_USE as UsageSums);
  const other = rows.find(({ part }) => part === 'other');
  return {
    totals: total(0),
    previous: total(1),
    series: rows.flatMap((row) => (row.part === 'point' && row.at !== null ? [{ ...row, at: row.at }] : [])),
    rows: rows.filter(({ part }) => part === 'row').map((row) => ({ ...row, previous: previousOf(row) })),
    other: other ?? NO_USE,
    otherGroups: other?.groups ?? 0n,
  };
}

function previousOf(row: Row): UsageGroupRow['previous'] {
  return {
    requests: row.wasRequests,
    errors: row.wasErrors,
    inputTokens: row.wasInputTokens,
    outputTokens: row.wasOutputTokens,
    costNanoUsd: row.wasCostNanoUsd,
  };
}
