// Owns: one operation of a simulation, how it is sent to a store, how it is applied to the model, and its answer as a text that
// both must give. Not: which operation comes next (simulated-callers.ts).

import type { LedgerStore } from '../../core/ledger-store.ts';
import type { Meter } from '../../core/meter.ts';
import type {
  ExtendRequest,
  ExtendVerdict,
  FailingLeg,
  Hold,
  MeterState,
  ReserveRequest,
  ReserveVerdict,
  SettleOutcome,
  SettleRequest,
} from '../../core/reservation.ts';
import type { UsageEvent } from '../../core/usage-event.ts';
import { extendCall, reserveCall } from '../memory-reserve.ts';
import { recordCall, releaseCall, settleCall, sweepCalls } from '../memory-settle.ts';
import type { MemoryState } from '../memory-state.ts';
import { readMeters } from '../memory-store.ts';

/** An operation with all that a store needs. `call` is the caller's number in the plan. */
export type Operation =
  | { readonly kind: 'reserve'; readonly call: number; readonly request: ReserveRequest }
  | { readonly kind: 'extend'; readonly call: number; readonly request: ExtendRequest }
  | { readonly kind: 'settle'; readonly request: SettleRequest }
  | { readonly kind: 'release'; readonly hold: Hold; readonly event: UsageEvent }
  | { readonly kind: 'record'; readonly id: string; readonly event: UsageEvent }
  | { readonly kind: 'sweep'; readonly limit: number }
  | { readonly kind: 'read'; readonly meters: readonly Meter[] };

/** What an operation answers. */
export type Answer =
  | { readonly kind: 'reserve'; readonly verdict: ReserveVerdict }
  | { readonly kind: 'extend'; readonly verdict: ExtendVerdict }
  | { readonly kind: 'settle' | 'release'; readonly outcome: SettleOutcome }
  | { readonly kind: 'record' }
  | { readonly kind: 'sweep'; readonly ended: number }
  | { readonly kind: 'read'; readonly states: readonly MeterState[] };

/** Sends an operation to a store. */
export async function send(store: LedgerStore, operation: Operation): Promise<Answer> {
  switch (operation.kind) {
    case 'reserve':
      return { kind: 'reserve', verdict: await store.reserve(operation.request) };
    case 'extend':
      return { kind: 'extend', verdict: await store.extend(operation.request) };
    case 'settle':
      return { kind: 'settle', outcome: await store.settle(operation.request) };
    case 'release':
      return { kind: 'release', outcome: await store.release(operation.hold, operation.event) };
    case 'record':
      await store.record(operation);
      return { kind: 'record' };
    case 'sweep':
      return { kind: 'sweep', ended: await store.sweep(operation.limit) };
    case 'read':
      return { kind: 'read', states: await store.read(operation.meters) };
  }
}

/** Applies an operation to the model at an instant. */
export function apply(state: MemoryState, operation: Operation, nowMs: number): Answer {
  switch (operation.kind) {
    case 'reserve':
      return { kind: 'reserve', verdict: reserveCall(state, operation.request, nowMs) };
    case 'extend':
      return { kind: 'extend', verdict: extendCall(state, operation.request, nowMs) };
    case 'settle':
      return { kind: 'settle', outcome: settleCall(state, operation.request) };
    case 'release':
      return { kind: 'release', outcome: releaseCall(state, operation.hold, operation.event) };
    case 'record':
      recordCall(state, operation.id, operation.event);
      return { kind: 'record' };
    case 'sweep':
      return { kind: 'sweep', ended: sweepCalls(state, operation.limit, nowMs) };
    case 'read':
      return { kind: 'read', states: readMeters(state, operation.meters, nowMs) };
  }
}

/**
 * An answer as text. Left out is what two right stores may differ in: their names for counters, milliseconds within a step, and the states that
 * go with an admission (a batch shows those at its end).
 */
export function describeAnswer(answer: Answer): string {
  switch (answer.kind) {
    case 'reserve':
      return describeReserve(answer.verdict);
    case 'extend':
      if (answer.verdict.outcome === 'extended') return `extended ${describeHold(answer.verdict.hold)}`;
      return answer.verdict.outcome === 'denied'
        ? `denied ${answer.verdict.failing.map(describeFailing).join(', ')}`
        : 'ended';
    case 'settle':
    case 'release':
      return answer.outcome;
    case 'record':
      return 'recorded';
    case 'sweep':
      return `ended ${answer.ended}`;
    case 'read':
      return answer.states.map(describeState).join(', ');
  }
}

/** An operation in a line, for a report of a failure. */
export function describeOperation(operation: Operation): string {
  switch (operation.kind) {
    case 'reserve': {
      const { id, legs, output, credits } = operation.request;
      const list = legs.map(
        (leg) => `${leg.meter.key} ${leg.base}+${leg.rate}x (limit ${leg.meter.limit} ${leg.meter.mode})`,
      );
      return `reserve ${id} [${list.join(', ')}] output ${output.floor}/${output.needed}/${output.wanted} credits ${credits?.amount ?? '-'}`;
    }
    case 'extend':
      return `extend ${operation.request.hold.id} to ${operation.request.grantedOutput}`;
    case 'settle':
      return `settle ${operation.request.hold.id} [${operation.request.used.join(', ')}] credits ${operation.request.creditsUsed}`;
    case 'release':
      return `release ${operation.hold.id}`;
    case 'record':
      return `record ${operation.id}`;
    case 'sweep':
      return `sweep ${operation.limit}`;
    case 'read':
      return `read ${operation.meters.length} meters`;
  }
}

function describeReserve(verdict: ReserveVerdict): string {
  if (verdict.outcome === 'admitted') return `admitted ${describeHold(verdict.hold)}`;
  if (verdict.outcome !== 'denied') return verdict.outcome;
  const credits = verdict.credits ? ` credits ${verdict.credits.asked} of ${verdict.credits.available}` : '';
  return `denied ${verdict.failing.map(describeFailing).join(', ')}${credits}`;
}

function describeHold(hold: Hold): string {
  const legs = hold.legs.map(({ meter, window, amount }) => `${meter.key}@${window.startMs}-${window.endMs}=${amount}`);
  const lots = hold.credits?.lots.map((lot) => `${lot.lotId}=${lot.amount}`) ?? [];
  return `${hold.id} output ${hold.grantedOutput} legs ${legs.join(', ')} credits ${hold.credits?.amount ?? '-'} lots ${lots.join(', ')}`;
}

function describeFailing(leg: FailingLeg): string {
  return `${describeState(leg)} asked ${leg.asked}`;
}

function describeState({ meter, window, used, held }: MeterState): string {
  return `${meter.key}@${window.startMs} ${used}+${held}`;
}
