// Owns: the face of chats: what the server may use. Not: how any of it is done.

export { createChat } from './create-chat.ts';
