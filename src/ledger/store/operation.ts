// Owns: one request to the ledger on its way through a lane. Not: how a batch of them is written (batch-encoder.ts).

import type {
  ExtendRequest,
  ExtendVerdict,
  Hold,
  ReserveRequest,
  ReserveVerdict,
  SettleOutcome,
} from '../core/reservation.ts';
import type { UsageEvent } from '../core/usage-event.ts';
import type { Window } from '../core/window.ts';

/** A leg of a reservation with its window and counter, as pinned for the batch under way. */
export interface PinnedLeg {
  readonly window: Window;
  readonly counterId: bigint;
}

interface Pending<Answer> {
  readonly id: string;
  readonly organizationId: string;
  readonly enqueuedAtMs: number;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
  /** It may have been decided before: it was sent and its outcome is unknown, or its id is not new. The exact path finds out. */
  replay: boolean;
}

/** A reservation on its way. */
export interface ReserveOperation extends Pending<ReserveVerdict> {
  readonly kind: 'reserve';
  readonly request: ReserveRequest;
  readonly signal: { readonly aborted: boolean } | undefined;
  pinned: PinnedLeg[];
  /** The caller was told that the ledger is unavailable; what comes of it is given back. */
  abandoned: boolean;
  /** It was sent and its outcome is unknown: it may hold, so that it has to be seen through. */
  sent: boolean;
}

/** A settle or release on its way. */
export interface SettleOperation extends Pending<SettleOutcome> {
  readonly kind: 'settle';
  readonly hold: Hold;
  readonly used: readonly bigint[];
  readonly creditsUsed: bigint;
  readonly event: UsageEvent;
  readonly release: boolean;
}

/** An extension on its way. */
export interface ExtendOperation extends Pending<ExtendVerdict> {
  readonly kind: 'extend';
  readonly request: ExtendRequest;
}

/** An event without a hold on its way. */
export interface RecordOperation extends Pending<void> {
  readonly kind: 'record';
  readonly event: UsageEvent;
}

/** Anything that a lane carries. */
export type Operation = ReserveOperation | SettleOperation | ExtendOperation | RecordOperation;
