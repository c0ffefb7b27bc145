// Owns: the calls of this process that have an idempotency key, so that callers of one key meet without a query. Not: other processes' calls.

import type { Timers } from '../upstream/timers.ts';
import type { KeptAnswer, LostAnswer } from './idempotency.ts';

/** How a call with a key ended. `refused`: it did not begin, nor would those who wait. `again`: the key came free; whoever waited looks for itself. */
export type CallEnd =
  | { readonly kind: 'answered'; readonly requestId: string; readonly answer: KeptAnswer | LostAnswer }
  | { readonly kind: 'refused'; readonly error: unknown }
  | { readonly kind: 'again' };

/** A call with a key, from before its claim until its answer is kept. */
export interface RunningCall {
  readonly requestHash: Buffer;
  readonly ended: Promise<CallEnd>;
  /** Tells those who wait. */
  end(end: CallEnd): void;
  /** Later callers ask the database. */
  forget(): void;
}

/** The running calls by their key. */
export interface RunningCalls {
  find(place: string): RunningCall | undefined;
  /** The place must be free. */
  begin(place: string, requestHash: Buffer): RunningCall;
}

/** Makes an empty set. */
export function createRunningCalls(): RunningCalls {
  const calls = new Map<string, RunningCall>();
  return {
    find: (place) => calls.get(place),
    begin(place, requestHash) {
      const { promise, resolve } = Promise.withResolvers<CallEnd>();
      const call: RunningCall = {
        requestHash,
        ended: promise,
        end: resolve,
        forget() {
          if (calls.get(place) === call) calls.delete(place);
        },
      };
      calls.set(place, call);
      return call;
    },
  };
}

/** What the promise gives, or undefined once the time is up. */
export function withinTime<Value>(
  timers: Timers,
  promise: Promise<Value>,
  milliseconds: number,
): Promise<Value | undefined> {
  return new Promise((resolve, reject) => {
    const cancel = timers.after(Math.max(0, milliseconds), () => resolve(undefined));
    promise.then(
      (value) => {
        cancel();
        resolve(value);
      },
      (error: unknown) => {
        cancel();
        reject(error);
      },
    );
  });
}
