// Owns: letting calls through by a set of rules, in their order, with the ledger's windows. Pure. Not: which rules there are (impact-*-world.rules.ts), or what is
// told of it (impact-report.rules.ts).

import { type Window, type WindowRule, windowAt } from '../../../ledger/core/window.ts';
import { maxAmount, minAmount } from '../../../primitives/amounts.ts';
import type { ErrorCode } from '../../../primitives/errors.ts';
import { isCounted, isRecorded, type ReplayCall } from './impact-call.rules.ts';

/** A limit, as the gateway has it. */
export interface ReplayMeter {
  /** Tells its counters from those of others. */
  readonly name: string;
  /** The error of whom it refuses. */
  readonly code: ErrorCode;
  readonly window: WindowRule;
  /** A soft one counts and refuses nobody. */
  readonly mode: 'hard' | 'soft';
  /**
   * `any`: whoever finds something left is let through, for the gateway shortens an answer to what is left. `whole`: only who finds as much as they need: credits.
   */
  readonly fits: 'any' | 'whole';
  /** What a window leaves is added to the next one's limit, once, and no more than the limit. */
  readonly rollover: boolean;
  /** Whose counter a call is on; null: on none. */
  subjectOf(call: ReplayCall): string | null;
  /** Null: unlimited. */
  limitOf(call: ReplayCall): bigint | null;
  amountOf(call: ReplayCall, costNanoUsd: bigint): bigint;
}

/** A set of rules. */
export interface ReplayWorld {
  /** In the order in which a refusal is reported. */
  readonly meters: readonly ReplayMeter[];
  /** A refusal that no meter makes. */
  refusalOf(call: ReplayCall): ErrorCode | null;
  /** What a call costs, in nano-USD; null: it has no price. */
  costOf(call: ReplayCall): bigint | null;
}

/** What became of a call. */
export interface ReplayVerdict {
  /** Null: let through. */
  readonly refusal: ErrorCode | null;
  /** Let through with less left than it used. */
  readonly isCutShort: boolean;
  /** What it costs; nothing where it is refused. */
  readonly costNanoUsd: bigint;
}

interface Counter {
  window: Window;
  used: bigint;
  carried: bigint;
}

/** Lets calls through, one after the other; each no earlier than the one before. */
export interface Replay {
  admit(call: ReplayCall): ReplayVerdict;
}

/** Over empty counters: one for each meter and subject, whatever the number of calls and windows. */
export function createReplay(world: ReplayWorld): Replay {
  const counters = new Map<string, Counter>();
  return {
    admit(call) {
      const refused = isRecorded(call) ? null : world.refusalOf(call);
      if (refused !== null) return { refusal: refused, isCutShort: false, costNanoUsd: 0n };
      const costNanoUsd = world.costOf(call) ?? 0n;
      const counts = isCounted(call);
      const touched: { counter: Counter; amount: bigint }[] = [];
      let isCutShort = false;
      for (const meter of world.meters) {
        const subject = meter.subjectOf(call);
        if (subject === null) continue;
        const limit = meter.limitOf(call);
        const counter = counterAt(counters, `${meter.name}|${subject}`, { meter, limit, atMs: call.atMs });
        const amount = counts ? meter.amountOf(call, costNanoUsd) : 0n;
        touched.push({ counter, amount });
        if (meter.mode === 'soft' || limit === null || isRecorded(call)) continue;
        const most = limit + counter.carried;
        const isOver = counter.used + amount > most;
        const isFull = meter.fits === 'any' ? counter.used >= most : isOver;
        if (isFull) return { refusal: meter.code, isCutShort: false, costNanoUsd: 0n };
        isCutShort ||= isOver;
      }
      // All or nothing: a call that one meter refuses is on none.
      for (const { counter, amount } of touched) counter.used += amount;
      return { refusal: null, isCutShort, costNanoUsd };
    },
  };
}

function counterAt(
  counters: Map<string, Counter>,
  key: string,
  at: { readonly meter: ReplayMeter; readonly limit: bigint | null; readonly atMs: number },
): Counter {
  const { meter, limit, atMs } = at;
  const known = counters.get(key);
  if (known !== undefined && atMs < known.window.endMs) return known;
  const window = windowAt(meter.window, atMs);
  const counter = { window, used: 0n, carried: carriedInto(window, known, { meter, limit }) };
  counters.set(key, counter);
  return counter;
}

/** What weir_private.budget_carried says of a budget that has been in force all the time: a window without calls leaves all of its limit. */
function carriedInto(
  window: Window,
  before: Counter | undefined,
  { meter, limit }: { readonly meter: ReplayMeter; readonly limit: bigint | null },
): bigint {
  if (!meter.rollover || limit === null) return 0n;
  const used = before !== undefined && before.window.endMs === window.startMs ? before.used : 0n;
  return minAmount(limit, maxAmount(0n, limit - used));
}
