// Owns: the shape in which a store shows its rows to the conformance suite and the simulator. Not: how a store keeps them.

import type { CreditLot } from '../core/lots.ts';
import type { UsageSource, UsageStatus } from '../core/usage-event.ts';

/** One counter: a meter in one window. */
export interface CounterRow {
  readonly meterKey: string;
  /** Null for a meter of the whole platform. */
  readonly organizationId: string | null;
  readonly windowStartMs: number;
  readonly windowEndMs: number;
  readonly used: bigint;
  readonly held: bigint;
}

/** An amount on one counter. Signed where it corrects an earlier one. */
export interface CounterAmount {
  readonly meterKey: string;
  readonly windowStartMs: number;
  readonly amount: bigint;
}

/** A hold that nobody has ended yet. */
export interface OpenHoldRow {
  readonly id: string;
  readonly organizationId: string;
  readonly grantedOutput: bigint;
  readonly legs: readonly CounterAmount[];
  /** Credits held over all lots. */
  readonly credits: bigint;
  /** From then on a sweep ends it; milliseconds since the epoch. */
  readonly expiresAtMs: number;
}

/** One row of the record of calls. A call has one row; a second, the correction, only when it was settled after its hold expired. */
export interface BookedEvent {
  readonly id: string;
  readonly organizationId: string;
  readonly kind: 'primary' | 'correction';
  readonly status: UsageStatus;
  readonly source: UsageSource;
  /** What the row adds to `used` of each counter; lines of amount 0 may be left out. */
  readonly charges: readonly CounterAmount[];
  /** Credits that the row consumes (negative: gives back). */
  readonly credits: bigint;
}

/** All rows of some organizations, and of the platform's meters, at one instant. */
export interface LedgerSnapshot {
  readonly counters: readonly CounterRow[];
  readonly openHolds: readonly OpenHoldRow[];
  readonly events: readonly BookedEvent[];
  readonly lots: readonly CreditLot[];
}
