// Owns: the queue before a provider: who goes, who waits, and who is told that it is too much. The limit itself is pure (concurrency-limit.ts).

import type { Clock } from '../../primitives/clock.ts';
import type { Cancellation } from './cancellation.ts';
import {
  type ConcurrencyPolicy,
  type ConcurrencyState,
  enterCall,
  hasRoom,
  leaveCall,
  lowerLimit,
  newConcurrency,
  raiseLimit,
} from './concurrency-limit.ts';
import type { Timers } from './timers.ts';

/** Whether a call may go. `entered` must be followed by one `leave`. */
export type GateVerdict = 'entered' | 'full' | 'waited_too_long' | 'cancelled';

/** The door to one provider. */
export interface ConcurrencyGate {
  /** At once while there is room (no promise on the hot path); else waits in line, bounded in number and time. */
  enter(cancellation: Cancellation): GateVerdict | Promise<GateVerdict>;
  leave(): void;
  /** What the call told about the provider's load. */
  learn(signal: 'coped' | 'overloaded'): void;
  state(): { readonly limit: number; readonly inFlight: number; readonly waiting: number };
}

interface Waiter {
  settle(verdict: GateVerdict): void;
}

/** An empty gate. */
export function createConcurrencyGate({
  clock,
  timers,
  policy,
}: {
  clock: Clock;
  timers: Timers;
  policy: ConcurrencyPolicy;
}): ConcurrencyGate {
  let state: ConcurrencyState = newConcurrency(policy);
  // Insertion order is the line; a waiter that leaves early is deleted from anywhere in it.
  const line = new Set<Waiter>();

  const admitWaiting = (): void => {
    for (const waiter of line) {
      if (!hasRoom(state)) return;
      state = enterCall(state);
      waiter.settle('entered');
    }
  };

  const wait = (cancellation: Cancellation): Promise<GateVerdict> =>
    new Promise((resolve) => {
      const waiter: Waiter = {
        settle(verdict) {
          line.delete(waiter);
          cancelTimer();
          stopListening();
          resolve(verdict);
        },
      };
      line.add(waiter);
      const cancelTimer = timers.after(policy.waitMs, () => waiter.settle('waited_too_long'));
      const stopListening = cancellation.onCancel(() => waiter.settle('cancelled'));
    });

  return {
    enter(cancellation) {
      if (cancellation.isCancelled()) return 'cancelled';
      if (line.size === 0 && hasRoom(state)) {
        state = enterCall(state);
        return 'entered';
      }
      return line.size >= policy.waiting ? 'full' : wait(cancellation);
    },
    leave() {
      state = leaveCall(state);
      if (line.size > 0) admitWaiting();
    },
    learn(signal) {
      state = signal === 'coped' ? raiseLimit(state, policy) : lowerLimit(state, clock.monotonicMs(), policy);
      if (line.size > 0) admitWaiting();
    },
    state: () => ({ limit: state.limit, inFlight: state.inFlight, waiting: line.size }),
  };
}
