// Owns: settlements as lines of a journal segment. Counters and dimensions are named once a segment and then by their number: a record of five legs
// takes some 300 bytes. Written by joining strings: 3 to 4 us a record on the 2-core machine, where JSON.stringify of the whole takes 25.
// Not: files (segment.ts) or reading back (record-reader.ts).

import type { Meter } from '../../ledger/core/meter.ts';
import type { HeldLeg, Hold } from '../../ledger/core/reservation.ts';
import type { UsageDimensions, UsageEvent } from '../../ledger/core/usage-event.ts';
import type { SettlementEntry } from './settlement-entry.ts';

/** Turns entries into lines; keeps what it has named so far, so it belongs to one segment. */
export interface RecordWriter {
  /** The lines of an entry, each ended by a line feed: names that are new, then the record. */
  lines(entry: SettlementEntry): string;
}

/** A line that says: the first `count` records of this segment are in the ledger. */
export function settledLine(count: number): string {
  return `["w",${count}]\n`;
}

interface Named<Value> {
  readonly value: Value;
  readonly number: number;
}

/** A writer for a new segment. */
export function createRecordWriter(): RecordWriter {
  const counters = new Map<bigint, Named<HeldLeg>>();
  const dimensions = new Map<string, Named<UsageDimensions>>();
  let counterCount = 0;
  let dimensionsCount = 0;
  // Most calls are like the one before; to name them takes a text of 100 characters.
  let lastDimensions: Named<UsageDimensions> | undefined;
  let names = '';

  const counterNumber = (leg: HeldLeg): number => {
    const known = counters.get(leg.counterId);
    if (known && isSameLeg(known.value, leg)) return known.number;
    counters.set(leg.counterId, { value: leg, number: counterCount });
    names += `["c",${counterCount},"${leg.counterId}",${meterJson(leg.meter)},${leg.window.startMs},${leg.window.endMs}]\n`;
    counterCount += 1;
    return counterCount - 1;
  };
  const dimensionsNumber = (value: UsageDimensions): number => {
    if (lastDimensions?.value !== value) lastDimensions = nameDimensions(value);
    return lastDimensions.number;
  };
  const nameDimensions = (value: UsageDimensions): Named<UsageDimensions> => {
    const place = `${value.virtualKeyId} ${value.userId} ${value.modelId} ${value.route}`;
    const known = dimensions.get(place);
    if (known && isSameDimensions(known.value, value)) return { value, number: known.number };
    const named = { value, number: dimensionsCount };
    dimensions.set(place, named);
    names += `["d",${dimensionsCount},${JSON.stringify(value)}]\n`;
    dimensionsCount += 1;
    return named;
  };
  return {
    lines(entry) {
      names = '';
      const { hold, event } = entry.kind === 'settle' ? entry.request : entry;
      const used = entry.kind === 'settle' ? entry.request.used : null;
      let legs = '';
      for (let index = 0; index < hold.legs.length; index += 1) {
        const leg = hold.legs[index];
        if (leg) legs += `${index === 0 ? '' : ','}${counterNumber(leg)},"${leg.amount}","${used?.[index] ?? 0n}"`;
      }
      const eventText = eventJson(event, dimensionsNumber(event.dimensions));
      const head = entry.kind === 'settle' ? `["s","${entry.request.creditsUsed}",` : '["r","0",';
      return `${names}${head}${holdJson(hold, legs)},${eventText}]\n`;
    },
  };
}

function holdJson(hold: Hold, legs: string): string {
  const credits = hold.credits === null ? 'null' : creditsJson(hold.credits);
  return `"${hold.id}","${hold.organizationId}",${hold.reservedAtMs},"${hold.grantedOutput}",${credits},[${legs}]`;
}

function creditsJson({ creditType, amount, lots }: NonNullable<Hold['credits']>): string {
  const taken = lots.map((lot) => `"${lot.lotId}","${lot.amount}"`).join(',');
  return `[${JSON.stringify(creditType)},"${amount}",[${taken}]]`;
}

function eventJson(event: UsageEvent, dimensions: number): string {
  const { tokens } = event;
  return (
    `[${dimensions},"${tokens.input}","${tokens.output}","${tokens.cachedInput}","${tokens.cacheWrite}","${tokens.cacheWrite1h}","${tokens.reasoning}",` +
    `"${event.source}",${amount(event.costNanoUsd)},${amount(event.providerCostNanoUsd)},"${event.status}",${text(event.errorCode)},` +
    `${event.streamed},${event.trial},${event.retries},${event.fallbackUsed},${event.latencyMs},${event.timeToFirstTokenMs},` +
    `${text(event.upstreamRequestId)},${event.tags === null ? 'null' : JSON.stringify(event.tags)}]`
  );
}

function amount(value: bigint | null): string {
  return value === null ? 'null' : `"${value}"`;
}

function text(value: string | null): string {
  return value === null ? 'null' : JSON.stringify(value);
}

/** How it is told is for replies alone. */
function meterJson({ told: _, ...meter }: Meter): string {
  return JSON.stringify({ ...meter, limit: meter.limit === null ? null : `${meter.limit}` });
}

/** A counter's meter is built anew for every call, and its limit or name may change between two. */
function isSameLeg(known: HeldLeg, leg: HeldLeg): boolean {
  const [a, b] = [known.meter, leg.meter];
  if (known.window.startMs !== leg.window.startMs || known.window.endMs !== leg.window.endMs) return false;
  if (a === b) return true;
  return (
    a.key === b.key &&
    a.limit === b.limit &&
    a.mode === b.mode &&
    a.label === b.label &&
    a.kind === b.kind &&
    a.scopeClass === b.scopeClass &&
    a.unit === b.unit &&
    a.organizationId === b.organizationId &&
    a.window.kind === b.window.kind &&
    anchorOf(a) === anchorOf(b)
  );
}

function anchorOf({ window }: Meter): number {
  return window.kind === 'anniversary' ? window.anchorMs : 0;
}

function isSameDimensions(a: UsageDimensions, b: UsageDimensions): boolean {
  return (
    a === b ||
    (a.organizationId === b.organizationId &&
      a.departmentId === b.departmentId &&
      a.userId === b.userId &&
      a.virtualKeyId === b.virtualKeyId &&
      a.templateId === b.templateId &&
      a.templateSlug === b.templateSlug &&
      a.feature === b.feature &&
      a.environment === b.environment &&
      a.personaId === b.personaId &&
      a.modelId === b.modelId &&
      a.provider === b.provider &&
      a.modelType === b.modelType &&
      a.promptVersionId === b.promptVersionId &&
      a.experimentArm === b.experimentArm &&
      a.priceId === b.priceId &&
      a.route === b.route)
  );
}
