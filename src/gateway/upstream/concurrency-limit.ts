// Owns: how many calls a provider is given at once, learned from its refusals (additive increase, multiplicative decrease). Pure.
// Latency is not a signal here: an answer's length, not the provider's load, decides how long it takes. 429, 5xx and time-outs are.
// Not: who waits (concurrency-gate.ts).

/** How the limit moves. */
export interface ConcurrencyPolicy {
  /** Starts high: a provider is trusted until it says otherwise. */
  readonly initial: number;
  readonly least: number;
  readonly most: number;
  /** Added for each success while at least four fifths of the limit are in use. */
  readonly increase: number;
  /** The limit is multiplied by this when the provider is overloaded, at most once each `decreaseEveryMs`: one burst of refusals is one signal. */
  readonly decrease: number;
  readonly decreaseEveryMs: number;
  /** Calls that may wait for a place, and how long (milliseconds). */
  readonly waiting: number;
  readonly waitMs: number;
}

/** What is learned, and what is under way. */
export interface ConcurrencyState {
  readonly limit: number;
  readonly inFlight: number;
  readonly decreasedAtMs: number;
}

/** No call under way. */
export function newConcurrency(policy: ConcurrencyPolicy): ConcurrencyState {
  return { limit: policy.initial, inFlight: 0, decreasedAtMs: Number.NEGATIVE_INFINITY };
}

/** Whether one more call fits. */
export function hasRoom(state: ConcurrencyState): boolean {
  return state.inFlight < Math.floor(state.limit);
}

/** Books a call that goes; asked only when it has room. */
export function enterCall(state: ConcurrencyState): ConcurrencyState {
  return { ...state, inFlight: state.inFlight + 1 };
}

/** Books a call that has ended. */
export function leaveCall(state: ConcurrencyState): ConcurrencyState {
  return { ...state, inFlight: state.inFlight - 1 };
}

/** The provider coped. Raises the limit only while it is what holds calls back. */
export function raiseLimit(state: ConcurrencyState, policy: ConcurrencyPolicy): ConcurrencyState {
  if (state.limit >= policy.most || state.inFlight < state.limit * 0.8) return state;
  return { ...state, limit: Math.min(policy.most, state.limit + policy.increase) };
}

/**
 * The provider was overloaded. Cuts the limit and not what is in use: one refusal in a quiet hour must not hold back the next busy minute, and a
 * lasting overload brings it down all the same (2048 to 23 in 20 seconds), while the breaker's pauses act at once.
 */
export function lowerLimit(state: ConcurrencyState, nowMs: number, policy: ConcurrencyPolicy): ConcurrencyState {
  if (nowMs - state.decreasedAtMs < policy.decreaseEveryMs) return state;
  return { ...state, limit: Math.max(policy.least, state.limit * policy.decrease), decreasedAtMs: nowMs };
}
