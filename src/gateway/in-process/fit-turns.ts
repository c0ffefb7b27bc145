// Owns: which turns of a conversation a model has room for. Pure. Not: which model it is, or what its tokens cost.

import type { ChatTurn } from '../../contracts/chat/chat-pipeline.ts';

/** A token is three bytes of text or more in nearly every language and tokenizer: a cautious guess, for counting exactly would cost each message more than it saves. */
const BYTES_PER_TOKEN = 3;
const TOKENS_PER_TURN = 8;
/** Of models that don't say how much they hold. */
const CONTEXT_TOKENS = 8_192;
/** The part of the context that is kept free for the answer at most. */
const ANSWER_SHARE = 4;

/** What there is room for. Tokens. */
export interface Room {
  /** Null: the model does not say. */
  readonly contextTokens: number | null;
  readonly maxOutputTokens: number;
  /** What a persona or template puts before the conversation. */
  readonly systemMessage: string | null;
}

/** Tokens of texts, guessed high. */
export function guessTokens(turns: readonly Pick<ChatTurn, 'content'>[]): number {
  return turns.reduce(
    (sum, { content }) => sum + Math.ceil(Buffer.byteLength(content) / BYTES_PER_TOKEN) + TOKENS_PER_TURN,
    0,
  );
}

/** The newest turns that fit, beginning with one of the person's. The last one stays in any case. */
export function fitTurns(turns: readonly ChatTurn[], room: Room): readonly ChatTurn[] {
  const { contextTokens, maxOutputTokens, systemMessage } = room;
  const context = contextTokens ?? CONTEXT_TOKENS;
  const answer = Math.min(maxOutputTokens, Math.floor(context / ANSWER_SHARE));
  let left = context - answer - guessTokens([{ content: systemMessage ?? '' }]);
  let first = turns.length;
  while (first > 0) {
    const turn = turns[first - 1];
    if (turn === undefined) break;
    left -= guessTokens([turn]);
    if (left < 0 && first < turns.length) break;
    first -= 1;
  }
  while (turns[first]?.role === 'assistant' && first < turns.length - 1) first += 1;
  return turns.slice(first);
}
