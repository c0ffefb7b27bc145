// Owns: the acts on conversations: list, read, rename, put away, delete; and their counts for admins. Not: asking in them (chat.service.ts).

import { z } from 'zod';
import type { MemberCaller } from '../../contracts/caller.ts';
import { instant } from '../../contracts/instant.ts';
import { decodeCursor, type Page, type PageRequest, toPage } from '../../contracts/paging.ts';
import type { Database, DatabaseTransaction } from '../../database/pool.ts';
import { withPrincipal } from '../../database/principal.ts';
import type { Clock } from '../../primitives/clock.ts';
import { WeirError } from '../../primitives/errors.ts';
import { lostSince } from './chat.rules.ts';
import { refuseOthers } from './chat.service.ts';
import {
  type Conversation,
  type ConversationCount,
  type ConversationKey,
  endConversation,
  findConversation,
  listConversationCounts,
  listConversations,
  updateConversation,
} from './conversation.queries.ts';
import { listMessages, type Message } from './message.queries.ts';

/** The acts. A conversation that is not there or is another person's is 404 `not_found`. */
export interface ConversationService {
  /** The newest first. */
  list(
    caller: MemberCaller,
    page: PageRequest & { readonly search?: string | undefined; readonly isArchived: boolean },
  ): Promise<Page<Conversation>>;
  /** With a page of its messages, the newest first. */
  get(
    caller: MemberCaller,
    id: string,
    page: PageRequest,
  ): Promise<{ readonly conversation: Conversation; readonly messages: Page<Message> }>;
  update(
    caller: MemberCaller,
    id: string,
    change: { readonly title?: string | undefined; readonly isArchived?: boolean | undefined },
  ): Promise<Conversation>;
  remove(caller: MemberCaller, id: string): Promise<void>;
  /** Of the whole organization, for its admins. */
  count(caller: MemberCaller, page: PageRequest): Promise<Page<ConversationCount>>;
}

const conversationPlace = z.tuple([instant, z.uuid()]);
const idPlace = z.tuple([z.uuid()]);

/** Over the given database. */
export function createConversationService(options: {
  readonly database: Database;
  readonly clock: Clock;
}): ConversationService {
  const { database, clock } = options;
  const asOwner = <T>(
    caller: MemberCaller,
    id: string,
    work: (tx: DatabaseTransaction, key: ConversationKey) => Promise<T>,
  ): Promise<T> => {
    refuseOthers(caller);
    const { organizationId, userId } = caller;
    return withPrincipal(database, caller, (tx) => work(tx, { organizationId, userId, id }));
  };
  return {
    async list(caller, { limit, cursor, search, isArchived }) {
      refuseOthers(caller);
      const after = cursor === undefined ? null : decodeCursor(cursor, conversationPlace);
      const rows = await withPrincipal(database, caller, (tx) =>
        listConversations(tx, caller, { limit: limit + 1, after, search, isArchived }),
      );
      return toPage(rows, limit, ({ place, id }) => [place, id]);
    },

    get: (caller, id, { limit, cursor }) =>
      asOwner(caller, id, async (tx, key) => {
        const [before = null] = cursor === undefined ? [] : decodeCursor(cursor, idPlace);
        const conversation = await getConversation(tx, key);
        const rows = await listMessages(tx, key, { limit: limit + 1, before });
        const messages = rows.map((message) => withoutLost(message, clock.nowMs()));
        return { conversation, messages: toPage(messages, limit, (message) => [message.id]) };
      }),

    update: (caller, id, change) =>
      asOwner(caller, id, async (tx, key) => {
        await updateConversation(tx, key, change);
        return getConversation(tx, key);
      }),

    remove: (caller, id) =>
      asOwner(caller, id, async (tx, key) => {
        if (!(await endConversation(tx, key))) throw new WeirError('not_found');
      }),

    async count(caller, { limit, cursor }) {
      const [after = null] = cursor === undefined ? [] : decodeCursor(cursor, idPlace);
      const rows = await withPrincipal(database, caller, (tx) =>
        listConversationCounts(tx, caller.organizationId, { limit: limit + 1, after }),
      );
      return toPage(rows, limit, ({ userId }) => [userId]);
    },
  };
}

async function getConversation(tx: DatabaseTransaction, key: ConversationKey): Promise<Conversation> {
  const conversation = await findConversation(tx, key);
  if (conversation === undefined) throw new WeirError('not_found');
  return conversation;
}

/** An answer whose server has gone reads as failed before the next question writes it down. */
function withoutLost(message: Message, nowMs: number): Message {
  const isLost = message.status === 'streaming' && message.createdAt < lostSince(nowMs);
  return isLost ? { ...message, status: 'failed', errorCode: 'internal_error' } : message;
}
