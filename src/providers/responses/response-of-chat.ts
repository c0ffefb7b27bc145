// Owns: a chat completion as a response. Does not own: streams (response-stream.ts).

import type { CarryInput, CompleteAnswer } from '../protocol.ts';
import { readAnswerObject } from '../wire/answer-body.ts';
import { isObject, type JsonObject } from '../wire/body-fields.ts';
import { piecesOf } from './chat-delta.ts';
import { createItemMaker, emptyPart, growCall, growPart, type OutputItem } from './response-items.ts';
import { endingOf, identityOf, renderResponse } from './response-object.ts';

/** Writes the response for an answer that a chat's carrier has read. */
export function responseOfChat(chat: CompleteAnswer, input: CarryInput): CompleteAnswer {
  const completion = readAnswerObject(chat.body, () => false);
  const choices = Array.isArray(completion.choices) ? completion.choices : [];
  const choice = isObject(choices[0]) ? choices[0] : {};
  const identity = identityOf(completion, input);
  const ending = endingOf(choice.finish_reason);
  const output = outputOf(choice, identity.suffix);
  const last = output.at(-1);
  if (last !== undefined && ending.status !== 'completed') last.status = 'incomplete';
  const response = renderResponse(input, identity, { ...ending, output, usage: chat.usage });
  return { ...chat, body: Buffer.from(JSON.stringify(response)) };
}

function outputOf(choice: JsonObject, suffix: string): readonly OutputItem[] {
  const output: OutputItem[] = [];
  const make = createItemMaker(
    () => suffix,
    () => output.length,
  );
  for (const piece of piecesOf(choice, choice.message)) {
    if (piece.kind === 'call') {
      const item = make.call(piece.type, piece, 'completed');
      growCall(item, piece.text);
      output.push(item);
      continue;
    }
    const type = piece.kind === 'reasoning_text' ? 'reasoning' : 'message';
    const last = output.at(-1);
    const item = last?.type === type ? last : make.spoken(type, 'completed');
    if (item !== last) output.push(item);
    const part = emptyPart(piece.kind);
    growPart(part, piece.text, piece.logprobs);
    item.content.push(part);
  }
  return output;
}
