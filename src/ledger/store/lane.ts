// Owns: group commit. What arrives while a batch is in flight is the next batch, so that batch size follows load and an idle lane waits for nothing. Under
// load the next batch lies in the database's socket before the last is answered (docs/decisions/0027). Not: how a batch is written or read (batch-encoder.ts, batch-decoder.ts).

import { isDatabaseUnavailable, isGivenUp, isRetryableConflict } from '../../database/failures.ts';
import type { Clock } from '../../primitives/clock.ts';
import { WeirError } from '../../primitives/errors.ts';
import { NO_TOKENS } from '../core/usage-event.ts';
import { windowAt } from '../core/window.ts';
import { type ApplyRow, decodeExtend, decodeReserve, decodeSettle } from './batch-decoder.ts';
import { APPLY_STATEMENT, type EncodedBatch, encodeBatch } from './batch-encoder.ts';
import type { CounterName, CounterRegistry } from './counter-registry.ts';
import type { LaneConnection } from './lane-connection.ts';
import { createLaneWatch, type LaneWatch, type LedgerTrouble } from './lane-watch.ts';
import type { LedgerClock } from './ledger-clock.ts';
import type { Operation, ReserveOperation } from './operation.ts';

/** Operations in one batch at most. Beyond it a batch takes longer than its callers gain. */
const BATCH_MAX = 512;
/** Operations that may wait in one lane; past it reserves and records are refused as `overloaded`. What ends or extends an open call always enters. */
const QUEUE_MAX = 20_000;
/** A reserve that could not be decided for so long is refused: the caller's own patience is not much longer. */
export const PATIENCE_MS = 2_500;
/** Batches of a lane in flight at most; the connection applies them in their order. */
const FLIGHTS_MAX = 2;
/** A batch leaves before the last is answered only when it has so many operations that they are worth a commit of their own. */
export const OVERLAP_MIN = 32;
/** Pause before the database is tried again. */
const RETRY_PAUSE_MS = 100;

/** What a batch was like, for metrics. */
export interface BatchReport {
  readonly size: number;
  readonly durationMs: number;
  readonly exact: boolean;
}

/** What a lane is made of. */
export interface LaneDependencies {
  readonly connection: LaneConnection;
  readonly registry: CounterRegistry;
  readonly ledgerClock: LedgerClock;
  readonly clock: Clock;
  /** How long a reserve waits for its decision. */
  readonly patienceMs: number;
  /** Operations that have to wait before a second batch leaves. */
  readonly overlapMin: number;
  readonly onBatch: (report: BatchReport) => void;
  /** Told of an operation that the database refuses as such: a fault of ours, never of the load. */
  readonly onFault: (error: unknown, operation: Operation) => void;
}

/** A queue with a batch in flight. */
export interface Lane {
  enqueue(operation: Operation): void;
  /** Resolves when everything accepted has been answered. */
  drain(): Promise<void>;
  /** Operations waiting or in flight. */
  depth(): number;
  /** Why calls are refused; null while batches are committed. */
  trouble(): LedgerTrouble | null;
  /** Told that the database answers others: where nobody waits any more, trouble is over. */
  databaseAnswered(): void;
}

/** What a batch needs beside the lane's own parts. */
interface BatchDependencies extends LaneDependencies {
  readonly watch: LaneWatch;
}

/** A batch on its way. */
interface Flight {
  readonly operations: readonly Operation[];
  /** It is on the wire: what is sent from now on is applied after it. */
  isSent: boolean;
}

/** Makes a lane. */
export function createLane(options: LaneDependencies): Lane {
  const { clock, patienceMs, overlapMin } = options;
  const watch = createLaneWatch(clock, patienceMs);
  const dependencies: BatchDependencies = { ...options, watch };
  let queue: Operation[] = [];
  let flights: Flight[] = [];
  // What has to be done again goes before all that waits, in the order in which it came back.
  let returned: Operation[] = [];
  let isPumping = false;
  let isPaused = false;
  let patience: NodeJS.Timeout | undefined;
  let drained: (() => void)[] = [];

  const mayFly = (): boolean => {
    const waiting = queue.length + returned.length;
    if (isPaused || waiting === 0) return false;
    if (flights.length === 0) return true;
    return flights.length < FLIGHTS_MAX && waiting >= overlapMin && flights.every(({ isSent }) => isSent);
  };
  const pump = (): void => {
    isPumping = false;
    while (mayFly()) {
      const [operations, rest] = takeBatch(returned.length === 0 ? queue : [...returned, ...queue]);
      returned = [];
      queue = rest;
      if (operations.length > 0) void fly({ operations, isSent: false });
    }
    if (flights.length === 0 && !isPaused) end();
  };
  const fly = async (flight: Flight): Promise<void> => {
    flights.push(flight);
    const again = await applyBatch(dependencies, flight);
    flights = flights.filter((other) => other !== flight);
    returned.push(...again.operations);
    if (again.pause && !isPaused) {
      isPaused = true;
      setTimeout(resume, RETRY_PAUSE_MS);
    }
    if (!isPumping) pump();
  };
  const resume = (): void => {
    isPaused = false;
    const isKept = (operation: Operation): boolean =>
      !refuseImpatient(operation, clock.monotonicMs() - patienceMs) || isSent(operation);
    returned = returned.filter(isKept);
    queue = queue.filter(isKept);
    pump();
  };
  const schedule = (): void => {
    if (isPumping || !mayFly()) return;
    isPumping = true;
    // Callers whose answer does not come are told so, wherever the batch hangs.
    patience ??= setInterval(() => {
      const waiting = [...flights.flatMap(({ operations }) => operations), ...returned, ...queue];
      for (const operation of waiting) refuseImpatient(operation, clock.monotonicMs() - patienceMs);
    }, patienceMs / 5);
    // What arrives in this turn of the event loop rides in one batch.
    setImmediate(pump);
  };
  const end = (): void => {
    watch.idle();
    clearInterval(patience);
    patience = undefined;
    for (const resolve of drained) resolve();
    drained = [];
  };
  const depth = (): number =>
    queue.length + returned.length + flights.reduce((count, { operations }) => count + operations.length, 0);
  return {
    enqueue(operation) {
      const canBeRefused = operation.kind === 'reserve' || operation.kind === 'record';
      if (canBeRefused && queue.length >= QUEUE_MAX) {
        operation.reject(new WeirError('overloaded', { retryAfterSeconds: 1, internal: 'the ledger lane is full' }));
        return;
      }
      queue.push(operation);
      watch.waits();
      schedule();
    },
    drain: () => (depth() > 0 ? new Promise((resolve) => drained.push(resolve)) : Promise.resolve()),
    depth,
    trouble: watch.trouble,
    databaseAnswered: () => {
      if (depth() === 0) watch.over();
    },
  };
}

/** First come first served; drops callers that gave up before sending, and never takes two operations on one hold. */
function takeBatch(queue: readonly Operation[]): [Operation[], Operation[]] {
  const batch: Operation[] = [];
  const rest: Operation[] = [];
  const ids = new Set<string>();
  for (const operation of queue) {
    if (operation.kind === 'reserve' && !operation.sent && (operation.abandoned || operation.signal?.aborted)) {
      operation.reject(new WeirError('request_cancelled'));
    } else if (batch.length >= BATCH_MAX || ids.has(operation.id)) {
      rest.push(operation);
    } else {
      ids.add(operation.id);
      batch.push(operation);
    }
  }
  return [batch, rest];
}

/** Whether it may be booked already, so that it has to be seen through whoever waits for it. */
function isSent(operation: Operation): boolean {
  return operation.kind !== 'reserve' || operation.sent;
}

/** Tells the caller of a reserve that waits since `sinceMs` or longer that the ledger can't be reached. True when it was told (now or before). */
function refuseImpatient(operation: Operation, sinceMs: number): boolean {
  if (operation.kind !== 'reserve' || operation.enqueuedAtMs > sinceMs) return false;
  if (!operation.abandoned) {
    operation.abandoned = true;
    operation.reject(new WeirError('ledger_unavailable', { retryAfterSeconds: 2 }));
  }
  return true;
}

/** What has to be done again, first of all, and whether the database needs a pause. */
interface Again {
  readonly operations: readonly Operation[];
  readonly pause: boolean;
}

const NOTHING: Again = { operations: [], pause: false };

async function applyBatch(dependencies: BatchDependencies, flight: Flight, exact = false): Promise<Again> {
  const { connection, registry, ledgerClock, clock, onBatch, watch } = dependencies;
  const { operations } = flight;
  if (operations.length === 0) return NOTHING;
  flight.isSent = false;
  try {
    await pinReserves(dependencies, operations);
    await connection.ready();
    const time = { lastMs: ledgerClock.lastMs(), offsetMs: ledgerClock.offsetMs(), exact };
    const batch = encodeBatch(operations, time);
    const startedMs = clock.monotonicMs();
    flight.isSent = true;
    const result = await connection.run({ ...APPLY_STATEMENT, values: [...batch.values] });
    const row = result.rows[0] as unknown as ApplyRow;
    ledgerClock.observe(Number(row.now_ms));
    watch.committed();
    onBatch({ size: operations.length, durationMs: clock.monotonicMs() - startedMs, exact: row.exact });
    return answer(batch, row);
  } catch (error) {
    return recover(dependencies, flight, { error, exact, registry });
  }
}

async function recover(
  dependencies: BatchDependencies,
  flight: Flight,
  failure: { error: unknown; exact: boolean; registry: CounterRegistry },
): Promise<Again> {
  const { operations, isSent } = flight;
  const code = sqlState(failure.error);
  if (code === 'WR001' && !failure.exact) return applyBatch(dependencies, flight, true);
  if (code === 'WR002') {
    failure.registry.clear();
    return { operations, pause: false };
  }
  if (isRetryableConflict(failure.error)) return { operations, pause: false };
  if (isGivenUp(failure.error)) {
    dependencies.watch.failed(failure.error);
    return { operations, pause: true };
  }
  if (isDatabaseUnavailable(failure.error)) {
    dependencies.watch.failed(failure.error);
    // The commit may have happened: the exact path finds out.
    if (isSent) {
      for (const operation of operations) {
        operation.replay = true;
        if (operation.kind === 'reserve') operation.sent = true;
      }
    }
    return { operations, pause: true };
  }
  return isolate(dependencies, operations, failure.error);
}

/** One operation that the database refuses must not take the others along: halves are tried until it stands alone. */
async function isolate(
  dependencies: BatchDependencies,
  operations: readonly Operation[],
  error: unknown,
): Promise<Again> {
  const [only] = operations;
  if (operations.length === 1 && only) {
    dependencies.onFault(error, only);
    only.reject(new WeirError('internal_error', { internal: 'the ledger refused an operation', cause: error }));
    return NOTHING;
  }
  const middle = Math.ceil(operations.length / 2);
  const first = await applyBatch(dependencies, { operations: operations.slice(0, middle), isSent: false }, true);
  const second = await applyBatch(dependencies, { operations: operations.slice(middle), isSent: false }, true);
  return { operations: [...first.operations, ...second.operations], pause: first.pause || second.pause };
}

function sqlState(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/** Gives each leg of each reserve its window at the ledger's time and the number of its counter. */
async function pinReserves(
  { ledgerClock, registry, connection }: LaneDependencies,
  operations: readonly Operation[],
): Promise<void> {
  const nowMs = ledgerClock.nowMs();
  const reserves = operations.filter((operation) => operation.kind === 'reserve');
  const missing: CounterName[] = [];
  for (const reserve of reserves) {
    const unnamed = pin(reserve, nowMs, registry);
    if (unnamed.length > 0) reserve.pinned = [];
    missing.push(...unnamed);
  }
  if (missing.length === 0) return;
  await registry.ensure(missing, connection.run);
  for (const reserve of reserves) {
    if (reserve.pinned.length === 0 && pin(reserve, nowMs, registry).length > 0)
      throw new Error('the ledger did not name a counter');
  }
}

/** Gives the counters that have no number yet; then the reserve is not pinned in full. */
function pin(reserve: ReserveOperation, nowMs: number, registry: CounterRegistry): CounterName[] {
  const unnamed: CounterName[] = [];
  reserve.pinned = [];
  for (const { meter } of reserve.request.legs) {
    const pinned = registry.find(meter, nowMs);
    if (pinned === undefined) unnamed.push({ meter, window: windowAt(meter.window, nowMs) });
    else reserve.pinned.push(pinned);
  }
  return unnamed;
}

/** Tells every caller of the batch; what met a rolled window, or must be given back, goes again. */
function answer(batch: EncodedBatch, row: ApplyRow): Again {
  const again: Operation[] = [];
  for (const [index, operation] of batch.settles.entries()) operation.resolve(decodeSettle(row, index));
  for (const [index, operation] of batch.extends.entries()) operation.resolve(decodeExtend(operation, row, index));
  for (const operation of batch.records) operation.resolve();
  for (const [index, operation] of batch.reserves.entries()) {
    const verdict = decodeReserve(batch, row, index);
    if (verdict === 'window') again.push(operation);
    else if (!operation.abandoned) operation.resolve(verdict);
    else if (verdict.outcome === 'admitted') again.push(giveBack(operation, verdict.hold));
  }
  return { operations: again, pause: false };
}

/** A hold that nobody waits for any more. */
function giveBack(operation: ReserveOperation, hold: Parameters<typeof decodeExtend>[0]['request']['hold']): Operation {
  return {
    kind: 'settle',
    id: hold.id,
    organizationId: hold.organizationId,
    enqueuedAtMs: operation.enqueuedAtMs,
    resolve: () => undefined,
    reject: () => undefined,
    replay: true,
    hold,
    used: hold.legs.map(() => 0n),
    creditsUsed: 0n,
    event: {
      ...operation.request.event,
      tokens: NO_TOKENS,
      source: 'counted',
      trial: false,
      status: 'error',
      errorCode: 'ledger_unavailable',
      costNanoUsd: 0n,
      providerCostNanoUsd: 0n,
    },
    release: true,
  };
}
