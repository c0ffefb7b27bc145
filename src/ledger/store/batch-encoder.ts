// Owns: a batch of operations as the parameters of ledger_apply (migration 000052). Not: which operations form a batch (lane.ts)
// or what the answer means (batch-decoder.ts).

import { minAmount } from '../../primitives/amounts.ts';
import { uuidV7TimeMs } from '../../primitives/ids.ts';
import { legAmount } from '../core/decide.ts';
import { MAX_LIMIT } from '../core/limits.ts';
import type { HeldLeg, Hold, Leg } from '../core/reservation.ts';
import { settleLegs } from '../core/settle.ts';
import { plainArray, plainColumn, textArray } from './array-literal.ts';
import { lockRank } from './counter-registry.ts';
import { type BookedEvent, counterList, createDimensionTable, eventColumns, nestedArrays } from './event-columns.ts';
import type { ExtendOperation, Operation, RecordOperation, ReserveOperation, SettleOperation } from './operation.ts';

/** Parameters of ledger_apply. */
const PARAMETER_COUNT = 68;

/** The statement that applies a batch. Prepared once a connection. */
export const APPLY_STATEMENT = {
  name: 'ledger_apply',
  text: `select * from weir_private.ledger_apply(${Array.from({ length: PARAMETER_COUNT }, (_, index) => `$${index + 1}`).join(',')})`,
};

/** A counter of the batch and what the batch does to it as a whole. */
interface CounterSums {
  readonly id: bigint;
  readonly rank: number;
  /** The least limit that any reserve of the batch brings; null is unlimited. */
  limit: bigint | null;
  /** Sum of the worst cases of the batch's reserves; null when none touches it. */
  asked: bigint | null;
  /** The largest variable part of them. */
  share: bigint;
  used: bigint;
  back: bigint;
}

/** A batch, sorted by kind, and the counters it touches in the order of locking. */
export interface EncodedBatch {
  readonly reserves: readonly ReserveOperation[];
  readonly settles: readonly SettleOperation[];
  readonly extends: readonly ExtendOperation[];
  readonly records: readonly RecordOperation[];
  /** Place of each counter, 1-based, by id. */
  readonly slots: ReadonlyMap<bigint, number>;
  readonly values: readonly (string | number | boolean | bigint)[];
}

/** What a batch says about time and path. */
export interface BatchClock {
  readonly lastMs: number;
  readonly offsetMs: number;
  readonly exact: boolean;
}

/** Writes a batch. Reserves must be pinned; no two operations may end the same hold. */
export function encodeBatch(operations: readonly Operation[], time: BatchClock): EncodedBatch {
  const reserves = operations.filter((operation) => operation.kind === 'reserve');
  const settles = operations.filter((operation) => operation.kind === 'settle');
  const extensions = operations.filter((operation) => operation.kind === 'extend');
  const records = operations.filter((operation) => operation.kind === 'record');
  const exact = time.exact || settles.some((settle) => settle.hold.credits !== null || settle.replay || settle.release);
  const { counters, slots } = sumCounters(reserves, settles, extensions);
  const dimensions = createDimensionTable();
  const events = eventColumns([...settles.map(toBookedEvent), ...records.map(toRecordedEvent)], dimensions);
  const reserveParameters = reserveColumns(reserves, dimensions.indexOf);
  const scopes = scopeColumns(reserves);
  const values = [
    time.lastMs,
    time.offsetMs,
    exact || reserves.some((reserve) => reserve.replay || reserve.request.credits !== null),
    textArray(scopes.names),
    plainArray(scopes.versions),
    plainColumn(counters, (counter) => counter.id),
    plainColumn(counters, (counter) => counter.limit),
    plainColumn(counters, (counter) => counter.asked),
    plainColumn(counters, (counter) => counter.share),
    plainColumn(counters, (counter) => counter.used),
    plainColumn(counters, (counter) => counter.back),
    dimensions.toJson(),
    ...extendColumns(extensions, legCount(reserves)),
    ...reserveParameters(scopes.platform, scopes.organization),
    ...legColumns(reserves, extensions, slots),
    ...settleColumns(settles, slots),
    ...events,
  ];
  return { reserves, settles, extends: extensions, records, slots, values };
}

function sumCounters(
  reserves: readonly ReserveOperation[],
  settles: readonly SettleOperation[],
  extensions: readonly ExtendOperation[],
): { counters: CounterSums[]; slots: Map<bigint, number> } {
  const sums = new Map<bigint, CounterSums>();
  const at = (id: bigint, rank: number): CounterSums => {
    let sum = sums.get(id);
    if (!sum) {
      sum = { id, rank, limit: null, asked: null, share: 0n, used: 0n, back: 0n };
      sums.set(id, sum);
    }
    return sum;
  };
  for (const reserve of reserves) {
    const { legs, output } = reserve.request;
    // By index, here and below: what `entries()` makes for each leg adds up to a kilobyte a call.
    for (let index = 0; index < legs.length; index += 1) {
      const leg = legs[index] as Leg;
      const sum = at(pinnedCounter(reserve, index), lockRank(leg.meter));
      const variable = leg.rate * output.wanted;
      sum.asked = (sum.asked ?? 0n) + leg.base + variable;
      if (variable > sum.share) sum.share = variable;
      const limit = enforcedLimit(leg);
      if (limit !== null && (sum.limit === null || limit < sum.limit)) sum.limit = limit;
    }
  }
  for (const settle of settles) {
    const { legs } = settle.hold;
    for (let index = 0; index < legs.length; index += 1) {
      const leg = legs[index] as HeldLeg;
      const sum = at(leg.counterId, lockRank(leg.meter));
      sum.used += settle.used[index] ?? 0n;
      sum.back += leg.amount;
    }
  }
  for (const extension of extensions) {
    for (const leg of extension.request.hold.legs) at(leg.counterId, lockRank(leg.meter));
  }
  const counters = [...sums.values()].sort((a, b) => a.rank - b.rank || (a.id < b.id ? -1 : 1));
  return { counters, slots: new Map(counters.map((counter, index) => [counter.id, index + 1])) };
}

/** The limit that refuses: none for soft meters. */
function enforcedLimit(leg: Leg): bigint | null {
  if (leg.meter.mode === 'soft' || leg.meter.limit === null) return null;
  return minAmount(leg.meter.limit, MAX_LIMIT);
}

function pinnedCounter(reserve: ReserveOperation, index: number): bigint {
  const pinned = reserve.pinned[index];
  if (!pinned) throw new Error('a reserve of the batch is not pinned');
  return pinned.counterId;
}

function legCount(reserves: readonly ReserveOperation[]): number {
  return reserves.reduce((count, reserve) => count + reserve.request.legs.length, 0);
}

/** The distinct fact versions of the batch, and which of them each reserve relies on. */
function scopeColumns(reserves: readonly ReserveOperation[]): {
  names: string[];
  versions: bigint[];
  platform: number[];
  organization: number[];
} {
  const names: string[] = [];
  const versions: bigint[] = [];
  const places = new Map<string, number>();
  const placeOf = (name: string, version: bigint): number => {
    const key = `${name} ${version}`;
    const known = places.get(key);
    if (known !== undefined) return known;
    names.push(name);
    versions.push(version);
    places.set(key, names.length);
    return names.length;
  };
  const platform = reserves.map(({ request }) => placeOf('platform', request.versions.platform));
  const organization = reserves.map(({ request }) => placeOf(request.organizationId, request.versions.organization));
  return { names, versions, platform, organization };
}

function reserveColumns(
  reserves: readonly ReserveOperation[],
  dimensionOf: (dimensions: ReserveOperation['request']['event']['dimensions']) => number,
): (platform: number[], organization: number[]) => string[] {
  const plain = (pick: (reserve: ReserveOperation) => bigint | number | string | null): string =>
    plainColumn(reserves, pick);
  const dimensionPlaces = plain(({ request }) => dimensionOf(request.event.dimensions));
  return (platform, organization) => [
    plain(({ request }) => request.id),
    plain(({ request }) => request.organizationId),
    plain(({ request }) => request.ttlMs),
    plainArray(platform),
    plainArray(organization),
    lastLegs(
      reserves.map(({ request }) => request.legs.length),
      0,
    ),
    plain(({ request }) => request.output.wanted),
    plain(({ request }) => request.output.needed),
    plain(({ request }) => request.output.floor),
    textArray(reserves.map(({ request }) => request.credits?.creditType ?? null)),
    plain(({ request }) => request.credits?.amount ?? null),
    plain(({ request }) => uuidV7TimeMs(request.id)),
    plain(({ pinned }) => counterList(pinned)),
    nestedArrays(reserves.map(({ request }) => request.legs.map((leg) => legAmount(leg, request.output.wanted)))),
    dimensionPlaces,
    plain(({ request }) => request.event.tokens.input),
    plain(({ request }) => request.event.costNanoUsd),
  ];
}

function extendColumns(extensions: readonly ExtendOperation[], legsBefore: number): (string | number)[] {
  return [
    plainArray(extensions.map(({ request }) => request.hold.id)),
    plainArray(extensions.map(({ request }) => request.grantedOutput)),
    legsBefore,
    lastLegs(
      extensions.map(({ request }) => request.legs.length),
      legsBefore,
    ),
  ];
}

function legColumns(
  reserves: readonly ReserveOperation[],
  extensions: readonly ExtendOperation[],
  slots: ReadonlyMap<bigint, number>,
): string[] {
  const legs: Leg[] = [];
  const places: number[] = [];
  for (const reserve of reserves) {
    for (let index = 0; index < reserve.request.legs.length; index += 1) {
      legs.push(reserve.request.legs[index] as Leg);
      places.push(slots.get(pinnedCounter(reserve, index)) ?? 0);
    }
  }
  for (const { request } of extensions) {
    for (let index = 0; index < request.legs.length; index += 1) {
      legs.push(request.legs[index] as Leg);
      places.push(slots.get(request.hold.legs[index]?.counterId ?? -1n) ?? 0);
    }
  }
  return [
    plainArray(places),
    plainColumn(legs, (leg) => leg.base),
    plainColumn(legs, (leg) => leg.rate),
    plainColumn(legs, enforcedLimit),
  ];
}

function settleColumns(settles: readonly SettleOperation[], slots: ReadonlyMap<bigint, number>): (string | number)[] {
  const places: number[] = [];
  const used: bigint[] = [];
  for (const settle of settles) {
    for (const leg of settle.hold.legs) places.push(slots.get(leg.counterId) ?? 0);
    for (const amount of settle.used) used.push(amount);
  }
  return [
    settles.length,
    plainColumn(settles, (settle) => settle.release),
    plainColumn(settles, (settle) => settle.creditsUsed),
    lastLegs(
      settles.map((settle) => settle.hold.legs.length),
      0,
    ),
    plainArray(places),
    plainArray(used),
  ];
}

/** Where each operation's legs end in the flat list, 1-based. */
function lastLegs(counts: readonly number[], before: number): string {
  let last = before;
  return plainArray(
    counts.map((count) => {
      last += count;
      return last;
    }),
  );
}

function toBookedEvent({ hold, used, event }: SettleOperation): BookedEvent {
  return { id: hold.id, event, legs: hold.legs, amounts: used, overruns: overrunsOf(hold, used) };
}

/** Null when nothing went beyond its hold, which is nearly always. */
function overrunsOf({ legs }: Hold, used: readonly bigint[]): bigint[] | null {
  if (!legs.some(({ amount }, index) => (used[index] ?? 0n) > amount)) return null;
  const held = legs.map(({ amount }) => amount);
  return settleLegs(held, used).map(({ overrun }) => overrun);
}

function toRecordedEvent(record: RecordOperation): BookedEvent {
  return { id: record.id, event: record.event, legs: [], amounts: [], overruns: null };
}
