// Owns: telling of what happened, in the transaction in which it happens. Not: which events there are (contracts/product-events.ts) or what follows from them
// (later domains read them).

import { PRODUCT_EVENTS, type ProductEventProperties, type RecordedEventName } from '../../contracts/product-events.ts';
import type { DatabaseTransaction } from '../../database/pool.ts';
import type { Clock } from '../../primitives/clock.ts';
import { createUuidV7 } from '../../primitives/ids.ts';
import type { Random } from '../../primitives/random.ts';
import { insertEvent } from './event.queries.ts';

/** Whom an event is about: as `withPrincipal` has it, the person must be the caller; in `withPlatform` anybody, or nobody. */
export interface EventSubject {
  readonly userId: string | null;
  readonly organizationId: string | null;
}

/** Tells of what happened. */
export interface Events {
  /** In the caller's own transaction. What calls are told by is not among the names: usage events say it. Throws when the properties aren't the event's: a fault of ours. */
  record<Name extends RecordedEventName>(
    tx: DatabaseTransaction,
    subject: EventSubject,
    event: { readonly name: Name; readonly properties: ProductEventProperties<Name> },
  ): Promise<void>;
}

/** An `Events`. Of events that it was told in one transaction, the ids sort in the order of telling. */
export function createEvents({ clock, random }: { readonly clock: Clock; readonly random: Random }): Events {
  let lastMs = 0;
  return {
    record(tx, { userId, organizationId }, { name, properties }) {
      // Within one millisecond the order of ids is chance.
      lastMs = Math.max(clock.nowMs(), lastMs + 1);
      return insertEvent(tx, {
        id: createUuidV7(lastMs, random),
        name,
        properties: PRODUCT_EVENTS[name].parse(properties),
        userId,
        organizationId,
      });
    },
  };
}
