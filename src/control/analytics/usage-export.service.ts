// Owns: files of use, read page by page as fast as they are taken: no file is ever whole in memory, and no transaction waits for a slow reader. Not: their columns.

import { EXPORT_CALL_DAYS_MAX, EXPORT_DAYS_MAX } from '../../contracts/analytics/usage-reports.ts';
import type { MemberCaller } from '../../contracts/caller.ts';
import { invalidField } from '../../contracts/problem.ts';
import type { Database } from '../../database/pool.ts';
import { withPrincipal } from '../../database/principal.ts';
import type { Clock } from '../../primitives/clock.ts';
import { type CsvCell, csvFile } from '../../primitives/csv.ts';
import type { Audit } from '../audit/index.ts';
import { FOCUS_COLUMNS } from './focus.rules.ts';
import { CALL_COLUMNS, type Column, DAY_COLUMNS } from './usage-columns.rules.ts';
import { listUsageEvents, type UsageEventRow } from './usage-event.queries.ts';
import { findOrganizationName, listDaysOfUse, listUsageOfDay, type UsageDayRow } from './usage-export.queries.ts';
import { type AskedRange, type Stretch, usageRange } from './usage-range.rules.ts';
import type { UsageFilter } from './usage-source.queries.ts';

/** Rows read at once: one short transaction each, and the reader's rights are asked anew every time. */
const STEP_ROWS = 1_000;
const DAY_MS = 86_400_000;

/** What is asked for. */
export interface UsageExportQuestion extends AskedRange {
  readonly filter: Omit<UsageFilter, 'organizationId'>;
  readonly detail: 'day' | 'call';
  readonly format: 'csv' | 'focus';
}

/** A file. */
export interface UsageFile {
  readonly name: string;
  readonly text: AsyncIterable<string>;
}

/** Makes files. */
export interface UsageExportService {
  /** Of the caller's organization, after recording that it was exported. 400 naming the field of a range that is too long. */
  export(caller: MemberCaller, question: UsageExportQuestion): Promise<UsageFile>;
}

/** Over the given database. */
export function createUsageExportService(options: {
  readonly database: Database;
  readonly audit: Audit;
  readonly clock: Clock;
}): UsageExportService {
  const { database, audit, clock } = options;
  return {
    async export(caller, { filter: asked, detail, format, ...when }) {
      if (format === 'focus' && detail === 'call') throw invalidField('detail', 'of FOCUS is the day');
      const { organizationId } = caller;
      const filter = { ...asked, organizationId };
      const { organizationName, days } = await withPrincipal(database, caller, async (tx) => {
        await audit.record(tx, caller, {
          ...{ action: 'usage.export', targetType: 'organization', targetId: organizationId },
          after: { detail, format, ...when, filters: asked },
        });
        return {
          organizationName: await findOrganizationName(tx, organizationId),
          days: await listDaysOfUse(tx, organizationId),
        };
      });
      const stretch = boundedRange(when, { detail, firstDay: days[0] ?? null, nowMs: clock.nowMs() });
      const name = fileName(stretch, {
        detail,
        format,
        isFiltered: Object.values(asked).some((values) => values !== undefined),
      });
      if (detail === 'call') {
        const read = (after: UsageEventRow | undefined) =>
          withPrincipal(database, caller, (tx) =>
            listUsageEvents(tx, filter, {
              ...{ from: new Date(stretch.fromMs), to: new Date(stretch.toMs), limit: STEP_ROWS },
              after: after === undefined ? null : [after.occurredAt.toISOString(), after.id],
            }),
          );
        return { name, text: toFile(CALL_COLUMNS, pages(read)) };
      }
      const readDay = (day: string) => (after: UsageDayRow | undefined) =>
        withPrincipal(database, caller, (tx) =>
          listUsageOfDay(tx, filter, { day, after: after?.place ?? '', limit: STEP_ROWS }),
        );
      const rows = ofDays(daysWithin(days, stretch), readDay);
      if (format === 'csv') return { name, text: toFile(DAY_COLUMNS, rows) };
      return { name, text: toFile(FOCUS_COLUMNS, withAccount(rows, { organizationId, organizationName })) };
    },
  };
}

/** The range that was asked for, of no more days than one file holds. */
function boundedRange(
  asked: AskedRange,
  {
    detail,
    firstDay,
    nowMs,
  }: { readonly detail: 'day' | 'call'; readonly firstDay: string | null; readonly nowMs: number },
): Stretch {
  const range = usageRange({ ...asked, interval: 'day' }, nowMs);
  // A range without a beginning begins with the first use.
  const begins = firstDay === null ? range.toMs : Date.parse(firstDay);
  const stretch = { fromMs: range.fromMs === 0 ? begins : range.fromMs, toMs: range.toMs };
  const daysMax = detail === 'call' ? EXPORT_CALL_DAYS_MAX : EXPORT_DAYS_MAX;
  if (stretch.toMs - stretch.fromMs > daysMax * DAY_MS)
    throw invalidField(asked.period === undefined ? 'from' : 'period', `makes more than ${daysMax} days`);
  return stretch;
}

/** Says what is in it: `weir-usage_2026-10-01_2026-10-31_calls_filtered.csv`; the last day is included. */
function fileName(
  { fromMs, toMs }: Stretch,
  { detail, format, isFiltered }: { readonly detail: string; readonly format: string; readonly isFiltered: boolean },
): string {
  const day = (ms: number): string => new Date(ms).toISOString().slice(0, 10);
  const kind = format === 'focus' ? 'focus' : detail === 'call' ? 'calls' : 'days';
  return `weir-usage_${day(fromMs)}_${day(Math.max(fromMs, toMs - 1))}_${kind}${isFiltered ? '_filtered' : ''}.csv`;
}

async function* pages<Row>(read: (after: Row | undefined) => Promise<Row[]>): AsyncGenerator<Row, void, undefined> {
  let last: Row | undefined;
  for (;;) {
    const rows: Row[] = await read(last);
    yield* rows;
    last = rows.at(-1);
    if (rows.length < STEP_ROWS) return;
  }
}

/** Those that a stretch touches: each is read whole. */
function daysWithin(days: readonly string[], { fromMs, toMs }: Stretch): string[] {
  return days.filter((day) => Date.parse(day) + DAY_MS > fromMs && Date.parse(day) < toMs);
}

async function* ofDays(
  days: readonly string[],
  readDay: (day: string) => (after: UsageDayRow | undefined) => Promise<UsageDayRow[]>,
): AsyncGenerator<UsageDayRow, void, undefined> {
  for (const day of days) yield* pages(readDay(day));
}

async function* withAccount<Row, Account>(
  rows: AsyncIterable<Row>,
  account: Account,
): AsyncGenerator<Row & Account, void, undefined> {
  for await (const row of rows) yield { ...row, ...account };
}

function toFile<Row>(columns: readonly Column<Row>[], rows: AsyncIterable<Row>): AsyncIterable<string> {
  return csvFile(
    columns.map(([name]) => name),
    cellsOf(columns, rows),
  );
}

async function* cellsOf<Row>(
  columns: readonly Column<Row>[],
  rows: AsyncIterable<Row>,
): AsyncGenerator<CsvCell[], void, undefined> {
  for await (const row of rows) yield columns.map(([, cell]) => cell(row));
}
