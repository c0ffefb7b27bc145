// Owns: whether a person's trial of a template is still running: so many days from the first use. Not: trial messages of a model (a meter).

import { isDatabaseUnavailable } from '../database/failures.ts';
import type { Database } from '../database/pool.ts';
import { WeirError } from '../primitives/errors.ts';
import { templateTrial } from './admission/meters.ts';
import type { Caller, Refusal, Resolution } from './call.ts';

/** First uses remembered; past it all are asked for again. */
const REMEMBERED_MAX = 100_000;
const DAY_MS = 86_400_000;

/** Tells whether a trial has run out; null while it runs, or where there is none. */
export type CheckTemplateTrial = (caller: Caller, resolution: Resolution, nowMs: number) => Promise<Refusal | null>;

/**
 * The first use is when the trial's counter was made, which the ledger does in the transaction of the first hold. It never changes, so that it
 * is read once; only calls of trial templates ask at all.
 */
export function createTemplateTrials(database: Database): CheckTemplateTrial {
  const firstUses = new Map<string, number>();
  const firstUseMs = async (meterKey: string): Promise<number | undefined> => {
    const known = firstUses.get(meterKey);
    if (known !== undefined) return known;
    const { rows } = await database.pool.query<{ created_at: Date }>(
      'select created_at from weir.counters where meter_key = $1',
      [meterKey],
    );
    const usedAt = rows[0]?.created_at.getTime();
    if (usedAt === undefined) return undefined;
    if (firstUses.size >= REMEMBERED_MAX) firstUses.clear();
    firstUses.set(meterKey, usedAt);
    return usedAt;
  };
  return async (caller, { template }, nowMs) => {
    if (!template?.isTrial || template.trialExpiresDays === null) return null;
    const usedAtMs = await firstUseMs(templateTrial(caller, template).key).catch(unavailable);
    if (usedAtMs === undefined || nowMs < usedAtMs + template.trialExpiresDays * DAY_MS) return null;
    return {
      code: 'trial_exhausted',
      message: `Your ${template.trialExpiresDays}-day trial of the template ${template.slug} has ended. Ask an admin for access.`,
      param: 'model',
      details: { upgrade_url: '/billing/plans', trial_started_at: new Date(usedAtMs).toISOString() },
    };
  };
}

function unavailable(error: unknown): never {
  if (!isDatabaseUnavailable(error)) throw error;
  throw new WeirError('ledger_unavailable', {
    retryAfterSeconds: 1,
    internal: 'a trial can not be read',
    cause: error,
  });
}
