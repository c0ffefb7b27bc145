// Owns: the routes of a person's notifications, and a notification as JSON. Not: what the acts do.

import type { z } from 'zod';
import { notificationEndpoints, type notificationSchema } from '../../contracts/notifications/notifications.ts';
import { implement, type Route, reply, type StreamedEvent } from '../../contracts/route.ts';
import type { Notification } from './notification.queries.ts';
import type { NotificationService } from './notification.service.ts';
import type { NotificationStream } from './notification-stream.ts';

/** All of them. */
export function notificationRoutes(services: {
  readonly notifications: NotificationService;
  readonly stream: NotificationStream;
}): Route[] {
  const { notifications, stream } = services;
  const { list, unread, markRead, preferences, updatePreferences, remove } = notificationEndpoints;
  return [
    implement(list, async ({ caller, query }) => {
      const { organization: organizationId, ...rest } = query;
      const { items, nextCursor } = await notifications.list(caller, { ...rest, organizationId });
      return { data: items.map(toJson), next_cursor: nextCursor };
    }),
    implement(unread, async ({ caller }) => ({ data: { count: await notifications.countUnread(caller) } })),
    implement(markRead, async ({ caller, body }) => ({
      data: { marked: await notifications.markRead(caller, 'ids' in body ? body.ids : null) },
    })),
    implement(preferences, async ({ caller }) => ({
      data: (await notifications.preferences(caller)).map(({ channels, ...rest }) => ({
        ...rest,
        channels: channels.map(({ channel, isEnabled }) => ({ channel, is_enabled: isEnabled })),
      })),
    })),
    implement(updatePreferences, async ({ caller, body }) => {
      await notifications.updatePreferences(
        caller,
        body.preferences.map(({ type, channel, is_enabled: isEnabled }) => ({ type, channel, isEnabled })),
      );
      return undefined;
    }),
    implement(notificationEndpoints.stream, async ({ caller, signal, lastEventId }) =>
      reply.events(asEvents(await stream.listen(caller, { signal, lastEventId }))),
    ),
    implement(remove, async ({ caller, params }) => {
      await notifications.remove(caller, params.id);
      return undefined;
    }),
  ];
}

async function* asEvents(notifications: AsyncIterable<Notification>): AsyncIterable<StreamedEvent> {
  for await (const notification of notifications)
    yield { event: 'notification', id: String(notification.sequence), data: toJson(notification) };
}

function toJson(notification: Notification): z.input<typeof notificationSchema> {
  const { id, type, title, body, data, organizationId, organizationName, readAt, createdAt } = notification;
  return {
    ...{ id, type, title, body, data: { ...data } },
    organization:
      organizationId === null || organizationName === null ? null : { id: organizationId, name: organizationName },
    ...{ read_at: readAt?.toISOString() ?? null, created_at: createdAt.toISOString() },
  };
}
