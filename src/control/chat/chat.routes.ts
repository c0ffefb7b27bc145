// Owns: the route of chatting. Not: what asking does (chat.service.ts), or conversations (conversation.routes.ts).

import { chatEndpoints } from '../../contracts/chat/chat.ts';
import { implement, type Route, reply } from '../../contracts/route.ts';
import type { ChatService } from './chat.service.ts';
import { tellAgain, tellAnswer } from './chat-events.ts';

/** All of them. */
export function chatRoutes({ chats }: { readonly chats: ChatService }): Route[] {
  return [
    implement(chatEndpoints.send, async ({ caller, body, idempotencyKey, signal }) => {
      const asked = await chats.ask(caller, { body, idempotencyKey, signal });
      if ('repeated' in asked) return reply.events(tellAgain(asked.repeated), { 'idempotent-replayed': 'true' });
      return reply.events(tellAnswer(asked));
    }),
  ];
}
