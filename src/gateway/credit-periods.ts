// Owns: the gateway's two questions about credits: that the running period's plan lots exist, and how much is left. Not: burning them (the ledger).

import { isDatabaseUnavailable } from '../database/failures.ts';
import type { Database } from '../database/pool.ts';
import { windowAt } from '../ledger/core/window.ts';
import { WeirError } from '../primitives/errors.ts';
import type { Caller } from './call.ts';

/** Organizations whose lots are known to be there; past it all are asked for again. */
const REMEMBERED_MAX = 100_000;

/** Credits as the stages need them. */
export interface CreditPeriods {
  /** Makes the plan's lots of the organization's running 30 days. One statement a period; then from memory. */
  ensureCredits(caller: Caller, nowMs: number): Promise<void>;
  /** Credits of a type in active lots, not held. */
  creditsAvailable(organizationId: string, creditType: string, nowMs: number): Promise<bigint>;
}

/** Makes it over a pool of the gateway's role. */
export function createCreditPeriods(database: Database): CreditPeriods {
  const ensured = new Map<string, string>();
  return {
    async ensureCredits({ organization }, nowMs) {
      const period = windowAt({ kind: 'anniversary', anchorMs: organization.anniversaryMs }, nowMs);
      // A plan change within the period grants the missing part: the facts' version tells.
      const state = `${period.startMs} ${organization.planSlug}`;
      if (ensured.get(organization.id) === state) return;
      await answered(
        database.pool.query('select weir.ensure_plan_credits($1, $2)', [organization.id, new Date(nowMs)]),
      );
      if (ensured.size >= REMEMBERED_MAX) ensured.clear();
      ensured.set(organization.id, state);
    },
    async creditsAvailable(organizationId, creditType, nowMs) {
      const { rows } = await answered(
        database.pool.query<{ available: bigint }>(
          `select coalesce(sum(remaining), 0)::bigint as available from weir.credit_grants
            where organization_id = $1 and credit_type = $2 and effective_at <= $3 and (expires_at is null or expires_at > $3)`,
          [organizationId, creditType, new Date(nowMs)],
        ),
      );
      return rows[0]?.available ?? 0n;
    },
  };
}

/** A database that can't be asked becomes the answer that the caller may try again. */
async function answered<Result>(query: Promise<Result>): Promise<Result> {
  try {
    return await query;
  } catch (error) {
    if (!isDatabaseUnavailable(error)) throw error;
    throw new WeirError('ledger_unavailable', {
      retryAfterSeconds: 1,
      internal: 'credits can not be read',
      cause: error,
    });
  }
}
