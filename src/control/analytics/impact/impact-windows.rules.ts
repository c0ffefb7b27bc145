// Owns: the windows of one limit that is an organization's, or a budget's, as a whole: what calls came to in each, and when that reached the limit. Pure.

import { type Window, windowAt } from '../../../ledger/core/window.ts';
import { maxAmount, minAmount } from '../../../primitives/amounts.ts';
import { isCounted, type ReplayCall } from './impact-call.rules.ts';
import type { ReplayMeter } from './impact-replay.rules.ts';

/** A window. Amounts in the unit of its limit. */
export interface LimitWindow extends Window {
  readonly limit: bigint;
  readonly demand: bigint;
  readonly reachedMs: number | null;
}

/** Takes calls one after the other. */
export interface WindowTrack {
  /** A call that happened, whether or not the limit would have let it through. */
  count(call: ReplayCall, costNanoUsd: bigint): void;
  /** Those that reach beyond a moment and have calls. */
  windowsAfter(ms: number): LimitWindow[];
}

/** Of the windows of a meter with one counter. */
export function trackWindows(meter: ReplayMeter): WindowTrack {
  const windows: { startMs: number; endMs: number; limit: bigint; demand: bigint; reachedMs: number | null }[] = [];
  const limitIn = (window: Window, limit: bigint): bigint => {
    if (!meter.rollover) return limit;
    const before = windows.at(-1);
    const used = before?.endMs === window.startMs ? before.demand : 0n;
    return limit + minAmount(limit, maxAmount(0n, limit - used));
  };
  return {
    count(call, costNanoUsd) {
      const limit = meter.limitOf(call);
      if (limit === null || meter.subjectOf(call) === null || !isCounted(call)) return;
      const window = windowAt(meter.window, call.atMs);
      let last = windows.at(-1);
      if (last?.startMs !== window.startMs) {
        last = { ...window, limit: limitIn(window, limit), demand: 0n, reachedMs: null };
        windows.push(last);
      }
      last.demand += meter.amountOf(call, costNanoUsd);
      if (last.reachedMs === null && last.demand >= last.limit) last.reachedMs = call.atMs;
    },
    windowsAfter: (ms) => windows.filter(({ endMs }) => endMs > ms),
  };
}
