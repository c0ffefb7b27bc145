// Owns: what a chat's message, or a stream's delta of one, says, in the order in which a response shows it. Does not own: the items made of it.

import { isObject, type JsonObject } from '../wire/body-fields.ts';
import type { CallItem, SpokenPart } from './response-items.ts';

/** A piece of text of one kind, or a piece of a call. */
export type ChatPiece =
  | { readonly kind: SpokenPart['type']; readonly text: string; readonly logprobs: readonly unknown[] }
  | {
      readonly kind: 'call';
      /** Which of the turn's calls it belongs to. */
      readonly key: unknown;
      readonly type: CallItem['type'];
      readonly callId: unknown;
      readonly name: unknown;
      readonly text: string;
    };

const NONE: readonly unknown[] = [];

/** The pieces of a choice's `message` or `delta`. Servers of open models tell reasoning as `reasoning_content` or `reasoning`. */
export function piecesOf(choice: JsonObject, said: unknown): readonly ChatPiece[] {
  if (!isObject(said)) return [];
  const pieces: ChatPiece[] = [];
  const add = (kind: SpokenPart['type'], text: unknown, logprobs: readonly unknown[]): void => {
    if (typeof text === 'string' && text !== '') pieces.push({ kind, text, logprobs });
  };
  add('reasoning_text', said.reasoning_content ?? said.reasoning, NONE);
  const logprobs = isObject(choice.logprobs) && Array.isArray(choice.logprobs.content) ? choice.logprobs.content : NONE;
  add('output_text', said.content, logprobs);
  add('refusal', said.refusal, NONE);
  const calls = Array.isArray(said.tool_calls) ? said.tool_calls : [];
  for (let index = 0; index < calls.length; index += 1) {
    const call: unknown = calls[index];
    if (isObject(call)) pieces.push(callPiece(call, index));
  }
  return pieces;
}

function callPiece(call: JsonObject, index: number): ChatPiece {
  const isCustom = isObject(call.custom);
  const named = isObject(call.custom) ? call.custom : isObject(call.function) ? call.function : {};
  const text = isCustom ? named.input : named.arguments;
  return {
    kind: 'call',
    key: call.index ?? index,
    type: isCustom ? 'custom_tool_call' : 'function_call',
    callId: call.id,
    name: named.name,
    text: typeof text === 'string' ? text : '',
  };
}
