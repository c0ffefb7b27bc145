// Owns: which rows of the sums a question is about, as SQL that the questions are built on. Not: the questions (usage-sums.queries.ts), or who may see what: row
// level security, and the organization that services pass.

import { type RawBuilder, sql } from 'kysely';
import type { UsageGroup, UsageInterval } from '../../contracts/analytics/usage-words.ts';
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

/**
 * All rows of some stretches that match, each with `at` (its hour, or the first moment of its day) and `stretch` (the place of its stretch in the list). To be
 * used as a table called `s`.
 */
export function usageRows(
  stretches: readonly Stretch[],
  filter: UsageFilter,
  reading: { readonly byHour: boolean; readonly nowMs: number },
): RawBuilder<unknown> {
  const parts = stretches.flatMap((stretch, place) =>
    piecesOf(stretch, reading).map((piece) => rowsOf(piece, place, filter)),
  );
  return sql`(${sql.join(parts, sql` union all `)})`;
}

function rowsOf({ view, fromMs, toMs }: Piece, place: number, filter: UsageFilter): RawBuilder<unknown> {
  const [from, to] = [new Date(fromMs).toISOString(), new Date(toMs).toISOString()];
  if (view === 'usage_hours')
    return sql`select ${sql.lit(place)} as stretch, s.hour as at, s.* from weir.usage_hours s
      where s.hour >= ${from}::timestamptz and s.hour < ${to}::timestamptz and ${matchesFilter(filter)}`;
  return sql`select ${sql.lit(place)} as stretch, s.day::timestamp at time zone 'UTC' as at, s.* from weir.usage_days s
    where s.day >= ${from.slice(0, 10)}::date and s.day < ${to.slice(0, 10)}::date and ${matchesFilter(filter)}`;
}
