// Owns: the figures of one model for superadmins. Not: the queries behind them, or use by other dimensions (analytics).

import type { Caller } from '../../../contracts/caller.ts';
import type { Database } from '../../../database/pool.ts';
import { withPrincipal } from '../../../database/principal.ts';
import type { Clock } from '../../../primitives/clock.ts';
import { getModel } from './model.service.ts';
import { lastDays } from './model-days.rules.ts';
import {
  countAccess,
  countTrials,
  type ModelAccess,
  type ModelRevenue,
  type ModelTrials,
  sumRevenue,
} from './model-stats.queries.ts';
import { listDays, listTopUsers, type UserUse } from './model-use.queries.ts';

const TOP_USERS = 10;
const DAYS = 30;

/** The figures. Days are UTC; today is the last of them. */
export interface ModelStats {
  readonly modelId: string;
  readonly access: ModelAccess;
  /** Of a free model all active members, of a premium one those with a right. */
  readonly usersWithAccess: number;
  readonly messagesToday: number;
  readonly messages7Days: number;
  readonly messages30Days: number;
  readonly costNanoUsd30Days: bigint;
  readonly topUsers: readonly UserUse[];
  readonly revenue: ModelRevenue;
  readonly trials: ModelTrials;
  readonly asOf: Date;
}

/** Reads the figures. */
export interface ModelStatsService {
  /** 404 `not_found`. */
  get(caller: Caller, id: string): Promise<ModelStats>;
}

/** Over the given database. */
export function createModelStatsService({
  database,
  clock,
}: {
  readonly database: Database;
  readonly clock: Clock;
}): ModelStatsService {
  return {
    get: (caller, id) =>
      withPrincipal(database, caller, async (tx) => {
        const model = await getModel(tx, id);
        const now = clock.nowMs();
        const days = lastDays(now, DAYS);
        const byDay = await listDays(tx, id, days);
        const messagesSince = (day: string): number =>
          byDay.reduce((sum, one) => (one.day >= day ? sum + Number(one.messages) : sum), 0);
        const access = await countAccess(tx, id);
        return {
          ...{ modelId: id, access, asOf: new Date(now) },
          usersWithAccess: model.tier === 'free' ? access.activeMembers : access.usersByRight,
          messagesToday: messagesSince(lastDays(now, 1).from),
          messages7Days: messagesSince(lastDays(now, 7).from),
          messages30Days: messagesSince(days.from),
          costNanoUsd30Days: byDay.reduce((sum, { costNanoUsd }) => sum + costNanoUsd, 0n),
          topUsers: await listTopUsers(tx, id, { days, limit: TOP_USERS }),
          revenue: await sumRevenue(tx, id),
          trials: await countTrials(tx, id),
        };
      }),
  };
}
