// Owns: reserving and extending in the in-memory ledger, one request at a time: the reference for every other store.
// Not: ending holds (memory-settle.ts).

import { maxAmount } from '../../primitives/amounts.ts';
import { decideExtend, decideReserve, type FailingIndex } from '../core/decide.ts';
import { checkExtendRequest, checkReserveRequest } from '../core/limits.ts';
import { availableCredits, holdCredits } from '../core/lots.ts';
import type { Meter } from '../core/meter.ts';
import type {
  ExtendRequest,
  ExtendVerdict,
  FailingLeg,
  HeldLeg,
  Hold,
  Leg,
  ReserveRequest,
  ReserveVerdict,
} from '../core/reservation.ts';
import {
  changeCounter,
  counterAt,
  counterIn,
  keepLots,
  lotsOf,
  type MemoryCounter,
  type MemoryState,
} from './memory-state.ts';

/** Sets aside what a call asks: all of it or nothing. A known id gets its first answer again. */
export function reserveCall(state: MemoryState, request: ReserveRequest, nowMs: number): ReserveVerdict {
  checkReserveRequest(request);
  const counters = request.legs.map((leg) => counterAt(state, leg.meter, nowMs));
  const states = counters.map((counter, index) => toMeterState(counter, request.legs[index]));
  const open = state.holds.get(request.id);
  if (open) return { outcome: 'admitted', hold: open.hold, states };
  if (state.endings.has(request.id)) return { outcome: 'ended' };
  if (isStale(state, request)) return { outcome: 'stale' };

  const decision = decideReserve(counters, request);
  const credits = decideCredits(state, request, nowMs);
  if (decision.outcome === 'failing' || credits.short) {
    const failing = decision.outcome === 'failing' ? toFailingLegs(decision.failing, counters, request.legs) : [];
    return { outcome: 'denied', failing, credits: credits.short };
  }
  const legs = request.legs.map((leg, index) =>
    holdLeg(state, leg.meter, { counter: counters[index], amount: decision.amounts[index] ?? 0n }),
  );
  if (credits.outcome) keepLots(state, credits.outcome);
  const hold: Hold = {
    id: request.id,
    organizationId: request.organizationId,
    reservedAtMs: nowMs,
    legs,
    grantedOutput: decision.grantedOutput,
    credits: request.credits && { ...request.credits, lots: credits.outcome?.allocations ?? [] },
  };
  state.holds.set(hold.id, { hold, event: request.event, ttlMs: request.ttlMs, expiresAtMs: nowMs + request.ttlMs });
  return { outcome: 'admitted', hold, states };
}

/** Raises an open hold: all legs or none, in the windows pinned at reserve. Its time to live begins anew. */
export function extendCall(state: MemoryState, request: ExtendRequest, nowMs: number): ExtendVerdict {
  checkExtendRequest(request);
  const open = state.holds.get(request.hold.id);
  if (!open) return { outcome: 'ended' };
  const { hold } = open;
  const counters = hold.legs.map((leg) => counterIn(state, leg.meter, leg.window));
  const before = hold.legs.map((leg) => leg.amount);
  const decision = decideExtend(counters, before, request);
  if (decision.outcome === 'failing') {
    return { outcome: 'denied', failing: toFailingLegs(decision.failing, counters, request.legs) };
  }
  const legs = hold.legs.map((leg, index): HeldLeg => {
    const amount = decision.amounts[index] ?? leg.amount;
    const counter = counters[index];
    if (counter) changeCounter(state, counter, { used: 0n, held: amount - leg.amount });
    return { ...leg, amount };
  });
  const grantedOutput = maxAmount(request.grantedOutput, hold.grantedOutput);
  const extended = { ...hold, legs, grantedOutput };
  state.holds.set(hold.id, { ...open, hold: extended, expiresAtMs: Math.max(open.expiresAtMs, nowMs + open.ttlMs) });
  return { outcome: 'extended', hold: extended };
}

function isStale(state: MemoryState, { organizationId, versions }: ReserveRequest): boolean {
  const platform = state.versions.get('platform') ?? 0n;
  const organization = state.versions.get(organizationId) ?? 0n;
  return versions.platform !== platform || versions.organization !== organization;
}

function decideCredits(state: MemoryState, { organizationId, credits }: ReserveRequest, nowMs: number) {
  if (credits === null) return { short: null, outcome: null };
  const lots = lotsOf(state, organizationId, credits.creditType);
  const outcome = holdCredits(lots, credits.amount, nowMs);
  const short = outcome.missing > 0n ? { asked: credits.amount, available: availableCredits(lots, nowMs) } : null;
  return { short, outcome };
}

function holdLeg(
  state: MemoryState,
  meter: Meter,
  { counter, amount }: { counter: MemoryCounter | undefined; amount: bigint },
): HeldLeg {
  if (!counter) throw new RangeError('a leg without its counter');
  const { id, window } = changeCounter(state, counter, { used: 0n, held: amount });
  return { meter, window, counterId: id, amount };
}

function toMeterState(counter: MemoryCounter, leg: Leg | undefined) {
  if (!leg) throw new RangeError('a counter without its leg');
  return { meter: leg.meter, window: counter.window, used: counter.used, held: counter.held };
}

function toFailingLegs(
  failing: readonly FailingIndex[],
  counters: readonly MemoryCounter[],
  legs: readonly Leg[],
): readonly FailingLeg[] {
  return failing.flatMap(({ index, asked }) => {
    const counter = counters[index];
    return counter ? [{ ...toMeterState(counter, legs[index]), asked }] : [];
  });
}
