// Owns: noticing that a lane's batches are not committed, so that operators hear why calls are refused. Not: what a lane does then (lane.ts).

import type { Clock } from '../../primitives/clock.ts';

/** Operations wait, and none is committed. */
export interface LedgerTrouble {
  readonly forMs: number;
  /** What the database last said; undefined where it says nothing, as while somebody holds a lock. */
  readonly cause: unknown;
}

/** Watches one lane. */
export interface LaneWatch {
  /** An operation has come. */
  waits(): void;
  committed(): void;
  /** The database did not take a batch; it is tried again. */
  failed(cause: unknown): void;
  /** Nothing waits any more. After a failure that is no sign of health: callers were refused. */
  idle(): void;
  over(): void;
  /** Null within the patience that callers have. */
  trouble(): LedgerTrouble | null;
}

/** A watch over a lane that has nothing to do. */
export function createLaneWatch(clock: Pick<Clock, 'monotonicMs'>, patienceMs: number): LaneWatch {
  let sinceMs: number | undefined;
  let failure: { readonly cause: unknown } | undefined;
  const over = (): void => {
    sinceMs = undefined;
    failure = undefined;
  };
  return {
    waits: () => {
      sinceMs ??= clock.monotonicMs();
    },
    committed: () => {
      sinceMs = clock.monotonicMs();
      failure = undefined;
    },
    failed: (cause) => {
      failure = { cause };
    },
    idle: () => {
      if (failure === undefined) over();
    },
    over,
    trouble: () => {
      const forMs = sinceMs === undefined ? 0 : clock.monotonicMs() - sinceMs;
      return forMs > patienceMs ? { forMs, cause: failure?.cause } : null;
    },
  };
}
