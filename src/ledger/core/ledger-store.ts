// Owns: the small interface that every store of the ledger implements. Not: any implementation.

import type { Meter } from './meter.ts';
import type {
  ExtendRequest,
  ExtendVerdict,
  Hold,
  MeterState,
  ReserveRequest,
  ReserveVerdict,
  SettleOutcome,
  SettleRequest,
} from './reservation.ts';
import type { UsageEvent } from './usage-event.ts';

/** A call that ends without a hold (refused before reserving), recorded for people to see. Charges nothing. */
export interface RecordRequest {
  readonly id: string;
  readonly event: UsageEvent;
}

/**
 * A ledger of holds and counters. Every operation is durable when its promise resolves and idempotent by the id of the call.
 * Rejections: `WeirError('ledger_unavailable')` when the store can't be reached within its patience; a settle is then retried by its owner.
 */
export interface LedgerStore {
  /** Sets aside what a call may use: all legs or none. `signal` drops the request if it has not been sent yet. */
  reserve(request: ReserveRequest, signal?: { readonly aborted: boolean }): Promise<ReserveVerdict>;
  /** Raises an open hold in mid-stream, all legs or none. */
  extend(request: ExtendRequest): Promise<ExtendVerdict>;
  /** Books what was used, once, whatever the order or number of calls. Never refuses. */
  settle(request: SettleRequest): Promise<SettleOutcome>;
  /** Ends a hold of which nothing was sent upstream: everything returns, and the event says why. */
  release(hold: Hold, event: UsageEvent): Promise<SettleOutcome>;
  /** Appends the event of a call that never held anything. Repeats have no effect. */
  record(request: RecordRequest): Promise<void>;
  /** Ends holds that are past their time; each becomes an event marked `estimated`. Returns how many. */
  sweep(limit: number): Promise<number>;
  /** Counters of the meters in the window of the store's now; a meter never used reads 0. */
  read(meters: readonly Meter[]): Promise<readonly MeterState[]>;
  /** The store's time, milliseconds since the epoch, as last seen plus what has passed. Never goes back. */
  nowMs(): number;
  /** Finishes what is under way and refuses what comes after. */
  close(): Promise<void>;
}
