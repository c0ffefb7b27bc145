// Owns: the ledger on PostgreSQL: lanes by organization over their own connections. Not: group commit itself (lane.ts) or the
// arithmetic of a batch (migration 000052, whose oracle is src/ledger/core).

import { isDatabaseUnavailable, isRetryableConflict } from '../../database/failures.ts';
import type { Clock } from '../../primitives/clock.ts';
import { WeirError } from '../../primitives/errors.ts';
import { uuidV7TimeMs } from '../../primitives/ids.ts';
import type { LedgerStore } from '../core/ledger-store.ts';
import { checkExtendRequest, checkReserveRequest, checkSettleRequest } from '../core/limits.ts';
import type { Meter } from '../core/meter.ts';
import type { MeterState, SettleOutcome } from '../core/reservation.ts';
import { windowAt } from '../core/window.ts';
import { plainArray, textArray } from './array-literal.ts';
import { createCounterRegistry, type RunStatement } from './counter-registry.ts';
import { type BatchReport, createLane, type Lane, OVERLAP_MIN, PATIENCE_MS } from './lane.ts';
import { createLaneConnection, type LaneClient } from './lane-connection.ts';
import type { LedgerTrouble } from './lane-watch.ts';
import { createLedgerClock } from './ledger-clock.ts';
import type { Operation } from './operation.ts';

/** An id older than this may be of a call that has ended: the exact path looks. */
const FRESH_ID_MS = 1_000;

/** What the store is made of. */
export interface PostgresStoreOptions {
  /** Opens a connection as `weir_gateway`. One a lane, and one for reading and sweeping. */
  readonly connect: () => Promise<LaneClient>;
  readonly clock: Clock;
  /** How many batches may be in flight at once, each of other organizations. */
  readonly lanes: number;
  readonly onBatch?: (report: BatchReport) => void;
  readonly onFault?: (error: unknown, operation: { kind: string; id: string }) => void;
  /** How long a reserve waits for its decision before it is refused as `ledger_unavailable`; 2.5 s unless told otherwise. */
  readonly patienceMs?: number;
  /** Operations that have to wait in a lane before a second batch leaves; 32 unless told otherwise. Tests take 1, so that batches overlap. */
  readonly overlapMin?: number;
  /** Moves the ledger's time. Tests only. */
  readonly clockOffsetMs?: () => number;
}

/** The Postgres store, with what its owner may look at. */
export interface PostgresStore extends LedgerStore {
  /** Operations waiting or in flight. */
  depth(): number;
  /** Why calls are refused, of the lane where it is worst; null while batches are committed. */
  trouble(): LedgerTrouble | null;
  /** Asks the database for its time, so that the first windows are right. Rejects when it can't be reached. */
  open(): Promise<void>;
}

/** Makes the store; connections are opened at first use. */
export function createPostgresStore(options: PostgresStoreOptions): PostgresStore {
  const { clock } = options;
  const ledgerClock = createLedgerClock(clock, options.clockOffsetMs);
  const registry = createCounterRegistry();
  const connections = Array.from({ length: options.lanes + 1 }, () => createLaneConnection(options.connect));
  const [side, ...laneConnections] = connections;
  if (!side) throw new Error('the store has no connection');
  const lanes = laneConnections.map((connection) =>
    createLane({
      connection,
      registry,
      ledgerClock,
      clock,
      patienceMs: options.patienceMs ?? PATIENCE_MS,
      overlapMin: options.overlapMin ?? OVERLAP_MIN,
      onBatch: options.onBatch ?? (() => undefined),
      onFault: options.onFault ?? (() => undefined),
    }),
  );
  const runAside = patiently(side.run);
  let closed = false;

  const refuseClosed = (): void => {
    if (closed) throw new WeirError('ledger_unavailable', { internal: 'the ledger is closed' });
  };
  // What is thrown in here, by a check of the operation too, rejects.
  const submit = <Answer>(
    build: (pending: PendingFields<Answer>) => Operation,
    id: string,
    organizationId: string,
  ): Promise<Answer> =>
    new Promise<Answer>((resolve, reject) => {
      refuseClosed();
      const age = Math.abs(ledgerClock.nowMs() - uuidV7TimeMs(id));
      laneOf(lanes, organizationId).enqueue(
        build({ id, organizationId, enqueuedAtMs: clock.monotonicMs(), resolve, reject, replay: age > FRESH_ID_MS }),
      );
    });

  return {
    reserve: (request, signal) =>
      submit(
        (pending) => {
          checkReserveRequest(request);
          return { ...pending, kind: 'reserve', request, signal, pinned: [], abandoned: false, sent: false };
        },
        request.id,
        request.organizationId,
      ),
    extend: (request) =>
      submit(
        (pending) => {
          checkExtendRequest(request);
          return { ...pending, kind: 'extend', request };
        },
        request.hold.id,
        request.hold.organizationId,
      ),
    settle: (request) =>
      submit<SettleOutcome>(
        (pending) => {
          checkSettleRequest(request);
          const { hold, used, creditsUsed, event } = request;
          return { ...pending, replay: false, kind: 'settle', hold, used, creditsUsed, event, release: false };
        },
        request.hold.id,
        request.hold.organizationId,
      ),
    release: (hold, event) =>
      submit<SettleOutcome>(
        (pending) => {
          const used = hold.legs.map(() => 0n);
          return { ...pending, replay: false, kind: 'settle', hold, used, creditsUsed: 0n, event, release: true };
        },
        hold.id,
        hold.organizationId,
      ),
    record: ({ id, event }) =>
      submit((pending) => ({ ...pending, kind: 'record', event }), id, event.dimensions.organizationId),
    async sweep(limit) {
      refuseClosed();
      const result = await runAside({
        name: 'ledger_sweep',
        text: 'select now_ms, ended from weir_private.ledger_sweep($1, $2, $3)',
        values: [ledgerClock.lastMs(), ledgerClock.offsetMs(), limit],
      });
      ledgerClock.observe(Number(result.rows[0]?.now_ms));
      for (const lane of lanes) lane.databaseAnswered();
      return Number(result.rows[0]?.ended);
    },
    async read(meters) {
      refuseClosed();
      return readMeters(meters, ledgerClock.nowMs(), runAside);
    },
    nowMs: () => ledgerClock.nowMs(),
    depth: () => lanes.reduce((depth, lane) => depth + lane.depth(), 0),
    trouble: () => lanes.map((lane) => lane.trouble()).reduce(worse, null),
    async open() {
      const result = await runAside({
        name: 'ledger_now',
        text: 'select weir_private.ledger_now_ms($1, $2) as now_ms',
        values: [0, ledgerClock.offsetMs()],
      });
      ledgerClock.observe(Number(result.rows[0]?.now_ms));
    },
    async close() {
      closed = true;
      await Promise.all(lanes.map((lane) => lane.drain()));
      await Promise.all(connections.map((connection) => connection.close()));
    },
  };
}

/** Sends again what met a lost connection: reading and sweeping may be repeated. What stays unreachable is `ledger_unavailable`. */
function patiently(run: RunStatement): RunStatement {
  return async (statement) => {
    try {
      return await run(statement);
    } catch (error) {
      if (!isDatabaseUnavailable(error) && !isRetryableConflict(error)) throw error;
    }
    return run(statement).catch((error: unknown) => {
      throw isDatabaseUnavailable(error) ? new WeirError('ledger_unavailable', { cause: error }) : error;
    });
  };
}

/** What `submit` fills in for every operation. */
interface PendingFields<Answer> {
  readonly id: string;
  readonly organizationId: string;
  readonly enqueuedAtMs: number;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
  replay: boolean;
}

function worse(one: LedgerTrouble | null, other: LedgerTrouble | null): LedgerTrouble | null {
  return (one?.forMs ?? 0) >= (other?.forMs ?? 0) ? one : other;
}

/** The same organization always rides in the same lane: its requests are decided in the order of arrival. */
function laneOf(lanes: readonly Lane[], organizationId: string): Lane {
  // The last characters of a UUIDv7 are chance.
  const lane = lanes[Number.parseInt(organizationId.slice(-6), 16) % lanes.length] ?? lanes[0];
  if (!lane) throw new Error('the store has no lane');
  return lane;
}

async function readMeters(meters: readonly Meter[], nowMs: number, run: RunStatement): Promise<MeterState[]> {
  const windows = meters.map((meter) => windowAt(meter.window, nowMs));
  const result = await run({
    name: 'ledger_read',
    text: `select coalesce(c.used, 0) as used, coalesce(c.held, 0) as held
             from unnest($1::text[], $2::bigint[]) with ordinality as q(k, s, n)
             left join weir.counters c on c.meter_key = q.k and c.window_start = to_timestamp(q.s / 1000.0)
            order by q.n`,
    values: [textArray(meters.map((meter) => meter.key)), plainArray(windows.map((window) => window.startMs))],
  });
  return meters.map((meter, index) => ({
    meter,
    window: windows[index] ?? windowAt(meter.window, nowMs),
    used: result.rows[index]?.used as bigint,
    held: result.rows[index]?.held as bigint,
  }));
}
