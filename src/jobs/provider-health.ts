// Owns: keeping what is found out of providers' health: when they were asked, how long they took, how often they failed, whether they count as broken. Not: asking
// them (handed in), or the breakers of each replica (gateway).

import { sql } from 'kysely';
import type { Database } from '../database/pool.ts';
import { withPlatform } from '../database/principal.ts';
import type { JobCounts } from './job.ts';

/** What a provider answered, or that it didn't. */
export interface ProviderAnswer {
  readonly providerId: string;
  readonly isUp: boolean;
  readonly latencyMs: number;
}

/** Asks every provider that the platform has a secret for. Never rejects. */
export type AskProviders = () => Promise<readonly ProviderAnswer[]>;

/** So many failures in a row, with no call answered meanwhile, and it counts as broken. */
const FAILURES_MAX = 3;
/** How much the newest answer weighs in the rate of errors. */
const NEWEST_WEIGHT = 0.1;

/** Asks, and keeps the answers. A provider that answers is in order again at once; calls made elsewhere, which anybody may tell of, say nothing of it. */
export async function watchProviders(
  { database, askProviders }: { readonly database: Database; readonly askProviders: AskProviders },
  nowMs: number,
): Promise<JobCounts> {
  const answers = await askProviders();
  if (answers.length > 0)
    await withPlatform(database, 'keep what providers answered', (tx) =>
      sql`update weir.providers p set last_checked_at = ${new Date(nowMs)}, last_latency_ms = a.latency_ms,
          consecutive_failures = case when a.is_up then 0 else p.consecutive_failures + 1 end,
          error_rate = round(coalesce(p.error_rate, 0) * ${1 - NEWEST_WEIGHT}::numeric
            + case when a.is_up then 0 else ${NEWEST_WEIGHT}::numeric end, 4),
          status = case when p.status = 'inactive' then p.status when a.is_up then 'active'
            when p.consecutive_failures + 1 < ${FAILURES_MAX} or exists (select from weir.usage_events e
              where e.booked_at > ${new Date(nowMs)}::timestamptz - interval '3 minutes' and e.provider = p.slug and e.status = 'success'
                and e.route <> 'recorded')
              then p.status else 'error' end
        from unnest(${answers.map(({ providerId }) => providerId)}::uuid[], ${answers.map(({ isUp }) => isUp)}::boolean[],
          ${answers.map(({ latencyMs }) => Math.round(latencyMs))}::integer[]) as a (id, is_up, latency_ms)
       where p.id = a.id`.execute(tx),
    );
  return { asked: answers.length, failed: answers.filter(({ isUp }) => !isUp).length };
}
