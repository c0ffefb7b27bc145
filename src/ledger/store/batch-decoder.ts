// Owns: what the answer of ledger_apply means for each operation of the batch. Not: who is told (lane.ts).

import { legAmount } from '../core/decide.ts';
import type { Meter } from '../core/meter.ts';
import type {
  CreditAsk,
  ExtendVerdict,
  FailingLeg,
  Hold,
  LotAllocation,
  MeterState,
  ReserveVerdict,
  SettleOutcome,
} from '../core/reservation.ts';
import type { EncodedBatch } from './batch-encoder.ts';
import type { ExtendOperation, ReserveOperation } from './operation.ts';

/** The one row that ledger_apply gives. Null arrays: the common case held for all. */
export interface ApplyRow {
  readonly now_ms: bigint;
  readonly exact: boolean;
  readonly used_after: readonly bigint[];
  readonly held_after: readonly bigint[];
  readonly settle_outcomes: readonly SettleOutcome[] | null;
  readonly extend_outcomes: readonly ('extended' | 'denied' | 'ended')[] | null;
  readonly reserve_outcomes: readonly ReserveOutcome[] | null;
  readonly grants: readonly bigint[] | null;
  readonly lots: readonly (string | null)[] | null;
  readonly credits_available: readonly (bigint | null)[] | null;
  /** The holds of repeated reserves and of extensions, by id, as they stand. */
  readonly open_holds: Readonly<Record<string, HoldJson>> | null;
  readonly f_request: readonly number[] | null;
  readonly f_leg: readonly number[] | null;
  readonly f_used: readonly bigint[] | null;
  readonly f_held: readonly bigint[] | null;
  readonly f_asked: readonly bigint[] | null;
}

/** What `ledger_hold_json` gives. */
interface HoldJson {
  readonly reserved_at_ms: number;
  readonly granted_output: string;
  readonly legs: readonly {
    readonly counter: string;
    readonly amount: string;
    readonly start_ms: number;
    readonly end_ms: number;
  }[];
  readonly lots: readonly { readonly id: string; readonly amount: string }[];
}

type ReserveOutcome = 'admitted' | 'repeated' | 'denied' | 'stale' | 'ended' | 'window';

/** Answers a reserve of the batch; `window` when a window has rolled since it was pinned: pin it again. */
export function decodeReserve(batch: EncodedBatch, row: ApplyRow, index: number): ReserveVerdict | 'window' {
  const operation = batch.reserves[index];
  if (!operation) throw new Error('no such reserve in the batch');
  const outcome = row.reserve_outcomes?.[index] ?? 'admitted';
  if (outcome === 'window') return outcome;
  if (outcome === 'stale' || outcome === 'ended') return { outcome };
  if (outcome === 'denied') return denied(operation, row, index);
  const { request } = operation;
  const open = outcome === 'repeated' ? row.open_holds?.[request.id] : undefined;
  if (open) {
    const meters = request.legs.map((leg) => leg.meter);
    const { id, organizationId, credits } = request;
    return {
      outcome: 'admitted',
      hold: readHold(open, { id, organizationId, meters, credits }),
      states: statesOf(batch, row, operation),
    };
  }
  const grantedOutput = row.grants?.[index] ?? request.output.wanted;
  return {
    outcome: 'admitted',
    hold: toHold(operation, { grantedOutput, reservedAtMs: Number(row.now_ms), lots: row.lots?.[index] ?? null }),
    states: statesOf(batch, row, operation),
  };
}

function denied(operation: ReserveOperation, row: ApplyRow, index: number): ReserveVerdict {
  const available = row.credits_available?.[index] ?? null;
  const { credits } = operation.request;
  return {
    outcome: 'denied',
    failing: failingLegs(row, index + 1).map(({ leg, ...amounts }) => failing(operation, leg, amounts)),
    credits: credits && available !== null && available < credits.amount ? { asked: credits.amount, available } : null,
  };
}

function failing(
  operation: ReserveOperation,
  place: number,
  amounts: { used: bigint; held: bigint; asked: bigint },
): FailingLeg {
  const pinned = operation.pinned[place];
  if (!pinned) throw new Error('a failing leg was not pinned');
  return { meter: legAt(operation.request.legs, place).meter, window: pinned.window, ...amounts };
}

function legAt<Leg>(legs: readonly Leg[], place: number): Leg {
  const leg = legs[place];
  if (leg === undefined) throw new Error('the ledger named a leg that was not asked');
  return leg;
}

/** Failing legs of one request, 0-based; extensions are numbered from -1 downwards. */
function failingLegs(row: ApplyRow, request: number): { leg: number; used: bigint; held: bigint; asked: bigint }[] {
  const found: { leg: number; used: bigint; held: bigint; asked: bigint }[] = [];
  for (const [place, owner] of (row.f_request ?? []).entries()) {
    if (owner !== request) continue;
    found.push({
      leg: (row.f_leg?.[place] ?? 1) - 1,
      used: row.f_used?.[place] ?? 0n,
      held: row.f_held?.[place] ?? 0n,
      asked: row.f_asked?.[place] ?? 0n,
    });
  }
  return found;
}

function toHold(
  operation: ReserveOperation,
  answer: { grantedOutput: bigint; reservedAtMs: number; lots: string | null },
): Hold {
  const { request, pinned } = operation;
  return {
    id: request.id,
    organizationId: request.organizationId,
    reservedAtMs: answer.reservedAtMs,
    grantedOutput: answer.grantedOutput,
    legs: request.legs.map((leg, index) => {
      const { window, counterId } = legAt(pinned, index);
      return { meter: leg.meter, window, counterId, amount: legAmount(leg, answer.grantedOutput) };
    }),
    credits: request.credits && { ...request.credits, lots: readLots(answer.lots) },
  };
}

/** Reads `id,id;amount,amount`. */
function readLots(text: string | null): LotAllocation[] {
  if (text === null) return [];
  const [ids = '', amounts = ''] = text.split(';');
  const parts = amounts.split(',');
  return ids
    .split(',')
    .filter((id) => id !== '')
    .map((lotId, index) => ({ lotId, amount: BigInt(parts[index] ?? '0') }));
}

function statesOf(batch: EncodedBatch, row: ApplyRow, operation: ReserveOperation): MeterState[] {
  return operation.pinned.map((pinned, index) => {
    const slot = (batch.slots.get(pinned.counterId) ?? 1) - 1;
    return {
      meter: legAt(operation.request.legs, index).meter,
      window: pinned.window,
      used: row.used_after[slot] ?? 0n,
      held: row.held_after[slot] ?? 0n,
    };
  });
}

/** Answers a settle or release of the batch. */
export function decodeSettle(row: ApplyRow, index: number): SettleOutcome {
  return row.settle_outcomes?.[index] ?? 'settled';
}

/** Answers an extension of the batch. */
export function decodeExtend(operation: ExtendOperation, row: ApplyRow, index: number): ExtendVerdict {
  const outcome = row.extend_outcomes?.[index] ?? 'ended';
  const { hold } = operation.request;
  if (outcome === 'ended') return { outcome };
  if (outcome === 'denied') {
    const failing = failingLegs(row, -(index + 1)).map(({ leg, ...amounts }) => {
      const { meter, window } = legAt(hold.legs, leg);
      return { meter, window, ...amounts };
    });
    return { outcome, failing };
  }
  const open = row.open_holds?.[hold.id];
  if (!open) throw new Error('the ledger did not show the hold it extended');
  return { outcome, hold: readHold(open, { ...hold, meters: hold.legs.map((leg) => leg.meter) }) };
}

/** A hold as the ledger has it, which may be more than its caller remembers. */
function readHold(
  json: HoldJson,
  call: Pick<Hold, 'id' | 'organizationId'> & { readonly meters: readonly Meter[]; readonly credits: CreditAsk | null },
): Hold {
  const { id, organizationId, meters, credits } = call;
  return {
    id,
    organizationId,
    reservedAtMs: json.reserved_at_ms,
    grantedOutput: BigInt(json.granted_output),
    legs: json.legs.map((leg, index) => ({
      meter: legAt(meters, index),
      window: { startMs: leg.start_ms, endMs: leg.end_ms },
      counterId: BigInt(leg.counter),
      amount: BigInt(leg.amount),
    })),
    credits: credits && {
      creditType: credits.creditType,
      amount: credits.amount,
      lots: json.lots.map((lot) => ({ lotId: lot.id, amount: BigInt(lot.amount) })),
    },
  };
}
