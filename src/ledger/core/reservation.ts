// Owns: the words of the ledger: what is asked, what is answered, what is booked. Types only; decide.ts and settle.ts hold the rules.

import type { Meter } from './meter.ts';
import type { UsageEvent } from './usage-event.ts';
import type { Window } from './window.ts';

/**
 * What one call asks of one meter. The asked amount is `base + rate x output`, where `output` is the number of output tokens
 * granted to the whole call: tokens have rate 1, money the price of an output token in nano-USD rounded up, messages 0.
 */
export interface Leg {
  readonly meter: Meter;
  readonly base: bigint;
  readonly rate: bigint;
}

/**
 * How much output the call wants. `wanted` is the worst case (its `max_tokens`, or the model's); `needed` is what such calls
 * usually take (learned 95th percentile); below `floor` an answer is of no use. floor <= needed <= wanted; all 0 where there is no output.
 */
export interface OutputAsk {
  readonly wanted: bigint;
  readonly needed: bigint;
  readonly floor: bigint;
}

/** Credits asked of an organization's lots, burnt in the recorded order. */
export interface CreditAsk {
  readonly creditType: string;
  readonly amount: bigint;
}

/** Versions of the facts that the legs were made from. A store refuses to admit on outdated ones. */
export interface FactVersions {
  readonly platform: bigint;
  readonly organization: bigint;
}

/** All legs or none, in one atomic step. `id` is a UUIDv7 made by the caller and the key of idempotency. */
export interface ReserveRequest {
  readonly id: string;
  readonly organizationId: string;
  readonly versions: FactVersions;
  /** How long the hold lives if nobody ends it. */
  readonly ttlMs: number;
  readonly legs: readonly Leg[];
  readonly output: OutputAsk;
  readonly credits: CreditAsk | null;
  /** What is known of the call already: becomes its event if nobody ends the hold. */
  readonly event: UsageEvent;
}

/** One leg as it was held: its window is pinned. */
export interface HeldLeg {
  readonly meter: Meter;
  readonly window: Window;
  /** The store's name of the counter (meter x window). */
  readonly counterId: bigint;
  readonly amount: bigint;
}

/** What was taken from one lot of credits, in burn-down order. */
export interface LotAllocation {
  readonly lotId: string;
  readonly amount: bigint;
}

/** An admitted reservation. Whoever keeps it can settle, also after a restart. */
export interface Hold {
  readonly id: string;
  readonly organizationId: string;
  /** Milliseconds of the ledger's clock at admission. */
  readonly reservedAtMs: number;
  readonly legs: readonly HeldLeg[];
  /** Output tokens that the legs cover. */
  readonly grantedOutput: bigint;
  readonly credits: (CreditAsk & { readonly lots: readonly LotAllocation[] }) | null;
}

/** A counter as it stood at a decision. */
export interface MeterState {
  readonly meter: Meter;
  readonly window: Window;
  readonly used: bigint;
  readonly held: bigint;
}

/** A leg that did not fit: the state before the request, and the least it asked for. */
export interface FailingLeg extends MeterState {
  readonly asked: bigint;
}

/** The answer to a reservation. A refusal is a value. */
export type ReserveVerdict =
  | { readonly outcome: 'admitted'; readonly hold: Hold; readonly states: readonly MeterState[] }
  | {
      readonly outcome: 'denied';
      readonly failing: readonly FailingLeg[];
      readonly credits: { readonly asked: bigint; readonly available: bigint } | null;
    }
  /** The facts have changed since: load them and decide again. */
  | { readonly outcome: 'stale' }
  /** The id has ended already (a replay after settle or expiry). */
  | { readonly outcome: 'ended' };

/** Books what was used. Amounts are per leg of the hold, in its order; they may exceed what was held. */
export interface SettleRequest {
  readonly hold: Hold;
  readonly used: readonly bigint[];
  readonly creditsUsed: bigint;
  readonly event: UsageEvent;
}

/** `settled` now; `duplicate` of an earlier settle, no effect; `late` after expiry: corrected once; `orphan`: the hold was unknown, usage booked all the same. */
export type SettleOutcome = 'settled' | 'duplicate' | 'late' | 'orphan';

/** Raises the held amounts of an open hold so that they cover `grantedOutput` output tokens. */
export interface ExtendRequest {
  readonly hold: Hold;
  readonly legs: readonly Leg[];
  readonly grantedOutput: bigint;
}

/** The answer to an extension: the larger hold, or the legs that have no room. `ended` when the hold is no longer open. */
export type ExtendVerdict =
  | { readonly outcome: 'extended'; readonly hold: Hold }
  | { readonly outcome: 'denied'; readonly failing: readonly FailingLeg[] }
  | { readonly outcome: 'ended' };
