// Owns: what a person does with their notifications, and how they want to be told. Not: making notifications (dispatch.service.ts), or telling of them as they come
// (notification-stream.ts).

import { z } from 'zod';
import type { Caller } from '../../contracts/caller.ts';
import type { NotificationChannel } from '../../contracts/enumerations.ts';
import { instant } from '../../contracts/instant.ts';
import { NOTIFICATION_TYPES, type NotificationTypeName } from '../../contracts/notifications/notification-types.ts';
import { decodeCursor, type Page, type PageRequest, toPage } from '../../contracts/paging.ts';
import type { Database } from '../../database/pool.ts';
import { withPlatform, withPrincipal } from '../../database/principal.ts';
import type { Clock } from '../../primitives/clock.ts';
import { WeirError } from '../../primitives/errors.ts';
import {
  countUnread,
  deleteOldNotifications,
  endNotification,
  listNotifications,
  listPreferences,
  type Notification,
  type NotificationFilter,
  type Preference,
  updatePreferences,
  updateRead,
} from './notification.queries.ts';
import { notifiedUserId } from './notified-person.ts';
import { AVAILABLE_CHANNELS, isChosen } from './preference.rules.ts';

/** How a person is told of one type. */
export interface TypePreferences {
  readonly type: NotificationTypeName;
  readonly group: string;
  readonly description: string;
  readonly channels: readonly { readonly channel: NotificationChannel; readonly isEnabled: boolean }[];
}

/** The acts of the person alone. One that is not theirs, or not there, is 404 `not_found`. */
export interface NotificationService {
  list(caller: Caller, page: PageRequest & NotificationFilter): Promise<Page<Notification>>;
  countUnread(caller: Caller): Promise<number>;
  /** `ids` null: all. Gives how many were not read before. */
  markRead(caller: Caller, ids: readonly string[] | null): Promise<number>;
  remove(caller: Caller, id: string): Promise<void>;
  preferences(caller: Caller): Promise<TypePreferences[]>;
  updatePreferences(caller: Caller, preferences: readonly Preference[]): Promise<void>;
  /** For the job of retention: removes up to so many that are older than notifications are kept. */
  removeOld(limit: number): Promise<number>;
}

const place = z.tuple([instant, z.uuid()]);
const DAY_MS = 86_400_000;
/** How long a notification is kept. */
const KEPT_DAYS = 180;

/** Over the given database. */
export function createNotificationService(options: {
  readonly database: Database;
  readonly clock: Clock;
}): NotificationService {
  const { database, clock } = options;
  return {
    async list(caller, { limit, cursor, ...filter }) {
      const userId = notifiedUserId(caller);
      const after = cursor === undefined ? null : decodeCursor(cursor, place);
      const rows = await withPrincipal(database, caller, (tx) =>
        listNotifications(tx, userId, { limit: limit + 1, after, filter }),
      );
      return toPage(rows, limit, ({ createdAtText, id }) => [createdAtText, id]);
    },
    async countUnread(caller) {
      const userId = notifiedUserId(caller);
      return withPrincipal(database, caller, (tx) => countUnread(tx, userId));
    },
    markRead: (caller, ids) =>
      withPrincipal(database, caller, (tx) => updateRead(tx, caller.userId, { ids, readAt: new Date(clock.nowMs()) })),
    async remove(caller, id) {
      const isThere = await withPrincipal(database, caller, (tx) => endNotification(tx, caller.userId, id));
      if (!isThere) throw new WeirError('not_found');
    },
    async preferences(caller) {
      const userId = notifiedUserId(caller);
      const chosen = await withPrincipal(database, caller, (tx) => listPreferences(tx, userId));
      return (Object.keys(NOTIFICATION_TYPES) as NotificationTypeName[]).map((type) => ({
        ...{ type, group: NOTIFICATION_TYPES[type].group, description: NOTIFICATION_TYPES[type].description },
        channels: AVAILABLE_CHANNELS.map((channel) => ({ channel, isEnabled: isChosen(chosen, type, channel) })),
      }));
    },
    updatePreferences(caller, preferences) {
      // The last word on a type and channel holds; PostgreSQL takes each row once.
      const last = new Map(preferences.map((each) => [`${each.type} ${each.channel}`, each]));
      return withPrincipal(database, caller, (tx) => updatePreferences(tx, caller.userId, [...last.values()]));
    },
    removeOld: (limit) =>
      withPlatform(database, 'remove old notifications', (tx) =>
        deleteOldNotifications(tx, new Date(clock.nowMs() - KEPT_DAYS * DAY_MS), limit),
      ),
  };
}
