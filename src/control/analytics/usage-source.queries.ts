// Owns: which rows of the sums a question is about, as SQL that the questions are built on. Not: the questions (usage-sums.queries.ts), or who may see what: row
// level security, and the organization that services pass.

import { type RawBuilder, sql } from 'kysely';
import type { UsageGroup, UsageInterval } from '../../contracts/analytics/usage-words.ts';
import type { DatabaseTransaction } from '../../database/pool.ts';
import { type Piece, piecesOf, type Stretch } from './usage-range.rules.ts';

/** What narrows use; each that is given has to hold. In a list, null stands for calls that have none. */
export interface UsageFilter {
  readonly organizationId: string;
  /** Absent: everybody's. */
  readonly users?: readonly (string | null)[] | undefined;
  readonly models?: readonly string[] | undefined;
  readonly modelTypes?: readonly string[] | undefined;
  readonly providers?: readonly string[] | undefined;
  /** Slugs. */
  readonly templates?: readonly (string | null)[] | undefined;
  readonly features?: readonly (string | null)[] | undefined;
  readonly departments?: readonly (string | null)[] | undefined;
  readonly keys?: readonly (string | null)[] | undefined;
  readonly statuses?: readonly string[] | undefined;
  readonly environments?: readonly string[] | undefined;
}

const COLUMNS: Readonly<Record<Exclude<keyof UsageFilter, 'organizationId'>, RawBuilder<unknown>>> = {
  users: sql`s.user_id::text`,
  models: sql`s.model_id`,
  modelTypes: sql`s.model_type`,
  providers: sql`s.provider`,
  templates: sql`s.template_slug`,
  features: sql`s.feature`,
  departments: sql`s.department_id::text`,
  keys: sql`s.virtual_key_id::text`,
  statuses: sql`s.status`,
  environments: sql`s.environment`,
};

const UUIDS: Readonly<Partial<Record<keyof UsageFilter, RawBuilder<unknown>>>> = {
  users: sql`s.user_id`,
  departments: sql`s.department_id`,
  keys: sql`s.virtual_key_id`,
};

/** The conditions of a filter on a table or view called `s` with the columns of usage. */
export function matchesFilter(filter: UsageFilter): RawBuilder<unknown> {
  const conditions = [sql`s.organization_id = ${filter.organizationId}::uuid`];
  for (const name of Object.keys(COLUMNS) as (keyof typeof COLUMNS)[]) {
    const values: readonly (string | null)[] | undefined = filter[name];
    if (values === undefined) continue;
    const named = values.filter((value) => value !== null);
    const uuid = UUIDS[name];
    const isNamed = uuid ? sql`${uuid} = any (${named}::uuid[])` : sql`${COLUMNS[name]} = any (${named}::text[])`;
    conditions.push(values.includes(null) ? sql`(${COLUMNS[name]} is null or ${isNamed})` : isNamed);
  }
  return sql.join(conditions, sql` and `);
}

/** What rows are grouped by, as text; null where calls have none. */
export const GROUP_KEYS: Readonly<Record<UsageGroup, RawBuilder<string | null>>> = {
  day: sql`to_char(s.at at time zone 'UTC', 'YYYY-MM-DD')`,
  hour: sql`to_char(s.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')`,
  user: sql`s.user_id::text`,
  model: sql`s.model_id`,
  model_type: sql`s.model_type`,
  provider: sql`s.provider`,
  template: sql`s.template_slug`,
  feature: sql`s.feature`,
  department: sql`s.department_id::text`,
  key: sql`s.virtual_key_id::text`,
  status: sql`s.status`,
  environment: sql`s.environment`,
};

/** The first moment of the interval that a row lies in. */
export const INTERVAL_STARTS: Readonly<Record<UsageInterval, RawBuilder<Date>>> = {
  hour: sql`s.at`,
  day: sql`date_trunc('day', s.at, 'UTC')`,
  month: sql`date_trunc('month', s.at, 'UTC')`,
};

/** What questions are about; the sums have more columns than the views. */
const READ = sql`s.user_id, s.department_id, s.virtual_key_id, s.model_id, s.provider, s.model_type, s.template_slug, s.feature, s.environment,
  s.status, s.requests, s.errors, s.trial_requests, s.unpriced_requests, s.fallback_requests, s.estimated_requests, s.input_tokens,
  s.output_tokens, s.cached_input_tokens, s.cache_write_tokens, s.reasoning_tokens, s.cost_nano_usd, s.latency_ms_sum, s.latency_count,
  s.first_token_ms_sum, s.first_token_count, s.latency_buckets`;

/** What a piece is read from: the sums, or all up to now. */
const SOURCES = {
  usage_hours: { sums: 'usage_hourly', all: 'usage_hours' },
  usage_days: { sums: 'usage_daily', all: 'usage_days' },
} as const;

/** How rows are read. */
export interface UsageReading {
  readonly byHour: boolean;
  readonly nowMs: number;
  /** From `findUnfoldedFrom`. */
  readonly unfoldedFromMs: number;
}

/** Calls that are looked for beside the sums began at most so long before the line (migration 000132). */
const UNFOLDED_MS = 20 * 60_000;

/**
 * The moment from which on calls may be missing in the sums; minus infinity: all may. The line only moves on: asked for before the sums are read, it says of which
 * stretches nothing but sums need be read.
 */
export async function findUnfoldedFrom(tx: DatabaseTransaction): Promise<number> {
  const { rows } = await sql<{ line: Date | null }>`
    select nullif(weir.usage_folded_to(), '-infinity') as line`.execute(tx);
  const line = rows[0]?.line ?? null;
  return line === null ? Number.NEGATIVE_INFINITY : line.getTime() - UNFOLDED_MS;
}

/**
 * All rows of some stretches that match, each with `at` (its hour, or the first moment of its day) and `stretch` (the place of its stretch in the list). To be
 * used as a table called `s`.
 */
export function usageRows(
  stretches: readonly Stretch[],
  filter: UsageFilter,
  reading: UsageReading,
): RawBuilder<unknown> {
  const parts = stretches.flatMap((stretch, place) =>
    piecesOf(stretch, reading).map((piece) =>
      rowsOf(piece, { place, filter, isFolded: piece.toMs <= reading.unfoldedFromMs }),
    ),
  );
  return sql`(${sql.join(parts, sql` union all `)})`;
}

function rowsOf(
  { view, fromMs, toMs }: Piece,
  { place, filter, isFolded }: { readonly place: number; readonly filter: UsageFilter; readonly isFolded: boolean },
): RawBuilder<unknown> {
  const source = sql.table(`weir.${SOURCES[view][isFolded ? 'sums' : 'all']}`);
  const [from, to] = [new Date(fromMs).toISOString(), new Date(toMs).toISOString()];
  if (view === 'usage_hours')
    return sql`select ${sql.lit(place)} as stretch, s.hour as at, ${READ} from ${source} s
      where s.hour >= ${from}::timestamptz and s.hour < ${to}::timestamptz and ${matchesFilter(filter)}`;
  return sql`select ${sql.lit(place)} as stretch, s.day::timestamp at time zone 'UTC' as at, ${READ} from ${source} s
    where s.day >= ${from.slice(0, 10)}::date and s.day < ${to.slice(0, 10)}::date and ${matchesFilter(filter)}`;
}
