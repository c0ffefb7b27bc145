// Owns: noting when each virtual key was last used: gathered in memory, written together once a minute, away from calls. Not: what a call is, or who reads the note.

import type { Database } from '../../database/pool.ts';
import type { CallReport, GatewayObserver } from '../../gateway/observer.ts';
import type { Clock } from '../../primitives/clock.ts';
import type { Log } from '../logging/log.ts';
import { createRounds, type Rounds } from './rounds.ts';

/** Gathers and writes. */
export interface KeyUse extends GatewayObserver {
  /** What was gathered is written by each round, and once more at the end. */
  readonly rounds: Rounds;
}

const INTERVAL_MS = 60_000;
/** Keys gathered at most between two rounds; a use beyond them is noted with the key's next. */
const KEYS_MAX = 100_000;

/** At most one write a key and round, whatever its calls; replicas never set a note back. A crash loses a minute of notes and nothing else. */
export function createKeyUse(options: {
  /** A pool as `weir_gateway`, which may write this one column. */
  readonly database: Pick<Database, 'pool'>;
  readonly clock: Clock;
  readonly log: Log;
  readonly next: GatewayObserver;
}): KeyUse {
  const { database, clock, log, next } = options;
  let used = new Map<string, number>();
  const write = async (): Promise<void> => {
    if (used.size === 0) return;
    const batch = used;
    used = new Map();
    try {
      await updateLastUse(database, batch);
    } catch (error) {
      // Younger uses stand; the others are tried again with the next round.
      for (const [id, atMs] of batch) if (!used.has(id) && used.size < KEYS_MAX) used.set(id, atMs);
      throw error;
    }
  };
  const rounds = createRounds({ name: 'note the use of keys', intervalMs: INTERVAL_MS, log, round: write });
  return {
    onCall(report: CallReport) {
      const { virtualKeyId } = report;
      if (virtualKeyId !== null && (used.size < KEYS_MAX || used.has(virtualKeyId)))
        used.set(virtualKeyId, clock.nowMs());
      next.onCall(report);
    },
    rounds: {
      ...rounds,
      async stop() {
        await rounds.stop();
        await rounds.runNow();
      },
    },
  };
}

/** In the order of ids, so that replicas that write at once wait for each other and never lock. */
async function updateLastUse({ pool }: Pick<Database, 'pool'>, used: ReadonlyMap<string, number>): Promise<void> {
  const ids = [...used.keys()].sort();
  await pool.query(
    `with asked as (select * from unnest($1::uuid[], $2::float8[]) as a (id, at)),
      locked as (
        select k.id, to_timestamp(a.at / 1000) as at from weir.virtual_keys k join asked a on a.id = k.id
         where k.last_used_at is null or k.last_used_at < to_timestamp(a.at / 1000) order by k.id for no key update of k)
     update weir.virtual_keys k set last_used_at = locked.at from locked where k.id = locked.id`,
    [ids, ids.map((id) => used.get(id) ?? 0)],
  );
}
