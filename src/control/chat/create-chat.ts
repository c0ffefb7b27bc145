// Owns: putting the parts of chats together. Not: any of them.

import type { Route } from '../../contracts/route.ts';
import { chatRoutes } from './chat.routes.ts';
import { type ChatServiceOptions, createChatService } from './chat.service.ts';
import { conversationRoutes } from './conversation.routes.ts';
import { createConversationService } from './conversation.service.ts';

/** Builds them. */
export function createChat(options: ChatServiceOptions): { readonly routes: readonly Route[] } {
  const chats = createChatService(options);
  const conversations = createConversationService(options);
  return { routes: [...chatRoutes({ chats }), ...conversationRoutes({ conversations })] };
}
