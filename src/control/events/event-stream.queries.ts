// Owns: reading the stream of product events, and the line up to which it is whole, snake_case in, camelCase out. Not: how long a stretch is looked through at a time.

import { type SqlBool, sql } from 'kysely';
import type { ProductEventName } from '../../contracts/product-events.ts';
import type { DatabaseTransaction } from '../../database/pool.ts';
import type { EventWindow } from './event-stream.rules.ts';

/** A row of the stream. */
export interface EventRow {
  readonly id: string;
  /** ISO 8601 in UTC with microseconds: exact, so that it can be a place in the stream. */
  readonly at: string;
  readonly name: string;
  readonly properties: Readonly<Record<string, unknown>>;
  readonly organizationId: string | null;
  readonly userId: string | null;
  readonly requestId: string | null;
}

/** A place between two events. */
export type EventPlace = readonly [at: string, id: string];

/** What narrows it; absent is no condition. */
export interface EventFilter {
  readonly name?: ProductEventName | undefined;
  readonly organizationId?: string | undefined;
}

/** Up to `limit` events of a window, beyond a place: after it going forward, before it going back. */
export async function listEventsOf(
  tx: DatabaseTransaction,
  { fromMs, toMs }: EventWindow,
  page: {
    readonly filter: EventFilter;
    readonly limit: number;
    readonly direction: 'forward' | 'backward';
    readonly beyond: EventPlace | null;
  },
): Promise<EventRow[]> {
  const { filter, limit, direction, beyond } = page;
  const isForward = direction === 'forward';
  const order = isForward ? sql`e.at, e.id` : sql`e.at desc, e.id desc`;
  const conditions = [
    sql`e.at >= ${new Date(fromMs)} and e.at < ${new Date(toMs)}`,
    filter.name !== undefined && sql`e.name = ${filter.name}`,
    filter.organizationId !== undefined && sql`e.organization_id = ${filter.organizationId}`,
    beyond !== null && sql`(e.at, e.id) ${isForward ? sql`>` : sql`<`} (${beyond[0]}::timestamptz, ${beyond[1]}::uuid)`,
  ].filter((condition) => condition !== false);
  const { rows } = await sql<EventRow>`
    select e.id, to_char(e.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at, e.name, e.properties,
        e.organization_id as "organizationId", e.user_id as "userId", e.request_id as "requestId"
      from weir.product_events e where ${sql<SqlBool>`${sql.join(conditions, sql` and `)}`}
     order by ${order} limit ${limit}`.execute(tx);
  return rows;
}

/**
 * Before this nothing is added any more. Of calls that is known (what is in the sums is whole); of what domains tell it is taken that no transaction is under way
 * for longer than `settleMs`.
 */
export async function getWholeUpTo(tx: DatabaseTransaction, settleMs: number): Promise<Date> {
  const { rows } = await sql<{ line: Date }>`
    select greatest(least(weir.usage_folded_to(), now() - ${settleMs} * interval '1 millisecond'), 'epoch') as line`.execute(
    tx,
  );
  const [row] = rows;
  if (row === undefined) throw new Error('a select without a table gave no row');
  return row.line;
}
