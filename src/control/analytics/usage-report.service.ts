// Owns: the report of a month: totals, who and what they are of, and the month before. Not: the sums (queries), or how it is printed.

import type { UsageGroup } from '../../contracts/analytics/usage-words.ts';
import type { MemberCaller } from '../../contracts/caller.ts';
import { invalidField } from '../../contracts/problem.ts';
import type { Database, DatabaseTransaction } from '../../database/pool.ts';
import { withPrincipal } from '../../database/principal.ts';
import type { Clock } from '../../primitives/clock.ts';
import { findOrganizationName } from './usage-export.queries.ts';
import { findLabels } from './usage-labels.queries.ts';
import type { UsageRange } from './usage-range.rules.ts';
import { findUnfoldedFrom } from './usage-source.queries.ts';
import { type SumsAnswer, sumUsage } from './usage-sums.queries.ts';

const PARTS = ['department', 'model', 'user', 'feature'] as const satisfies readonly UsageGroup[];
/** Lines of one part; what comes after is one line. */
const LINES_MAX = 50;
const HOUR_MS = 3_600_000;

/** One part of the report. */
export interface ReportPart extends SumsAnswer {
  readonly labels: ReadonlyMap<string, string>;
}

/** The report. */
export interface UsageReport {
  readonly organization: { readonly id: string; readonly name: string };
  readonly month: string;
  readonly previousMonth: string;
  readonly range: UsageRange;
  readonly isComplete: boolean;
  readonly madeAtMs: number;
  readonly parts: Readonly<Record<(typeof PARTS)[number], ReportPart>>;
}

/** Makes reports. */
export interface UsageReportService {
  /** Of a month of the caller's organization, `YYYY-MM`; the running one when left out. 400 for one that is still to come. */
  get(caller: MemberCaller, month: string | undefined): Promise<UsageReport>;
}

/** Over the given database. */
export function createUsageReportService(options: {
  readonly database: Database;
  readonly clock: Clock;
}): UsageReportService {
  const { database, clock } = options;
  return {
    get(caller, asked) {
      const nowMs = clock.nowMs();
      const month = asked ?? monthName(nowMs);
      const range = monthRange(month, nowMs);
      const { organizationId } = caller;
      return withPrincipal(database, caller, async (tx) => {
        const unfoldedFromMs = await findUnfoldedFrom(tx);
        const read = (group: UsageGroup): Promise<ReportPart> =>
          readPart(tx, { group, range, organizationId, nowMs, unfoldedFromMs });
        return {
          organization: { id: organizationId, name: await findOrganizationName(tx, organizationId) },
          ...{ month, range, madeAtMs: nowMs, isComplete: range.toMs <= nowMs },
          previousMonth: monthName(range.previous?.fromMs ?? range.fromMs),
          parts: {
            department: await read('department'),
            model: await read('model'),
            user: await read('user'),
            feature: await read('feature'),
          },
        };
      });
    },
  };
}

async function readPart(
  tx: DatabaseTransaction,
  asked: {
    readonly group: UsageGroup;
    readonly range: UsageRange;
    readonly organizationId: string;
    readonly nowMs: number;
    readonly unfoldedFromMs: number;
  },
): Promise<ReportPart> {
  const { organizationId, ...question } = asked;
  const { group } = question;
  const filter = { organizationId };
  const sums = await sumUsage(tx, { ...question, filter, sort: 'cost', limit: LINES_MAX, after: null });
  const keys = sums.rows.map(({ key }) => key);
  return { ...sums, labels: await findLabels(tx, { group, organizationId }, keys) };
}

const monthName = (ms: number): string => new Date(ms).toISOString().slice(0, 7);

/** A month up to now, and of the month before as much; never more than it has. */
function monthRange(month: string, nowMs: number): UsageRange {
  const [year = 0, number = 1] = month.split('-').map(Number);
  const start = (ahead: number): number => Date.UTC(year, number - 1 + ahead, 1);
  const fromMs = start(0);
  if (fromMs > nowMs) throw invalidField('month', 'is still to come');
  const toMs = Math.min(start(1), Math.floor(nowMs / HOUR_MS) * HOUR_MS + HOUR_MS);
  const isComplete = toMs === start(1);
  const previousTo = isComplete ? fromMs : Math.min(start(-1) + (toMs - fromMs), fromMs);
  return { fromMs, toMs, interval: 'day', previous: { fromMs: start(-1), toMs: previousTo } };
}
