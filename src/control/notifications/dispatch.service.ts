// Owns: telling people what concerns them: from events that nobody has reacted to, to notifications, each once. Not: which event means what (dispatch.rules.ts), or
// when it is done (the server's rounds and jobs).

import { NOTIFICATION_TYPES, type NotificationTypeName } from '../../contracts/notifications/notification-types.ts';
import type { Database, DatabaseTransaction } from '../../database/pool.ts';
import { withPlatform } from '../../database/principal.ts';
import type { Clock } from '../../primitives/clock.ts';
import { createUuidV7 } from '../../primitives/ids.ts';
import type { Random } from '../../primitives/random.ts';
import {
  deleteOldEvents,
  insertNotifications,
  listAdmins,
  listChosen,
  listPresent,
  listSuperadmins,
  markHandled,
  type NewNotification,
  takeUnhandledEvents,
} from './dispatch.queries.ts';
import { type NotificationPlan, planOf } from './dispatch.rules.ts';
import { renderText } from './notification-text.rules.ts';
import { isChosen } from './preference.rules.ts';

/** What a turn did. */
export interface DispatchTurn {
  /** Events that had their reaction; fewer than asked for: there are no more. */
  readonly events: number;
  readonly notifications: number;
}

/** Tells people. */
export interface Dispatcher {
  /** Up to so many events. Safe on several replicas at once: each event is one's. */
  dispatch(limit: number): Promise<DispatchTurn>;
  /** Removes up to so many events that had their reaction longer ago than they are kept; gives how many. */
  removeOldEvents(limit: number): Promise<number>;
}

/** How long product events are kept: a year and a month, for a comparison with the year before. */
const EVENTS_KEPT_DAYS = 396;
const DAY_MS = 86_400_000;

const TITLE_LENGTH_MAX = 300;
const BODY_LENGTH_MAX = 4_000;

interface Planned extends NotificationPlan {
  readonly eventId: string;
}

/** Over a pool as `weir_service`. */
export function createDispatcher(options: {
  readonly database: Database;
  readonly clock: Clock;
  readonly random: Random;
}): Dispatcher {
  const { database, clock, random } = options;
  return {
    dispatch: (limit) =>
      withPlatform(database, 'tell people what concerns them', async (tx) => {
        const events = await takeUnhandledEvents(tx, limit);
        if (events.length === 0) return { events: 0, notifications: 0 };
        const planned = events.flatMap((event) => {
          const plan = planOf(event);
          return plan === null ? [] : [{ ...plan, eventId: event.id }];
        });
        const told = await addressees(tx, planned);
        const rows = told.map(({ plan, userId }) => ({
          ...composed(plan, userId),
          id: createUuidV7(clock.nowMs(), random),
        }));
        const notifications = await insertNotifications(tx, rows);
        await markHandled(
          tx,
          events.map(({ id }) => id),
          new Date(clock.nowMs()),
        );
        return { events: events.length, notifications };
      }),
    removeOldEvents: (limit) =>
      withPlatform(database, 'remove old product events', (tx) =>
        deleteOldEvents(tx, new Date(clock.nowMs() - EVENTS_KEPT_DAYS * DAY_MS), limit),
      ),
  };
}

/** Each plan with each person who is to be told and wants to be. */
async function addressees(
  tx: DatabaseTransaction,
  planned: readonly Planned[],
): Promise<{ readonly plan: Planned; readonly userId: string }[]> {
  const forAdmins = planned.filter(({ audience }) => audience === 'admins');
  const organizationIds = forAdmins.flatMap(({ organizationId }) => organizationId ?? []);
  const admins = await listAdmins(tx, [...new Set(organizationIds)]);
  const superadmins = forAdmins.length > organizationIds.length ? await listSuperadmins(tx) : [];
  const present = await listPresent(
    tx,
    planned.flatMap(({ userId, organizationId }) => (userId === null ? [] : [{ userId, organizationId }])),
  );
  const peopleOf = ({ audience, userId, organizationId }: Planned): readonly string[] => {
    if (audience === 'person') return userId !== null && present.has(`${userId} ${organizationId}`) ? [userId] : [];
    return organizationId === null ? superadmins : (admins.get(organizationId) ?? []);
  };
  const all = planned.flatMap((plan) => peopleOf(plan).map((userId) => ({ plan, userId })));
  const chosen = await listChosen(tx, [...new Set(all.map(({ userId }) => userId))]);
  return all.filter(({ plan, userId }) => isChosen(chosen.get(userId) ?? [], plan.type, 'in_app'));
}

function composed(plan: Planned, userId: string): Omit<NewNotification, 'id'> {
  const { type, organizationId, variables, eventId } = plan;
  const texts: { readonly title: string; readonly body: string } = NOTIFICATION_TYPES[type as NotificationTypeName];
  return {
    ...{ userId, organizationId, type, data: variables },
    title: renderText(texts.title, variables).slice(0, TITLE_LENGTH_MAX).toWellFormed(),
    body: renderText(texts.body, variables).slice(0, BODY_LENGTH_MAX).toWellFormed(),
    dedupeKey: `event:${eventId}`,
  };
}
