// Owns: pure decisions about chats: what a conversation is called, what may be asked together, which answers are lost. Not: their rows.

import { createHash } from 'node:crypto';
import type { z } from 'zod';
import type { chatBody } from '../../contracts/chat/chat.ts';
import { invalidField } from '../../contracts/problem.ts';

const TITLE_LENGTH_MAX = 80;

/** An answer that has not ended by then never will: its server is gone. No provider is given longer. */
const ANSWER_LOST_MS = 20 * 60_000;

/** What the person sent. */
export type ChatBody = z.output<typeof chatBody>;

/** What is asked, with what belongs together checked. */
export interface ChatAsk {
  /** Null: another answer to the last question. */
  readonly message: string | null;
  readonly conversationId: string | null;
  readonly personaId: string | null;
  readonly templateId: number | null;
  readonly modelId: string | null;
}

/**
 * The body as one ask.
 * @throws {WeirError} 400 `invalid_request` naming the field
 */
export function readAsk(body: ChatBody): ChatAsk {
  const { message, conversationId, personaId, templateId, model, regenerate = false } = body;
  if (!regenerate && message === undefined) throw invalidField('message', 'is required');
  if (regenerate && message !== undefined) throw invalidField('message', 'is not taken with regenerate');
  if (regenerate && conversationId === undefined) throw invalidField('conversationId', 'is required with regenerate');
  if (personaId !== undefined && templateId !== undefined)
    throw invalidField('templateId', 'is not taken with a persona');
  if (templateId !== undefined) refuseModelOfTemplate(model);
  if (model !== undefined && /^(template|feature):/.test(model))
    throw invalidField('model', 'is no model; name a template by templateId');
  return {
    message: message ?? null,
    conversationId: conversationId ?? null,
    personaId: personaId ?? null,
    templateId: templateId ?? null,
    modelId: model ?? null,
  };
}

/** A template says itself which model serves it. */
export function refuseModelOfTemplate(model: string | null | undefined): void {
  if (model != null) throw invalidField('model', 'is not taken with a template, which has its own');
}

/** The first line of a message as a title: words as they are, cut between two where it is long. */
export function titleOf(message: string): string {
  const line = message.trim().split('\n', 1)[0]?.replaceAll(/\s+/g, ' ').trim() ?? '';
  const letters = [...line];
  if (letters.length <= TITLE_LENGTH_MAX) return line;
  const cut = letters.slice(0, TITLE_LENGTH_MAX - 1).join('');
  const words = cut.slice(0, cut.lastIndexOf(' '));
  return `${words.length > cut.length / 2 ? words : cut}…`;
}

/** What was asked, for telling a repetition from another question with the same idempotency key. */
export function hashAsk(body: ChatBody): Buffer {
  const { message, conversationId, personaId, templateId, model, regenerate } = body;
  const parts = [message, conversationId, personaId, templateId, model, regenerate];
  return createHash('sha256').update(JSON.stringify(parts)).digest();
}

/** Since when an answer under way is lost. */
export const lostSince = (nowMs: number): Date => new Date(nowMs - ANSWER_LOST_MS);

/** The id that comes after the last message, whatever this server's clock says: messages are in the order of their ids. */
export const afterMs = (nowMs: number, lastMs: number | null): number => Math.max(nowMs, (lastMs ?? 0) + 1);
