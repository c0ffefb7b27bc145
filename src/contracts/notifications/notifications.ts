// Owns: the endpoints of a person's notifications and of how they want to be told. Not: what there is to tell (notification-types.ts).

import { z } from 'zod';
import { defineEndpoint, single } from '../endpoint.ts';
import { notificationChannels } from '../enumerations.ts';
import { pageOf, pageParameters, queryFlag } from '../paging.ts';
import { EVENT_STREAM } from '../route.ts';
import { notificationTypes } from './notification-types.ts';

/** One notification as its person reads it. */
export const notificationSchema = z.strictObject({
  id: z.uuid(),
  type: z.string(),
  title: z.string(),
  body: z.string(),
  data: z.record(z.string(), z.unknown()).describe('What the text was made of, and what it leads to.'),
  organization: z
    .strictObject({ id: z.uuid(), name: z.string() })
    .nullable()
    .describe('Null: of the platform, or of the person alone.'),
  read_at: z.iso.datetime().nullable(),
  created_at: z.iso.datetime(),
});

const preference = z.strictObject({
  type: notificationTypes,
  channel: notificationChannels,
  is_enabled: z.boolean(),
});

/** The most ids of one call. */
const IDS_MAX = 200;
const PREFERENCES_MAX = 200;
// Everybody who is signed in, in whatever organization, or in none: superadmins are told as well.
const own = { tag: 'Notifications', role: 'user' } as const;

export const notificationEndpoints = {
  list: defineEndpoint({
    ...own,
    operationId: 'listNotifications',
    method: 'GET',
    path: '/api/notifications',
    summary: 'My notifications, newest first',
    query: z.strictObject({
      unread: queryFlag.optional().describe('Only those that are not read (true), or that are (false).'),
      type: notificationTypes.optional(),
      organization: z.uuid().optional().describe('Only those of one of my organizations.'),
      ...pageParameters,
    }),
    output: pageOf(notificationSchema),
  }),
  unread: defineEndpoint({
    ...own,
    operationId: 'countUnreadNotifications',
    method: 'GET',
    path: '/api/notifications/unread',
    summary: 'How many of my notifications are not read',
    output: single(z.strictObject({ count: z.number().int() })),
  }),
  markRead: defineEndpoint({
    ...own,
    operationId: 'markNotificationsRead',
    method: 'POST',
    path: '/api/notifications/mark-read',
    summary: 'Mark some of my notifications as read, or all',
    body: z.union(
      [z.strictObject({ ids: z.array(z.uuid()).min(1).max(IDS_MAX) }), z.strictObject({ all: z.literal(true) })],
      'is neither some `ids` nor `all`: true',
    ),
    output: single(z.strictObject({ marked: z.number().int().describe('Those that were not read before.') })),
  }),
  preferences: defineEndpoint({
    ...own,
    operationId: 'getNotificationPreferences',
    method: 'GET',
    path: '/api/notifications/preferences',
    summary: 'How I am told of each type: type by channel',
    output: single(
      z
        .array(
          z.strictObject({
            type: notificationTypes,
            group: z.string(),
            description: z.string(),
            channels: z.array(z.strictObject({ channel: notificationChannels, is_enabled: z.boolean() })),
          }),
        )
        .max(PREFERENCES_MAX),
    ),
  }),
  updatePreferences: defineEndpoint({
    ...own,
    operationId: 'updateNotificationPreferences',
    method: 'PUT',
    path: '/api/notifications/preferences',
    summary: 'Change how I am told; what is left out stays',
    body: z.strictObject({ preferences: z.array(preference).min(1).max(PREFERENCES_MAX) }),
    status: 204,
  }),
  stream: defineEndpoint({
    ...own,
    operationId: 'streamNotifications',
    method: 'GET',
    path: '/api/notifications/stream',
    summary: 'My notifications as they come',
    description:
      'Server-sent events `notification`, each with the object of the list as its data and a number as its id; after a lost connection, `Last-Event-ID` brings those missed. One may come twice: tell them by the id in the data.',
    produces: EVENT_STREAM,
  }),
  remove: defineEndpoint({
    ...own,
    operationId: 'deleteNotification',
    method: 'DELETE',
    path: '/api/notifications/{id}',
    summary: 'Delete one of my notifications',
    params: z.strictObject({ id: z.uuid() }),
  }),
} as const;
