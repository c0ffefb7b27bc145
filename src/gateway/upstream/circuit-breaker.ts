// Owns: when an upstream is left alone. A pure machine: (state, event, now) → state; time comes in as an argument.
// Closed: calls pass. Open: none do. Half open: one probe passes, and decides. Throttling (429) is counted apart: a vendor that says "slow down" is
// healthy, and gets the pause it asked for. Not: who holds the state (provider-health.ts), or how many calls run at once (concurrency-limit.ts).

/** When to open and for how long. Times in milliseconds. */
export interface BreakerPolicy {
  /** Outcomes are counted in slices of this length; the running one and the one before it are looked at. */
  readonly sliceMs: number;
  /** Opens at this share of failures, given this many outcomes … */
  readonly minimumVolume: number;
  readonly failureShare: number;
  /** … or at this many failures with no success between. */
  readonly consecutiveFailures: number;
  /** First opening; doubles each time the probe fails, up to the most. */
  readonly openBaseMs: number;
  readonly openMostMs: number;
  /** A probe that has not reported by then is taken for lost, and another may go. */
  readonly probeMs: number;
  /** The pause after a 429 that names none, and the longest that is honoured. */
  readonly coolDownDefaultMs: number;
  readonly coolDownMostMs: number;
  /** A 429 that names no pause starts one only after this many in a row. */
  readonly throttlesBeforeCoolDown: number;
}

/** All that is remembered. Instants are monotonic milliseconds. */
export interface BreakerState {
  readonly mode: 'closed' | 'open' | 'half_open';
  readonly sliceStartMs: number;
  readonly successes: number;
  readonly failures: number;
  readonly previousSuccesses: number;
  readonly previousFailures: number;
  readonly failuresInARow: number;
  readonly throttlesInARow: number;
  /** Times opened since it was last closed. */
  readonly openings: number;
  /** When a probe may go. */
  readonly openUntilMs: number;
  /** When the probe under way is given up; 0 without one. */
  readonly probeUntilMs: number;
  /** No calls before this because the upstream asked for a pause. */
  readonly coolUntilMs: number;
}

/** How a call ended, as far as the upstream's health goes. `neutral`: cancelled by us, says nothing. The caller's own fault is a success: it answered. */
export type BreakerEvent =
  | { readonly kind: 'success' | 'failure' | 'neutral'; readonly isProbe: boolean }
  | { readonly kind: 'throttled'; readonly retryAfterMs: number | null; readonly isProbe: boolean };

/** Whether a call may go. */
export type BreakerAdmission =
  | { readonly isAllowed: true; readonly isProbe: boolean }
  | { readonly isAllowed: false; readonly retryAtMs: number };

/** How long a caller is told to wait while a probe is under way. */
const PROBE_RETRY_MS = 1_000;

const ADMITTED: BreakerAdmission = { isAllowed: true, isProbe: false };
const PROBE: BreakerAdmission = { isAllowed: true, isProbe: true };

/** A closed breaker that has seen nothing. */
export const NEW_BREAKER: BreakerState = {
  mode: 'closed',
  sliceStartMs: 0,
  successes: 0,
  failures: 0,
  previousSuccesses: 0,
  previousFailures: 0,
  failuresInARow: 0,
  throttlesInARow: 0,
  openings: 0,
  openUntilMs: 0,
  probeUntilMs: 0,
  coolUntilMs: 0,
};

/** The instant and the policy that a question is asked under. */
export interface BreakerMoment {
  /** Monotonic milliseconds. */
  readonly nowMs: number;
  readonly policy: BreakerPolicy;
}

/** Asks for one call. The state changes when a probe is let go. */
export function admitCall(
  state: BreakerState,
  { nowMs, policy }: BreakerMoment,
): { readonly state: BreakerState; readonly admission: BreakerAdmission } {
  if (nowMs < state.coolUntilMs) return { state, admission: { isAllowed: false, retryAtMs: state.coolUntilMs } };
  if (state.mode === 'closed') return { state, admission: ADMITTED };
  if (state.mode === 'open' && nowMs < state.openUntilMs) {
    return { state, admission: { isAllowed: false, retryAtMs: state.openUntilMs } };
  }
  if (state.mode === 'half_open' && nowMs < state.probeUntilMs) {
    return { state, admission: { isAllowed: false, retryAtMs: Math.min(state.probeUntilMs, nowMs + PROBE_RETRY_MS) } };
  }
  return { state: { ...state, mode: 'half_open', probeUntilMs: nowMs + policy.probeMs }, admission: PROBE };
}

/** Takes in how a call ended. What was sent before it opened, and ends after, does not decide: only the probe does. */
export function observeOutcome(state: BreakerState, event: BreakerEvent, moment: BreakerMoment): BreakerState {
  const decides = state.mode === 'closed' || (state.mode === 'half_open' && event.isProbe);
  const settled = decides ? settle(state, event.kind, moment) : state;
  return event.kind === 'throttled' ? coolDown(settled, event.retryAfterMs, moment) : settled;
}

function settle(state: BreakerState, kind: BreakerEvent['kind'], moment: BreakerMoment): BreakerState {
  if (state.mode === 'half_open') {
    if (kind === 'failure') return open(state, moment);
    // A probe that we gave up says nothing: the next call is the probe.
    if (kind === 'neutral') return { ...state, probeUntilMs: 0 };
    return { ...NEW_BREAKER, sliceStartMs: moment.nowMs, coolUntilMs: state.coolUntilMs };
  }
  if (kind === 'success') return countSuccess(roll(state, moment));
  return kind === 'failure' ? countFailure(roll(state, moment), moment) : state;
}

function countSuccess(state: BreakerState): BreakerState {
  return { ...state, successes: state.successes + 1, failuresInARow: 0, throttlesInARow: 0 };
}

function countFailure(state: BreakerState, moment: BreakerMoment): BreakerState {
  const next = { ...state, failures: state.failures + 1, failuresInARow: state.failuresInARow + 1 };
  return mustOpen(next, moment.policy) ? open(next, moment) : next;
}

function mustOpen(state: BreakerState, policy: BreakerPolicy): boolean {
  if (state.failuresInARow >= policy.consecutiveFailures) return true;
  const failures = state.failures + state.previousFailures;
  const volume = failures + state.successes + state.previousSuccesses;
  return volume >= policy.minimumVolume && failures >= volume * policy.failureShare;
}

/** Moves to the slice that `nowMs` lies in. */
function roll(state: BreakerState, { nowMs, policy }: BreakerMoment): BreakerState {
  const age = nowMs - state.sliceStartMs;
  if (age < policy.sliceMs) return state;
  const isNext = age < 2 * policy.sliceMs;
  return {
    ...state,
    sliceStartMs: isNext ? state.sliceStartMs + policy.sliceMs : nowMs,
    previousSuccesses: isNext ? state.successes : 0,
    previousFailures: isNext ? state.failures : 0,
    successes: 0,
    failures: 0,
  };
}

function open(state: BreakerState, { nowMs, policy }: BreakerMoment): BreakerState {
  const openMs = Math.min(policy.openBaseMs * 2 ** Math.min(state.openings, 16), policy.openMostMs);
  return {
    ...NEW_BREAKER,
    mode: 'open',
    sliceStartMs: nowMs,
    openings: state.openings + 1,
    openUntilMs: nowMs + openMs,
    coolUntilMs: state.coolUntilMs,
  };
}

function coolDown(state: BreakerState, retryAfterMs: number | null, { nowMs, policy }: BreakerMoment): BreakerState {
  const throttlesInARow = state.throttlesInARow + 1;
  if (retryAfterMs === null && throttlesInARow < policy.throttlesBeforeCoolDown) return { ...state, throttlesInARow };
  const pauseMs = Math.min(retryAfterMs ?? policy.coolDownDefaultMs, policy.coolDownMostMs);
  return { ...state, throttlesInARow, coolUntilMs: Math.max(state.coolUntilMs, nowMs + pauseMs) };
}
