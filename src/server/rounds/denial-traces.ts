// Owns: keeping why calls were denied: gathered in memory, written a batch a second, away from calls. Not: what a trace says (the gateway), reading it or its end
// (src/control/quotas).

import type { Database } from '../../database/pool.ts';
import type { DenialTrace } from '../../gateway/denial-trace.ts';
import type { Log } from '../logging/log.ts';
import { createRounds, type Rounds } from './rounds.ts';

/** Gathers and writes. */
export interface DenialTraces {
  /** Takes no time and never fails: a trace for which there is no room is counted and left out. */
  keep(trace: DenialTrace): void;
  /** Traces left out since the start. */
  dropped(): number;
  /** Each writes one batch; the end writes what is left. */
  readonly rounds: Rounds;
}

const INTERVAL_MS = 1_000;
/** Traces of one statement, and so of one second. */
const BATCH = 500;
/** Traces that wait at most; a storm of denials costs no more memory than this. */
const WAITING_MAX = 2_000;
/** Of one organization: its storm leaves room for the denials of others. */
const WAITING_PER_ORGANIZATION_MAX = 500;

/** Over a pool as `weir_gateway`, which may add traces and nothing else. A failed batch is lost: the denials themselves are in the ledger's events. */
export function createDenialTraces(options: {
  readonly database: Pick<Database, 'pool'>;
  readonly log: Log;
}): DenialTraces {
  const { database, log } = options;
  let waiting: DenialTrace[] = [];
  const waitingOf = new Map<string, number>();
  let dropped = 0;
  const count = (organizationId: string, step: 1 | -1): void => {
    const sum = (waitingOf.get(organizationId) ?? 0) + step;
    if (sum === 0) waitingOf.delete(organizationId);
    else waitingOf.set(organizationId, sum);
  };
  const write = async (): Promise<void> => {
    if (waiting.length === 0) return;
    const batch = waiting.slice(0, BATCH);
    waiting = waiting.slice(BATCH);
    for (const { organizationId } of batch) count(organizationId, -1);
    try {
      await insertTraces(database, batch);
    } catch (error) {
      dropped += batch.length;
      throw error;
    }
  };
  const rounds = createRounds({ name: 'keep why calls were denied', intervalMs: INTERVAL_MS, log, round: write });
  return {
    keep(trace) {
      const own = waitingOf.get(trace.organizationId) ?? 0;
      if (waiting.length >= WAITING_MAX || own >= WAITING_PER_ORGANIZATION_MAX) {
        dropped += 1;
        return;
      }
      waiting.push(trace);
      count(trace.organizationId, 1);
    },
    dropped: () => dropped,
    rounds: {
      ...rounds,
      async stop() {
        await rounds.stop();
        for (let left = WAITING_MAX / BATCH; left > 0 && waiting.length > 0; left -= 1) await rounds.runNow();
      },
    },
  };
}

async function insertTraces({ pool }: Pick<Database, 'pool'>, traces: readonly DenialTrace[]): Promise<void> {
  const rows = traces.map((trace) => ({
    id: trace.id,
    denied_at: new Date(trace.deniedAtMs).toISOString(),
    organization_id: trace.organizationId,
    user_id: trace.userId,
    virtual_key_id: trace.virtualKeyId,
    route: trace.route,
    model: trace.model,
    feature: trace.feature,
    environment: trace.environment,
    code: trace.code,
    rule: trace.rule,
    message: trace.message,
    meters: trace.meters,
    details: trace.details,
  }));
  // Without `on conflict`, which would ask for the right to read: the id of a call is the server's own and never comes twice.
  await pool.query(
    `insert into weir.denial_traces (id, denied_at, organization_id, user_id, virtual_key_id, route, model, feature, environment, code, rule, message, meters, details)
     select id, denied_at, organization_id, user_id, virtual_key_id, route, model, feature, environment, code, rule, message, meters, details
       from jsonb_to_recordset($1::jsonb) as t (id uuid, denied_at timestamptz, organization_id uuid, user_id uuid, virtual_key_id uuid, route text, model text,
         feature text, environment text, code text, rule text, message text, meters jsonb, details jsonb)`,
    [JSON.stringify(rows)],
  );
}
