// Owns: which rows of the sums a question is about, as SQL that the questions are built on. Not: the questions (usage-sums.queries.ts), or who may see what: row
// level security, and the organization that services pass.

import { type RawBuilder, sql } from 'kysely';
import type { UsageGroup, UsageInterval } from '../../contracts/analytics/usage-words.ts';
import { NOBODY_ID } from '../../contracts/caller.ts';
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

/** What rows are grouped by, as text; null where calls have none. Of all groups but those of time. */
const KEYS: Readonly<Record<Exclude<UsageGroup, 'day' | 'hour'>, RawBuilder<string | null>>> = {
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

/** The key of a group, of rows of `usageRows`. */
export function groupKey(group: UsageGroup): RawBuilder<string | null> {
  if (group === 'day') return sql`to_char(s.at at time zone 'UTC', 'YYYY-MM-DD')`;
  if (group === 'hour') return sql`to_char(s.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')`;
  return sql`s.key`;
}

/** The first moment of the interval that a row lies in. */
export const INTERVAL_STARTS: Readonly<Record<UsageInterval, RawBuilder<Date>>> = {
  hour: sql`s.at`,
  day: sql`date_trunc('day', s.at, 'UTC')`,
  month: sql`date_trunc('month', s.at, 'UTC')`,
};

/** Sums that are read; those of a facet have `denied` as a column. */
const SUMS = sql`s.requests, s.errors, s.trial_requests, s.unpriced_requests, s.fallback_requests, s.estimated_requests, s.input_tokens,
  s.output_tokens, s.cached_input_tokens, s.cache_write_tokens, s.reasoning_tokens, s.cost_nano_usd, s.latency_ms_sum, s.latency_count,
  s.first_token_ms_sum, s.first_token_count, s.latency_buckets`;
const DENIED = sql`case when s.status = 'denied' then s.requests else 0 end as denied`;

/** Whether a series by the day is read from few lines. */
export const hasFewPoints = (filter: UsageFilter): boolean => isOfSlices(filter, 'day');

/** Whether all of the organization is meant: days are then read from facets. */
function isUnfiltered(filter: UsageFilter): boolean {
  return Object.entries(filter).every(([name, values]) => name === 'organizationId' || values === undefined);
}

/** Whether neither people nor keys are asked about: days are then read without them, which is few lines of many. */
function isOfSlices({ users, keys }: UsageFilter, group: UsageGroup): boolean {
  return users === undefined && keys === undefined && group !== 'user' && group !== 'key';
}

/** How rows are read. */
export interface UsageReading {
  /** By what they will be grouped. */
  readonly group: UsageGroup;
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

/** The table `recent`, for the beginning of a statement with `usageRows`: calls that no sum holds yet, read once however often they are asked for. */
export function recentCalls(filter: UsageFilter): RawBuilder<unknown> {
  return sql`recent as materialized (select s.* from weir.usage_unfolded s where ${matchesFilter(filter)})`;
}

/**
 * All rows of some stretches that match, each with `stretch` (the place of its stretch in the list), `at` (its hour, or the first moment of its day), `key` and
 * sums. To be used as a table called `s`, after `recentCalls` of the same filter. Of a large organization few lines are read instead of many: without filters,
 * those of the facet of the group; where neither people nor keys are asked about, those that were added up without them.
 */
export function usageRows(
  stretches: readonly Stretch[],
  filter: UsageFilter,
  reading: UsageReading,
): RawBuilder<unknown> {
  const { group, unfoldedFromMs } = reading;
  const isWhole = isUnfiltered(filter);
  const days = isOfSlices(filter, group) ? SLICES : DAILY;
  const parts = stretches.flatMap((stretch, place) =>
    piecesOf(stretch, reading).flatMap((piece) => {
      const wanted = { piece, place, filter, group };
      const isHours = piece.view === 'usage_hours';
      const sums = isHours ? rowsOf(HOURLY, wanted) : isWhole ? facetOf(wanted) : rowsOf(days, wanted);
      if (piece.toMs <= unfoldedFromMs) return [sums];
      return [sums, rowsOf(isHours ? RECENT_HOURS : RECENT_DAYS, wanted)];
    }),
  );
  return sql`(${sql.join(parts, sql` union all `)})`;
}

/** Where rows come from, the hour or day that each is of, and its type. */
interface Source {
  readonly table: RawBuilder<unknown>;
  readonly column: RawBuilder<unknown>;
  readonly at: RawBuilder<unknown>;
  readonly isDay: boolean;
  /** The filter has been applied. */
  readonly isFiltered: boolean;
}

const day = {
  column: sql`s.day`,
  at: sql`s.day::timestamp at time zone 'UTC'`,
  isDay: true,
  isFiltered: false,
} as const;
const recent = { table: sql`recent`, column: sql`s.occurred_at`, isDay: false, isFiltered: true } as const;
const HOURLY: Source = {
  ...{ table: sql`weir.usage_hourly`, column: sql`s.hour`, at: sql`s.hour` },
  ...{ isDay: false, isFiltered: false },
};
const DAILY: Source = { table: sql`weir.usage_daily`, ...day };
const SLICES: Source = { table: sql`weir.usage_daily_slices`, ...day };
const FACETS: Source = { table: sql`weir.usage_daily_facets`, ...day };
const RECENT_HOURS: Source = { ...recent, at: sql`date_trunc('hour', s.occurred_at, 'UTC')` };
const RECENT_DAYS: Source = { ...recent, at: sql`date_trunc('day', s.occurred_at, 'UTC')` };

interface Wanted {
  readonly piece: Piece;
  readonly place: number;
  readonly filter: UsageFilter;
  readonly group: UsageGroup;
}

function rowsOf(source: Source, { piece, place, filter, group }: Wanted): RawBuilder<unknown> {
  const key = group === 'day' || group === 'hour' ? sql`null::text` : KEYS[group];
  return sql`select ${sql.lit(place)} as stretch, ${source.at} as at, ${key} as key, ${DENIED}, ${SUMS} from ${source.table} s
    where ${isWithin(source, piece)} and ${source.isFiltered ? sql`true` : matchesFilter(filter)}`;
}

function facetOf({ piece, place, filter, group }: Wanted): RawBuilder<unknown> {
  const facet = group === 'day' || group === 'hour' ? 'all' : group;
  return sql`select ${sql.lit(place)} as stretch, ${FACETS.at} as at, nullif(s.value, '') as key, s.denied, ${SUMS} from ${FACETS.table} s
    where ${isWithin(FACETS, piece)} and s.facet = ${sql.lit(facet)} and s.organization_id = ${filter.organizationId}::uuid`;
}

function isWithin({ column, isDay }: Source, { fromMs, toMs }: Stretch): RawBuilder<unknown> {
  if (isDay) return sql`${column} >= ${dayOf(fromMs)}::date and ${column} < ${dayOf(toMs)}::date`;
  const [from, to] = [new Date(fromMs).toISOString(), new Date(toMs).toISOString()];
  return sql`${column} >= ${from}::timestamptz and ${column} < ${to}::timestamptz`;
}

/** The dimension of `weir.usage_activity` that each filter is about; people's own is none. */
const ACTIVITY_FACETS = {
  ...{ models: 'model', modelTypes: 'model_type', providers: 'provider', templates: 'template', features: 'feature' },
  ...{ departments: 'department', keys: 'key', statuses: 'status', environments: 'environment' },
} as const;

/** What one filter at most leaves of who was active; null: it takes more to tell. */
function activityOf(filter: UsageFilter): { readonly facet: string; readonly values: readonly string[] } | null {
  if (filter.users !== undefined) return null;
  const given = (Object.keys(ACTIVITY_FACETS) as (keyof typeof ACTIVITY_FACETS)[]).filter(
    (name) => filter[name] !== undefined,
  );
  const [name, another] = given;
  if (name === undefined) return { facet: 'all', values: [''] };
  if (another !== undefined) return null;
  return { facet: ACTIVITY_FACETS[name], values: (filter[name] ?? []).map((value) => value ?? '') };
}

/** Who made a call in a stretch, as rows with `key`, each maybe more than once; null: nobody. As `usageRows` otherwise. */
export function peopleRows(
  stretch: Stretch,
  filter: UsageFilter,
  reading: Omit<UsageReading, 'group'>,
): RawBuilder<unknown> {
  const activity = activityOf(filter);
  if (activity === null) return usageRows([stretch], filter, { ...reading, group: 'user' });
  const parts = piecesOf(stretch, reading).flatMap((piece) => {
    const wanted = { piece, place: 0, filter, group: 'user' } as const;
    const isHours = piece.view === 'usage_hours';
    const kept = isHours ? peopleOf(HOURLY, wanted) : activePeople(piece, filter, activity);
    return piece.toMs <= reading.unfoldedFromMs
      ? [kept]
      : [kept, peopleOf(isHours ? RECENT_HOURS : RECENT_DAYS, wanted)];
  });
  return sql`(${sql.join(parts, sql` union all `)})`;
}

function peopleOf(source: Source, { piece, filter }: Wanted): RawBuilder<unknown> {
  return sql`select ${KEYS.user} as key from ${source.table} s
    where ${isWithin(source, piece)} and ${source.isFiltered ? sql`true` : matchesFilter(filter)}`;
}

function activePeople(
  { fromMs, toMs }: Stretch,
  { organizationId }: UsageFilter,
  { facet, values }: { readonly facet: string; readonly values: readonly string[] },
): RawBuilder<unknown> {
  return sql`select nullif(s.user_id, ${NOBODY_ID}::uuid)::text as key from weir.usage_activity s
    join weir.days_of_months(${dayOf(fromMs)}::date, ${dayOf(toMs)}::date) m on m.month = s.month and s.days & m.days <> 0
    where s.organization_id = ${organizationId}::uuid and s.facet = ${sql.lit(facet)} and s.value = any (${values}::text[])`;
}

const dayOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);
