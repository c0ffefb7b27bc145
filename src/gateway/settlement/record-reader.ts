// Owns: reading back what record-writer.ts wrote. Not: files, or what is done with the entries (replay.ts).

import type { Meter } from '../../ledger/core/meter.ts';
import type { HeldLeg, Hold } from '../../ledger/core/reservation.ts';
import type { UsageDimensions, UsageEvent } from '../../ledger/core/usage-event.ts';
import type { SettlementEntry } from './settlement-entry.ts';

/** What a segment holds. */
export interface ReadSegment {
  /** Entries that are not known to be in the ledger, in their order. */
  readonly entries: readonly SettlementEntry[];
  /** Lines that could not be read, the torn last one aside. */
  readonly damaged: number;
}

type HoldFields = readonly [
  id: string,
  organizationId: string,
  reservedAtMs: number,
  grantedOutput: string,
  credits: readonly [creditType: string, amount: string, lots: readonly string[]] | null,
  legs: readonly (number | string)[],
];
type EventFields = readonly [
  dimensions: number,
  input: string,
  output: string,
  cachedInput: string,
  cacheWrite: string,
  cacheWrite1h: string,
  reasoning: string,
  source: UsageEvent['source'],
  costNanoUsd: string | null,
  providerCostNanoUsd: string | null,
  status: UsageEvent['status'],
  errorCode: string | null,
  streamed: boolean,
  trial: boolean,
  retries: number,
  fallbackUsed: boolean,
  latencyMs: number | null,
  timeToFirstTokenMs: number | null,
  upstreamRequestId: string | null,
  tags: Record<string, string> | null,
];
type MeterFields = Omit<Meter, 'limit'> & { readonly limit: string | null };
type NameLine =
  | readonly ['c', number: number, counterId: string, meter: MeterFields, startMs: number, endMs: number]
  | readonly ['d', number: number, dimensions: UsageDimensions];
type EntryLine<Kind> = readonly [kind: Kind, creditsUsed: string, ...hold: HoldFields, event: EventFields];
type Line = NameLine | EntryLine<'s'> | EntryLine<'r'> | readonly ['w', count: number];

/** What the segment has named so far, by number. */
interface Names {
  readonly counters: Map<number, Omit<HeldLeg, 'amount'>>;
  readonly dimensions: Map<number, UsageDimensions>;
}

/** Reads a segment's text. A last line without its line feed was being written when the process died: nobody was told of it, so it is left out. */
export function readSegment(text: string): ReadSegment {
  const names: Names = { counters: new Map(), dimensions: new Map() };
  const entries: SettlementEntry[] = [];
  let damaged = 0;
  let settled = 0;
  for (const line of text.slice(0, text.lastIndexOf('\n') + 1).split('\n')) {
    if (line === '') continue;
    try {
      const fields = JSON.parse(line) as Line;
      if (fields[0] === 's' || fields[0] === 'r') entries.push(readEntry(fields, names));
      else if (fields[0] === 'w') settled = fields[1];
      else readName(fields, names);
    } catch {
      damaged += 1;
    }
  }
  // With damage the count may not fit the entries any more: then all are settled again, which has no effect on those that are in.
  return { entries: damaged === 0 ? entries.slice(settled) : entries, damaged };
}

function readName(fields: NameLine, names: Names): void {
  if (fields[0] === 'd') {
    names.dimensions.set(fields[1], fields[2]);
    return;
  }
  const [, number, counterId, meter, startMs, endMs] = fields;
  const limit = meter.limit === null ? null : BigInt(meter.limit);
  names.counters.set(number, { counterId: BigInt(counterId), meter: { ...meter, limit }, window: { startMs, endMs } });
}

function readEntry(fields: EntryLine<'s'> | EntryLine<'r'>, names: Names): SettlementEntry {
  const [kind, creditsUsed, id, organizationId, reservedAtMs, grantedOutput, credits, legFields, eventFields] = fields;
  const legs: HeldLeg[] = [];
  const used: bigint[] = [];
  for (let index = 0; index < legFields.length; index += 3) {
    legs.push({ ...nameAt(names.counters, legFields[index]), amount: amountAt(legFields, index + 1) });
    used.push(amountAt(legFields, index + 2));
  }
  const hold: Hold = {
    id,
    organizationId,
    reservedAtMs,
    legs,
    grantedOutput: BigInt(grantedOutput),
    credits: credits === null ? null : readCredits(credits),
  };
  const event = readEvent(eventFields, names);
  return kind === 'r'
    ? { kind: 'release', hold, event }
    : { kind: 'settle', request: { hold, used, creditsUsed: BigInt(creditsUsed), event } };
}

function readCredits([creditType, amount, taken]: NonNullable<HoldFields[4]>): NonNullable<Hold['credits']> {
  const lots = [];
  for (let index = 0; index < taken.length; index += 2) {
    lots.push({ lotId: String(taken[index]), amount: amountAt(taken, index + 1) });
  }
  return { creditType, amount: BigInt(amount), lots };
}

function readEvent(fields: EventFields, names: Names): UsageEvent {
  const [place, input, output, cachedInput, cacheWrite, cacheWrite1h, reasoning, source, cost, providerCost, ...rest] =
    fields;
  const [status, errorCode, streamed, trial, retries, fallbackUsed, latencyMs, firstTokenMs, upstreamId, tags] = rest;
  return {
    dimensions: nameAt(names.dimensions, place),
    tokens: {
      input: BigInt(input),
      output: BigInt(output),
      cachedInput: BigInt(cachedInput),
      cacheWrite: BigInt(cacheWrite),
      cacheWrite1h: BigInt(cacheWrite1h),
      reasoning: BigInt(reasoning),
    },
    source,
    costNanoUsd: cost === null ? null : BigInt(cost),
    providerCostNanoUsd: providerCost === null ? null : BigInt(providerCost),
    status,
    errorCode,
    streamed,
    trial,
    retries,
    fallbackUsed,
    latencyMs,
    timeToFirstTokenMs: firstTokenMs,
    upstreamRequestId: upstreamId,
    tags,
  };
}

/** @throws {RangeError} where a list is cut short */
function amountAt(list: readonly (number | string)[], index: number): bigint {
  const amount = list[index];
  if (typeof amount !== 'string') throw new RangeError('a record lacks an amount');
  return BigInt(amount);
}

/** @throws {RangeError} for a number that was never given a name: the line that named it is damaged */
function nameAt<Value>(names: ReadonlyMap<number, Value>, number: number | string | undefined): Value {
  const value = typeof number === 'number' ? names.get(number) : undefined;
  if (value === undefined) throw new RangeError('a record uses a name that the segment does not hold');
  return value;
}
