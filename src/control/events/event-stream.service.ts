// Owns: all product events as one stream, calls among them: forward for whoever passes them on, backward for people. Not: telling of events (event.service.ts),
// or passing them on.

import { z } from 'zod';
import type { Caller } from '../../contracts/caller.ts';
import { EVENT_STRETCH_DAYS_MAX } from '../../contracts/events/event-stream.ts';
import { instant } from '../../contracts/instant.ts';
import { decodeCursor, type Page, type PageRequest, toPage } from '../../contracts/paging.ts';
import { invalidField } from '../../contracts/problem.ts';
import { PRODUCT_EVENTS, type ProductEventName, type ProductEventProperties } from '../../contracts/product-events.ts';
import type { Database } from '../../database/pool.ts';
import { withPlatform } from '../../database/principal.ts';
import type { Clock } from '../../primitives/clock.ts';
import { WeirError } from '../../primitives/errors.ts';
import {
  type EventFilter,
  type EventPlace,
  type EventRow,
  getWholeUpTo,
  listEventsOf,
} from './event-stream.queries.ts';
import { type EventWindow, windowsBackward, windowsForward } from './event-stream.rules.ts';

type TypedEvent = {
  [Name in ProductEventName]: { readonly name: Name; readonly properties: ProductEventProperties<Name> };
}[ProductEventName];

/** An event as it is passed on. */
export type ProductEvent = Omit<EventRow, 'name' | 'properties'> & TypedEvent;

/** A part of the stream. */
export interface EventBatch {
  /** The oldest first. */
  readonly events: readonly ProductEvent[];
  /** Where the next part begins; the same as before while there is nothing new. */
  readonly next: EventPlace;
  /** Rows of names or properties that this version doesn't know; they are passed over. */
  readonly unknown: number;
}

/** Reads. */
export interface EventStream {
  /**
   * Up to `limit` events (1,000 at most) after a place, each once over all parts: the stream ends where it is whole, seconds ago. For jobs: it sees everybody's.
   */
  read(after: EventPlace, limit: number): Promise<EventBatch>;
  /** The newest first, up to now, for platform roles. 400 naming the field for a stretch that is none or too long. */
  list(
    caller: Caller,
    query: EventFilter & PageRequest & { readonly from?: string | undefined; readonly to?: string | undefined },
  ): Promise<Page<EventRow>>;
}

/** How long a transaction that tells of an event may be under way, at most, not to be passed over. */
const SETTLE_MS = 60_000;
const READ_MAX = 1_000;
const DAY_MS = 86_400_000;
/** Clocks differ: what the database calls now may be later than ours. */
const LEEWAY_MS = 60_000;
/** Before every event of its moment. */
const FIRST_ID = '00000000-0000-0000-0000-000000000000';
const REASON = 'read product events';

const placeSchema = z.tuple([instant, z.uuid()]);

/** The place before everything from a moment on. */
export const placeOf = (fromMs: number): EventPlace => [new Date(fromMs).toISOString(), FIRST_ID];

/** Over the given database; `settleMs` in tests only. */
export function createEventStream(options: {
  readonly database: Database;
  readonly clock: Clock;
  readonly settleMs?: number;
}): EventStream {
  const { database, clock, settleMs = SETTLE_MS } = options;
  return {
    read: (after, limit) =>
      withPlatform(database, REASON, async (tx) => {
        const rows: EventRow[] = [];
        const most = Math.min(limit, READ_MAX);
        const fromMs = Date.parse(after[0]);
        const toMs = (await getWholeUpTo(tx, settleMs)).getTime();
        for (const window of windowsForward({ fromMs, toMs })) {
          const page = { filter: {}, limit: most - rows.length, direction: 'forward', beyond: after } as const;
          rows.push(...(await listEventsOf(tx, window, page)));
          if (rows.length >= most) break;
        }
        const events = rows.flatMap(typed);
        return {
          events,
          next: nextPlace({ rows, after, isFull: rows.length >= most, toMs }),
          unknown: rows.length - events.length,
        };
      }),

    async list(caller, { limit, cursor, from, to, ...filter }) {
      if (caller.platformRole === 'user') throw new WeirError('forbidden');
      const stretch = stretchOf({ from, to }, clock.nowMs());
      const beyond = cursor === undefined ? null : decodeCursor(cursor, placeSchema);
      // The place's own millisecond holds more of it.
      const toMs = beyond === null ? stretch.toMs : Math.min(stretch.toMs, Date.parse(beyond[0]) + 1);
      const rows = await withPlatform(database, REASON, async (tx) => {
        const found: EventRow[] = [];
        for (const window of windowsBackward({ fromMs: stretch.fromMs, toMs })) {
          const page = { filter, limit: limit + 1 - found.length, direction: 'backward', beyond } as const;
          found.push(...(await listEventsOf(tx, window, page)));
          if (found.length > limit) break;
        }
        return found;
      });
      return toPage(rows, limit, ({ at, id }) => [at, id]);
    },
  };
}

function typed({ name, properties, ...event }: EventRow): ProductEvent[] {
  if (!Object.hasOwn(PRODUCT_EVENTS, name)) return [];
  const known = name as ProductEventName;
  const parsed = PRODUCT_EVENTS[known].safeParse(properties);
  // The schema of the name has let these properties through, which the compiler can't follow over all names at once.
  return parsed.success ? [{ ...event, name: known, properties: parsed.data } as ProductEvent] : [];
}

/** After the last event, or, once all there is was read, at the line: what was looked through is not looked through again. */
function nextPlace(read: {
  readonly rows: readonly EventRow[];
  readonly after: EventPlace;
  readonly isFull: boolean;
  readonly toMs: number;
}): EventPlace {
  const { rows, after, isFull, toMs } = read;
  const last = rows.at(-1);
  if (isFull && last !== undefined) return [last.at, last.id];
  return toMs > Date.parse(after[0]) ? placeOf(toMs) : after;
}

function stretchOf(
  { from, to }: { readonly from: string | undefined; readonly to: string | undefined },
  nowMs: number,
): EventWindow {
  const toMs = to === undefined ? nowMs + LEEWAY_MS : Date.parse(to);
  const fromMs = from === undefined ? toMs - DAY_MS : Date.parse(from);
  if (fromMs >= toMs) throw invalidField('from', 'is not before `to`');
  if (toMs - fromMs > EVENT_STRETCH_DAYS_MAX * DAY_MS + LEEWAY_MS)
    throw invalidField('from', `is more than ${EVENT_STRETCH_DAYS_MAX} days before \`to\``);
  return { fromMs, toMs };
}
