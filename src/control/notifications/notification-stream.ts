// Owns: telling people of their notifications as they come: one look a replica for everybody who listens to it, and what a listener missed. Not: server-sent events
// as such (the server), or making notifications.

import type { Caller } from '../../contracts/caller.ts';
import type { Database } from '../../database/pool.ts';
import { withPlatform, withPrincipal } from '../../database/principal.ts';
import type { Clock } from '../../primitives/clock.ts';
import { WeirError } from '../../primitives/errors.ts';
import { listLive, listMissed, listRecent, type Notification } from './notification.queries.ts';
import { notifiedUserId } from './notified-person.ts';

/** Streams to people. */
export interface NotificationStream {
  /**
   * First what was missed after `lastEventId`, then each as it comes, until the signal or `stop`. Once it has resolved, nothing that is made is missed: whoever
   * looks at the list after that has all. Ends when the session or token ends that let it in. 429 with too many of one person.
   */
  listen(
    caller: Caller,
    options: { readonly signal: AbortSignal; readonly lastEventId: string | null },
  ): Promise<AsyncIterable<Notification>>;
  /** Asks now. What is asked by itself goes on as long as somebody listens. */
  look(): Promise<void>;
  /** Ends every stream. */
  stop(): void;
}

/** How soon a notification is seen by who listens. */
const LOOK_MS = 2_000;
/** Rows become visible at the end of their transaction: a look goes back so far, and knows what it has told. */
const OVERLAP_MS = 60_000;
const MISSED_MAX = 200;
/** Of a listener that does not read; what is beyond is in the list. */
const WAITING_MAX = 200;
/** Streams of one person at once, on one replica: tabs and scripts, not a leak. */
const LISTENERS_OF_PERSON_MAX = 50;
const RETRY_SECONDS = 60;

interface Listener {
  readonly userId: string;
  readonly organizationId: string | null;
  /** The session or token that let it in. */
  readonly credentialId: string | null;
  /** What let it in has ended. */
  isShut: boolean;
  readonly told: Set<string>;
  readonly waiting: Notification[];
  wake: () => void;
}

/** Over a pool as `weir_service`. Nothing is asked while nobody listens. */
export function createNotificationStream(options: {
  readonly database: Database;
  readonly clock: Clock;
  readonly onFault: (error: unknown) => void;
}): NotificationStream {
  const { database, clock, onFault } = options;
  const listeners = new Set<Listener>();
  let isStopped = false;
  let timer: NodeJS.Timeout | undefined;

  const look = async (): Promise<void> => {
    // Whoever comes meanwhile knows of more than this look does.
    const asked = [...listeners];
    const userIds = [...new Set(asked.map(({ userId }) => userId))];
    if (userIds.length === 0) return;
    const since = new Date(clock.nowMs() - OVERLAP_MS);
    const { rows, live } = await withPlatform(database, 'tell listeners of their notifications', async (tx) => ({
      rows: await listRecent(tx, userIds, since),
      live: await listLive(
        tx,
        asked.flatMap(({ credentialId }) => credentialId ?? []),
      ),
    }));
    const recent = new Set(rows.map(({ id }) => id));
    for (const listener of asked) {
      if (listener.credentialId === null || !live.has(listener.credentialId)) {
        listener.isShut = true;
        listener.waiting.length = 0;
        listeners.delete(listener);
        listener.wake();
        continue;
      }
      for (const id of listener.told) if (!recent.has(id)) listener.told.delete(id);
      for (const row of rows) if (concerns(listener, row)) tell(listener, row);
    }
  };
  const schedule = (): void => {
    if (timer !== undefined || isStopped || listeners.size === 0) return;
    timer = setTimeout(() => {
      timer = undefined;
      look().catch(onFault).finally(schedule);
    }, LOOK_MS);
    timer.unref();
  };

  return {
    look,
    stop() {
      isStopped = true;
      clearTimeout(timer);
      for (const listener of listeners) listener.wake();
    },
    async listen(caller, { signal, lastEventId }) {
      const userId = notifiedUserId(caller);
      const { organizationId, apiToken, sessionId } = caller;
      assertRoom(listeners, userId);
      const home = apiToken === undefined ? null : organizationId;
      const listener: Listener = {
        ...{ userId, organizationId: home, credentialId: apiToken?.id ?? sessionId, isShut: false },
        ...{ told: new Set(), waiting: [], wake: () => {} },
      };
      const isOver = (): boolean => signal.aborted || isStopped || listener.isShut;
      // By the signal, for whoever leaves before the first event is asked for.
      const onLeave = (): void => {
        listeners.delete(listener);
        listener.wake();
      };
      const { recent, missed } = await findPast(database, { caller, clock, lastEventId });
      // Others of theirs may have come meanwhile; from here on nobody comes in between.
      assertRoom(listeners, userId);
      for (const { id } of [...recent, ...missed]) listener.told.add(id);
      if (!isOver()) {
        signal.addEventListener('abort', onLeave, { once: true });
        listeners.add(listener);
        schedule();
      }
      return told(listener, missed, isOver);
    },
  };
}

function assertRoom(listeners: ReadonlySet<Listener>, userId: string): void {
  let own = 0;
  for (const listener of listeners) if (listener.userId === userId) own += 1;
  if (own >= LISTENERS_OF_PERSON_MAX)
    throw new WeirError('rate_limited', {
      message: 'Too many streams are open at once.',
      retryAfterSeconds: RETRY_SECONDS,
    });
}

/** What was missed, then what comes. */
async function* told(
  listener: Listener,
  missed: readonly Notification[],
  isOver: () => boolean,
): AsyncGenerator<Notification> {
  yield* missed;
  while (!isOver()) {
    const next = listener.waiting.shift();
    if (next !== undefined) yield next;
    else
      await new Promise<void>((resolve) => {
        listener.wake = resolve;
        // What came, or who left, between the look and this.
        if (listener.waiting.length > 0 || isOver()) resolve();
      });
  }
}

/** What is recent, which is no news, and what came after the last event that the listener had. */
function findPast(
  database: Database,
  asked: { readonly caller: Caller; readonly clock: Clock; readonly lastEventId: string | null },
): Promise<{ readonly recent: readonly Notification[]; readonly missed: readonly Notification[] }> {
  const { caller, clock, lastEventId } = asked;
  const after = lastEventId !== null && /^\d{1,18}$/.test(lastEventId) ? BigInt(lastEventId) : null;
  return withPrincipal(database, caller, async (tx) => ({
    recent: await listRecent(tx, [caller.userId], new Date(clock.nowMs() - OVERLAP_MS)),
    missed: after === null ? [] : await listMissed(tx, caller.userId, { after, limit: MISSED_MAX }),
  }));
}

/** A token hears of its organization alone. */
function concerns({ userId, organizationId }: Listener, row: Notification): boolean {
  return row.userId === userId && (organizationId === null || row.organizationId === organizationId);
}

function tell(listener: Listener, row: Notification): void {
  if (listener.told.has(row.id)) return;
  listener.told.add(row.id);
  if (listener.waiting.length >= WAITING_MAX) listener.waiting.shift();
  listener.waiting.push(row);
  listener.wake();
}
