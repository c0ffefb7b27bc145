// Owns: what stands behind requests and overrides: what they would raise, its limit now, what is used of it and was in the windows before. Not: the rows (queries).

import { TREND_WINDOWS } from '../../contracts/quotas/limit-requests.ts';
import type { Database } from '../../database/pool.ts';
import { withPlatform } from '../../database/principal.ts';
import { meterKeys, PERIOD_WINDOWS, type TemplateLimitPeriod } from '../../ledger/core/meter-keys.ts';
import { readCounters } from '../../ledger/store/counter-reader.ts';
import { type LimitTarget, listTargets, listTrends, type TargetQuestion } from './limit-target.queries.ts';

/** A limit with its use. */
export interface LimitStanding extends LimitTarget {
  readonly used: bigint;
  readonly held: bigint;
  readonly resetsAt: Date;
  readonly trend: readonly { readonly windowStart: Date; readonly used: bigint }[];
}

/** By place of the question; undefined where there is nothing to raise any more. Three queries, however many are asked. */
export function readStandings(
  database: Database,
  questions: readonly TargetQuestion[],
  nowMs: number,
): Promise<(LimitStanding | undefined)[]> {
  return withPlatform(database, 'read the use of limits that are to be raised', async (tx) => {
    const targets = await listTargets(tx, questions, new Date(nowMs));
    const meters = questions.map((question, place) => {
      const target = targets[place];
      return target === undefined ? undefined : { key: meterKey(question, target), target };
    });
    const known = meters.filter((meter) => meter !== undefined);
    const windows = known.map(({ key, target }) => ({ key, window: { kind: PERIOD_WINDOWS[target.period] } }));
    const counters = await readCounters(tx, windows, nowMs);
    const keys = known.map(({ key }) => key);
    const trends = await listTrends(tx, keys, TREND_WINDOWS);
    return meters.map((meter) => {
      const counter = meter && counters.get(meter.key);
      if (meter === undefined || counter === undefined) return undefined;
      const { used, held, resetsAt } = counter;
      return { ...meter.target, used, held, resetsAt, trend: trends.get(meter.key) ?? [] };
    });
  });
}

function meterKey({ kind, target, organizationId, userId }: TargetQuestion, { period }: LimitTarget): string {
  switch (kind) {
    case 'organization_quota':
      return meterKeys.organizationQuota(organizationId);
    case 'template_limit':
      // A template's limit has no quarters.
      return meterKeys.templateLimit(target, { organizationId, userId }, period as TemplateLimitPeriod);
    case 'daily_messages':
      return meterKeys.dailyMessages(target, { organizationId, userId });
    case 'budget':
      return meterKeys.budget(target, period);
  }
}
