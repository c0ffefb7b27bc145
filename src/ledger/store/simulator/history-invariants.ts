// Owns: the invariants of `admission.md` section 4 that need more than one look at the rows, as named functions, each answering
// with what is wrong. Those that one look refutes are in ledger-invariants.ts.

import { canRefuse } from '../../core/decide.ts';
import type { Hold, ReserveRequest } from '../../core/reservation.ts';
import type { LedgerSnapshot } from '../ledger-snapshot.ts';
import { counterIn, type MemoryState } from '../memory-state.ts';

/** Invariant 2: right after an admission, used + held is within the limit of every hard leg. */
export function hardLimitsHold(state: MemoryState, hold: Hold, request: ReserveRequest): readonly string[] {
  return request.legs.flatMap((leg, index) => {
    const window = hold.legs[index]?.window;
    if (!window || !canRefuse(leg)) return [];
    const { used, held } = counterIn(state, leg.meter, window);
    const passed = used + held > (leg.meter.limit ?? 0n);
    return passed
      ? [`${hold.id} was admitted with ${used} + ${held} on ${leg.meter.key}, limit ${leg.meter.limit}`]
      : [];
  });
}

/** Invariant 3: no open hold lacks a leg that was asked, and none has more. */
export function noPartialReservations(
  snapshot: LedgerSnapshot,
  requests: ReadonlyMap<string, ReserveRequest>,
): readonly string[] {
  return snapshot.openHolds.flatMap((row) => {
    const request = requests.get(row.id);
    if (!request) return [`${row.id} is held and was never asked`];
    const whole = row.legs.length === request.legs.length && row.credits === (request.credits?.amount ?? 0n);
    return whole ? [] : [`${row.id} holds ${row.legs.length} of ${request.legs.length} legs, ${row.credits} credits`];
  });
}

/** Invariant 5: a hold answered again is the same: same windows, same lots, and no leg smaller than it was. */
export function repeatsAgree(first: Hold, again: Hold): readonly string[] {
  const pinned = (hold: Hold): string =>
    hold.legs.map((leg) => `${leg.meter.key}@${leg.window.startMs}#${leg.counterId}`).join(', ');
  const lots = (hold: Hold): string => hold.credits?.lots.map((lot) => `${lot.lotId}=${lot.amount}`).join(', ') ?? '';
  const shrunk = again.legs.some((leg, index) => leg.amount < (first.legs[index]?.amount ?? 0n));
  const agrees =
    pinned(first) === pinned(again) &&
    lots(first) === lots(again) &&
    first.reservedAtMs === again.reservedAtMs &&
    !shrunk;
  return agrees
    ? []
    : [
        `${first.id} was first answered as ${pinned(first)} at ${first.reservedAtMs}, then as ${pinned(again)} at ${again.reservedAtMs}`,
      ];
}

/** Invariant 6: what an event charges lies in the windows that its hold pinned. */
export function settlesStayInPinnedWindows(
  snapshot: LedgerSnapshot,
  holds: ReadonlyMap<string, Hold>,
): readonly string[] {
  return snapshot.events.flatMap((event) => {
    const pinned = new Set(holds.get(event.id)?.legs.map((leg) => `${leg.meter.key}@${leg.window.startMs}`));
    if (!holds.has(event.id)) return [];
    return event.charges
      .filter((charge) => !pinned.has(`${charge.meterKey}@${charge.windowStartMs}`))
      .map((charge) => `${event.id} charged ${charge.meterKey} outside the window it had pinned`);
  });
}

/** Invariant 9: the store's clock never decreases. */
export function clockNeverGoesBack(beforeMs: number, afterMs: number): readonly string[] {
  return afterMs < beforeMs ? [`the clock went back by ${beforeMs - afterMs} ms`] : [];
}

/** Invariant 9: holds and events of an organization touch its own counters and the platform's, no others. */
export function organizationsStayApart(snapshot: LedgerSnapshot): readonly string[] {
  const owner = new Map(snapshot.counters.map((row) => [row.meterKey, row.organizationId]));
  const touches = [
    ...snapshot.openHolds.map((hold) => ({ ...hold, amounts: hold.legs })),
    ...snapshot.events.map((event) => ({ ...event, amounts: event.charges })),
  ];
  return touches.flatMap(({ id, organizationId, amounts }) =>
    amounts
      .filter(({ meterKey }) => (owner.get(meterKey) ?? organizationId) !== organizationId)
      .map(({ meterKey }) => `${id} of ${organizationId} touched ${meterKey}`),
  );
}

/** Quiescence: once every hold has had its time and been swept, nothing is held and each admitted call has ended. */
export function nothingStaysHeld(snapshot: LedgerSnapshot, holds: ReadonlyMap<string, Hold>): readonly string[] {
  const ended = new Set(snapshot.events.map((event) => event.id));
  return [
    ...snapshot.counters.filter((row) => row.held !== 0n).map((row) => `${row.held} stays held on ${row.meterKey}`),
    ...snapshot.openHolds.map((hold) => `${hold.id} stays held`),
    ...snapshot.lots.filter((lot) => lot.held !== 0n).map((lot) => `lot ${lot.id} stays held`),
    ...[...holds.keys()].filter((id) => !ended.has(id)).map((id) => `${id} was admitted and has no event`),
  ];
}
