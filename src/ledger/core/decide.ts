// Owns: whether a reservation or an extension fits its meters, and how much output it is granted. Pure.
// Not: credits (lots.ts), booking (settle.ts) or where counters live (the stores).

import { divFloor, maxAmount, minAmount } from '../../primitives/amounts.ts';
import type { Leg, OutputAsk } from './reservation.ts';

/**
 * A call may hold its worst case only while that is at most one part in so many of what is left on each hard meter. Near the
 * end of a meter calls hold what such calls usually take, so that a few of them don't lock everyone else out.
 */
export const HEADROOM_SHARE = 8n;

/** A counter as a decision sees it. */
export interface CounterState {
  readonly used: bigint;
  readonly held: bigint;
}

/** A leg without room: its place in the request and the least that was asked of it. */
export interface FailingIndex {
  readonly index: number;
  readonly asked: bigint;
}

/** What was decided: the amount to hold on each leg, in the request's order, or every leg that has no room. */
export type ReserveDecision =
  | { readonly outcome: 'granted'; readonly grantedOutput: bigint; readonly amounts: readonly bigint[] }
  | { readonly outcome: 'failing'; readonly failing: readonly FailingIndex[] };

/** What is to be held on each leg after an extension, in the hold's order, or every leg that has no room. */
export type ExtendDecision =
  | { readonly outcome: 'granted'; readonly amounts: readonly bigint[] }
  | { readonly outcome: 'failing'; readonly failing: readonly FailingIndex[] };

/** The amount of a leg that covers `output` tokens. */
export function legAmount(leg: Leg, output: bigint): bigint {
  return leg.base + leg.rate * output;
}

/** Whether a leg can refuse: a hard meter with a limit. */
export function canRefuse(leg: Leg): boolean {
  return leg.meter.mode === 'hard' && leg.meter.limit !== null;
}

/**
 * Decides a reservation. `counters` are in the order of `legs`.
 *
 * On each hard meter `room = limit - used - held - base`. The grant is
 * `min(wanted, max(needed, least share), least output that fits)` where a share is an eighth of the room. It is admitted when every
 * room is at least 0 and the grant at least `floor`. Soft meters and meters without limit neither refuse nor shrink the grant.
 */
export function decideReserve(
  counters: readonly CounterState[],
  ask: { readonly legs: readonly Leg[]; readonly output: OutputAsk },
): ReserveDecision {
  const { wanted, needed, floor } = ask.output;
  let fitting = wanted;
  let share = wanted;
  const failing: FailingIndex[] = [];
  for (const [index, leg] of ask.legs.entries()) {
    if (!canRefuse(leg)) continue;
    const room = roomAfterBase(counters[index], leg);
    if (room < 0n || room < leg.rate * floor) failing.push({ index, asked: legAmount(leg, floor) });
    if (leg.rate === 0n) continue;
    fitting = minAmount(fitting, divFloor(room, leg.rate));
    share = minAmount(share, divFloor(room, HEADROOM_SHARE * leg.rate));
  }
  if (failing.length > 0) return { outcome: 'failing', failing };
  const grantedOutput = minAmount(minAmount(wanted, maxAmount(needed, share)), fitting);
  return { outcome: 'granted', grantedOutput, amounts: ask.legs.map((leg) => legAmount(leg, grantedOutput)) };
}

/**
 * Decides an extension of a hold that has `heldAmounts` on its legs, already part of the counters' `held`. Amounts never shrink;
 * only what is added must fit, so that repeating an extension changes nothing. `asked` of a failing leg is what would be added.
 */
export function decideExtend(
  counters: readonly CounterState[],
  heldAmounts: readonly bigint[],
  ask: { readonly legs: readonly Leg[]; readonly grantedOutput: bigint },
): ExtendDecision {
  const failing: FailingIndex[] = [];
  const amounts = ask.legs.map((leg, index) => {
    const before = heldAmounts[index] ?? 0n;
    const after = maxAmount(before, legAmount(leg, ask.grantedOutput));
    const added = after - before;
    if (added > 0n && canRefuse(leg) && room(counters[index], leg) < added) failing.push({ index, asked: added });
    return after;
  });
  return failing.length > 0 ? { outcome: 'failing', failing } : { outcome: 'granted', amounts };
}

/**
 * Whether a whole batch surely fits one hard counter with every request granted all that it wants, in whatever order: a
 * sufficient condition, so that a store can admit a batch by one comparison per counter and decide one by one only near a limit.
 *
 * Proof: let request i want `v_i` of variable amount (rate x wanted) and let M be the largest. When it is decided, at most the
 * others' wanted amounts are held besides, so its room is at least `limit - used - held - sumWanted + v_i`, which the condition
 * makes `>= (HEADROOM_SHARE - 1) x M + v_i >= HEADROOM_SHARE x v_i`: all it wants is within its share.
 *
 * @param batch `sumWanted`: sum of base + rate x wanted over the batch; `maxWantedVariable`: largest rate x wanted in it.
 */
export function fitsGenerously(
  counter: CounterState,
  limit: bigint,
  batch: { readonly sumWanted: bigint; readonly maxWantedVariable: bigint },
): boolean {
  const reserve = (HEADROOM_SHARE - 1n) * batch.maxWantedVariable;
  return counter.used + counter.held + batch.sumWanted + reserve <= limit;
}

function room(counter: CounterState | undefined, leg: Leg): bigint {
  return (leg.meter.limit ?? 0n) - (counter?.used ?? 0n) - (counter?.held ?? 0n);
}

function roomAfterBase(counter: CounterState | undefined, leg: Leg): bigint {
  return room(counter, leg) - leg.base;
}
