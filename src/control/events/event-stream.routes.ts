// Owns: the route of product events, and an event as JSON. Not: reading them (event-stream.service.ts).

import type { z } from 'zod';
import { eventStreamEndpoints, type productEventSchema } from '../../contracts/events/event-stream.ts';
import { implement, type Route } from '../../contracts/route.ts';
import type { EventRow } from './event-stream.queries.ts';
import type { EventStream } from './event-stream.service.ts';

/** All of them. */
export function eventStreamRoutes({ stream }: { readonly stream: EventStream }): Route[] {
  return [
    implement(eventStreamEndpoints.list, async ({ caller, query }) => {
      const { organization: organizationId, ...rest } = query;
      const { items, nextCursor } = await stream.list(caller, { ...rest, organizationId });
      return { data: items.map(toJson), next_cursor: nextCursor };
    }),
  ];
}

function toJson({ id, at, name, properties, ...of }: EventRow): z.input<typeof productEventSchema> {
  return {
    ...{ id, at, name, properties },
    ...{ organization_id: of.organizationId, user_id: of.userId, request_id: of.requestId },
  };
}
