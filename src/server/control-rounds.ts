// Owns: what the control plane does from time to time: removing what is kept only for a while. Not: the data plane's tasks (maintenance.ts) or the removals
// themselves. Every task may run on many replicas at once.

import { sql } from 'kysely';
import type { People, RetentionService } from '../control/identity/index.ts';
import type { Database } from '../database/pool.ts';
import { withPlatform } from '../database/principal.ts';
import type { Log } from './log.ts';
import { createRounds, type Rounds } from './rounds.ts';

const MINUTE_MS = 60_000;
/** Rows of one removal, and removals of one round: what is left waits for the next. */
const BATCH = 5_000;
const BATCHES_PER_ROUND = 20;
/** Organizations of one round; each takes everything of its tenant along. */
const ORGANIZATIONS_PER_ROUND = 10;

/** Organizations of one round in which pauses are ended; the gateway has let their people through before. */
const RESUMED_ORGANIZATIONS_PER_ROUND = 200;

/** The tasks, not yet running. */
export function createControlRounds(options: {
  readonly database: Database;
  readonly retention: RetentionService;
  readonly people: Pick<People, 'expireInvitations' | 'resumeMembers'>;
  readonly log: Log;
}): Pick<Rounds, 'start' | 'stop'> {
  const { database, retention, people, log } = options;
  const rounds = [
    createRounds({
      name: 'remove what repeated writes, rates and sign-in left',
      intervalMs: 10 * MINUTE_MS,
      firstDelayMs: MINUTE_MS,
      log,
      round: async () => {
        for (const remove of [
          removeIdempotency,
          clearRates,
          (_: Database, limit: number) => retention.removeEnded(limit),
        ])
          for (let batch = 0; batch < BATCHES_PER_ROUND; batch += 1) if ((await remove(database, BATCH)) < BATCH) break;
      },
    }),
    createRounds({
      name: 'remove organizations whose grace is over',
      intervalMs: 60 * MINUTE_MS,
      firstDelayMs: 5 * MINUTE_MS,
      log,
      round: async () => {
        const organizations = await retention.purgeOrganizations(ORGANIZATIONS_PER_ROUND);
        if (organizations > 0) log.info({ organizations }, 'removed organizations whose grace was over');
      },
    }),
    createRounds({
      name: 'end invitations and pauses that have run out',
      intervalMs: MINUTE_MS,
      log,
      round: async () => {
        for (let batch = 0; batch < BATCHES_PER_ROUND; batch += 1)
          if ((await people.expireInvitations(BATCH)) < BATCH) break;
        const resumed = await people.resumeMembers(RESUMED_ORGANIZATIONS_PER_ROUND);
        if (resumed > 0) log.info({ members: resumed }, 'pauses ran out');
      },
    }),
  ];
  return {
    start: () => {
      for (const each of rounds) each.start();
    },
    stop: async () => {
      await Promise.all(rounds.map((each) => each.stop()));
    },
  };
}

async function removeIdempotency(database: Database, limit: number): Promise<number> {
  const { numAffectedRows = 0n } = await withPlatform(database, 'remove answers to repeated writes', (tx) =>
    sql`delete from weir.request_idempotency where (scope, key) in (
      select scope, key from weir.request_idempotency where expires_at < now() limit ${limit})`.execute(tx),
  );
  return Number(numAffectedRows);
}

async function clearRates(database: Database, limit: number): Promise<number> {
  const { rows } = await withPlatform(database, 'remove rates that ended', (tx) =>
    sql<{ removed: number }>`select weir.clear_rate_limit_windows(${limit}) as removed`.execute(tx),
  );
  return rows[0]?.removed ?? 0;
}
