// Owns: use of the whole platform, with the period before. Not: the sums (queries), or use of one organization (analytics).

import type { Caller } from '../../contracts/caller.ts';
import type { UsageGroup } from '../../contracts/platform/system.ts';
import type { Database } from '../../database/pool.ts';
import { withPrincipal } from '../../database/principal.ts';
import type { Clock } from '../../primitives/clock.ts';
import { listUsage, sumUsage, type UsageFilter, type UsageRow, type UsageTotals } from './system-usage.queries.ts';
import { type UsageDays, usageDays } from './system-usage.rules.ts';

/** What is asked. */
export interface UsageQuestion extends UsageFilter {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly group: UsageGroup;
  readonly limit: number;
}

/** What is answered. */
export interface UsageAnswer {
  readonly days: UsageDays;
  readonly totals: UsageTotals;
  readonly previous: UsageTotals;
  readonly rows: readonly UsageRow[];
}

/** Reads use, for platform roles. */
export interface SystemUsageService {
  /** 400 naming the field for days in the wrong order or too many. */
  get(caller: Caller, question: UsageQuestion): Promise<UsageAnswer>;
}

/** Rows of one answer. */
const ROWS_MAX = 100;

/** Over the given database. */
export function createSystemUsageService(options: {
  readonly database: Database;
  readonly clock: Clock;
}): SystemUsageService {
  const { database, clock } = options;
  return {
    get(caller, { from, to, group, limit, ...filter }) {
      const days = usageDays({ from, to }, clock.nowMs());
      // No day of a period is left out.
      const rowsMax = group === 'day' ? ROWS_MAX : limit;
      return withPrincipal(database, caller, async (tx) => ({
        days,
        ...(await sumUsage(tx, days, filter)),
        rows: await listUsage(tx, days.period, { filter, group, limit: rowsMax }),
      }));
    },
  };
}
