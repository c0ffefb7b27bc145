// Owns: ending calls in the in-memory ledger: settle, release, expiry, late truth, and calls that never held anything.
// Not: reserving (memory-reserve.ts).

import { checkSettleRequest } from '../core/limits.ts';
import { correctCredits, type LotOutcome, settleCredits } from '../core/lots.ts';
import type { HeldLeg, Hold, SettleOutcome, SettleRequest } from '../core/reservation.ts';
import { lateCorrections, settleLegs } from '../core/settle.ts';
import type { UsageEvent } from '../core/usage-event.ts';
import type { CounterAmount } from './ledger-snapshot.ts';
import { bookEvent, changeCounter, counterIn, keepLots, lotsOf, type MemoryState } from './memory-state.ts';

interface Ending {
  readonly hold: Hold;
  readonly used: readonly bigint[];
  readonly creditsUsed: bigint;
  readonly event: UsageEvent;
}

/** Books what was used, once. */
export function settleCall(state: MemoryState, request: SettleRequest): SettleOutcome {
  checkSettleRequest(request);
  const { id } = request.hold;
  const ending = state.endings.get(id);
  if (state.holds.has(id)) return endHold(state, request, 'settled');
  if (ending?.state === 'expired') return correctEstimate(state, request);
  if (ending) return 'duplicate';
  return bookOrphan(state, request);
}

/** Ends a call of which nothing was sent upstream: everything returns. Of an unknown call there is nothing to return or to tell. */
export function releaseCall(state: MemoryState, hold: Hold, event: UsageEvent): SettleOutcome {
  const ending = state.endings.get(hold.id);
  const nothing = { hold, used: hold.legs.map(() => 0n), creditsUsed: 0n, event };
  if (state.holds.has(hold.id)) return endHold(state, nothing, 'released');
  if (ending?.state === 'expired') return correctEstimate(state, nothing);
  return 'duplicate';
}

/** Appends the event of a call that held nothing. A call that holds or has ended already keeps its own event. */
export function recordCall(state: MemoryState, id: string, event: UsageEvent): void {
  if (state.holds.has(id) || state.endings.has(id)) return;
  state.endings.set(id, { state: 'recorded', estimate: null });
  bookEvent(state, { id, kind: 'primary', event, charges: [], credits: 0n });
}

/** Ends at most `limit` holds past their time, oldest first: each is charged all that it held, marked as an estimate. */
export function sweepCalls(state: MemoryState, limit: number, nowMs: number): number {
  const due = [...state.holds.values()]
    .filter((open) => open.expiresAtMs <= nowMs)
    .sort((a, b) => (a.hold.id < b.hold.id ? -1 : 1))
    .slice(0, limit);
  for (const { hold, event } of due) {
    const used = hold.legs.map((leg) => leg.amount);
    endHold(
      state,
      {
        hold,
        used,
        creditsUsed: hold.credits?.amount ?? 0n,
        event: { ...event, source: 'estimated', status: 'timeout', errorCode: 'hold_expired' },
      },
      'expired',
    );
  }
  return due.length;
}

function endHold(state: MemoryState, ending: Ending, to: 'settled' | 'released' | 'expired'): SettleOutcome {
  // What the ledger holds counts, not what the caller remembers: an extension's reply may have been lost.
  const hold = state.holds.get(ending.hold.id)?.hold ?? ending.hold;
  const amounts = hold.legs.map((leg) => leg.amount);
  const charges = settleLegs(amounts, ending.used).map((leg, index) =>
    charge(state, hold.legs[index], { used: leg.used, held: -(amounts[index] ?? 0n) }),
  );
  const lots = hold.credits
    ? settleCredits(lotsOf(state, hold.organizationId, hold.credits.creditType), hold.credits.lots, ending.creditsUsed)
    : null;
  if (lots) keepLots(state, lots);
  state.holds.delete(hold.id);
  state.endings.set(hold.id, {
    state: to,
    estimate: to === 'expired' ? { hold, lots: lots?.allocations ?? [] } : null,
  });
  bookEvent(state, { id: hold.id, kind: 'primary', event: ending.event, charges, credits: sumOf(lots) });
  return 'settled';
}

function correctEstimate(state: MemoryState, truth: Ending): SettleOutcome {
  const estimate = state.endings.get(truth.hold.id)?.estimate;
  if (!estimate) return 'duplicate';
  const { hold } = estimate;
  const amounts = hold.legs.map((leg) => leg.amount);
  const charges = lateCorrections(amounts, truth.used).map((used, index) =>
    charge(state, hold.legs[index], { used, held: 0n }),
  );
  const lots = hold.credits
    ? correctCredits(lotsOf(state, hold.organizationId, hold.credits.creditType), estimate.lots, truth.creditsUsed)
    : null;
  if (lots) keepLots(state, lots);
  state.endings.set(hold.id, { state: 'corrected', estimate: null });
  const estimated = estimate.lots.reduce((sum, lot) => sum + lot.amount, 0n);
  bookEvent(state, { id: hold.id, kind: 'correction', event: truth.event, charges, credits: sumOf(lots) - estimated });
  return 'late';
}

/** The usage counts; credits don't: the ledger knows of none that this call took. */
function bookOrphan(state: MemoryState, { hold, used, event }: SettleRequest): SettleOutcome {
  const charges = hold.legs.map((leg, index) => charge(state, leg, { used: used[index] ?? 0n, held: 0n }));
  state.endings.set(hold.id, { state: 'settled', estimate: null });
  bookEvent(state, { id: hold.id, kind: 'primary', event, charges, credits: 0n });
  return 'orphan';
}

function charge(state: MemoryState, leg: HeldLeg | undefined, change: { used: bigint; held: bigint }): CounterAmount {
  if (!leg) throw new RangeError('an amount without its leg');
  changeCounter(state, counterIn(state, leg.meter, leg.window), change);
  return { meterKey: leg.meter.key, windowStartMs: leg.window.startMs, amount: change.used };
}

function sumOf(lots: LotOutcome | null): bigint {
  return lots?.allocations.reduce((sum, lot) => sum + lot.amount, 0n) ?? 0n;
}
