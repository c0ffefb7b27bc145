// Owns: adding a product event. Not: reading them (each reader has its own queries).

import type { DatabaseTransaction } from '../../database/pool.ts';

/** A row as it is written. */
export interface NewEvent {
  readonly id: string;
  readonly name: string;
  readonly properties: object;
  readonly userId: string | null;
  readonly organizationId: string | null;
}

/** Adds the row. */
export async function insertEvent(tx: DatabaseTransaction, event: NewEvent): Promise<void> {
  const { id, name, properties, userId, organizationId } = event;
  await tx
    .insertInto('analytics_events')
    .values({ id, name, properties: JSON.stringify(properties), user_id: userId, organization_id: organizationId })
    .execute();
}
