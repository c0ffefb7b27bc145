// Owns: the ids under which calls made elsewhere were told of. Not: their events, which the ledger books.

import { sql } from 'kysely';
import type { DatabaseTransaction } from '../../database/pool.ts';

/** A call as it was told of under an id. */
export interface UsageRecord {
  readonly organizationId: string;
  readonly externalId: string;
  readonly eventId: string;
  /** SHA-256 of what was told. */
  readonly requestHash: Buffer;
}

/** Keeps the id, or finds what was told under it before: by whoever was first. */
export async function claimRecord(
  tx: DatabaseTransaction,
  record: UsageRecord,
): Promise<{ readonly eventId: string; readonly isSame: boolean; readonly isNew: boolean }> {
  const { organizationId, externalId, eventId, requestHash } = record;
  const made = await tx
    .insertInto('usage_records')
    .values({
      ...{ organization_id: organizationId, external_id: externalId, event_id: eventId, request_hash: requestHash },
    })
    .onConflict((conflict) => conflict.columns(['organization_id', 'external_id']).doNothing())
    .returning('event_id')
    .executeTakeFirst();
  if (made !== undefined) return { eventId, isSame: true, isNew: true };
  const { rows } = await sql<{ eventId: string; isSame: boolean }>`
    select r.event_id as "eventId", r.request_hash = ${requestHash} as "isSame" from weir.usage_records r
     where r.organization_id = ${organizationId}::uuid and r.external_id = ${externalId}`.execute(tx);
  const [found] = rows;
  if (found === undefined) throw new Error('an id that was there is gone');
  return { ...found, isNew: false };
}
