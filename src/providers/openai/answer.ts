// Owns: reading whole answers in OpenAI's shape. Does not own: streams.

import type { CompleteAnswer } from '../protocol.ts';
import { brokenBody, readAnswerObject } from '../wire/answer-body.ts';
import { isObject, type JsonObject } from '../wire/body-fields.ts';
import { readMembersAfterLastList } from '../wire/json-tail.ts';
import { readOpenAiUsage } from './usage.ts';

/** A chat completion as it came, to be passed on in its own bytes. Throws `provider_error` on anything else. */
export function readChatAnswer(body: Buffer): CompleteAnswer {
  const completion = readCompletion(body);
  return {
    body,
    usage: readOpenAiUsage(completion.usage),
    outputText: () => chatOutputText(completion),
  };
}

/** The parsed chat completion. Throws `provider_error` when the body is none. */
export function readCompletion(body: Buffer): JsonObject {
  const completion = readAnswerObject(body, isError);
  if (!Array.isArray(completion.choices)) throw brokenBody('The provider sent an answer without choices.');
  return completion;
}

/**
 * An embeddings answer as it came. The vectors are megabytes and are not parsed where the usage stands behind them, as OpenAI sends
 * it. Throws `provider_error` on anything that is no embeddings answer.
 */
export function readEmbeddingsAnswer(body: Buffer): CompleteAnswer {
  const members = readMembersAfterLastList(body) ?? {};
  let usage = readOpenAiUsage(members.usage);
  if (usage === null) {
    const answer = readAnswerObject(body, isError);
    if (!Array.isArray(answer.data)) throw brokenBody('The provider sent an answer without embeddings.');
    usage = readOpenAiUsage(answer.usage);
  }
  return { body, usage, outputText: () => '' };
}

/** The text of all choices: content, refusals, reasoning and tool calls. */
export function chatOutputText(completion: JsonObject): string {
  const choices = Array.isArray(completion.choices) ? completion.choices : [];
  return choices.map((choice) => (isObject(choice) ? messageText(choice.message) : '')).join('');
}

/** All text that was generated in a message or a stream's delta. */
export function messageText(message: unknown): string {
  if (!isObject(message)) return '';
  let text = '';
  for (const name of ['content', 'refusal', 'reasoning_content', 'reasoning'] as const)
    text += partsText(message[name]);
  const calls = message.tool_calls;
  if (Array.isArray(calls)) for (const call of calls) text += callText(call);
  if (isObject(message.function_call)) text += functionText(message.function_call);
  if (isObject(message.audio) && typeof message.audio.transcript === 'string') text += message.audio.transcript;
  return text;
}

/** What a message says: a text or, at some of OpenAI's neighbours (Mistral), parts, of which thinking is not shown. */
export function contentText(content: unknown): string {
  if (!Array.isArray(content)) return typeof content === 'string' ? content : '';
  return content.map((part) => (isObject(part) && typeof part.text === 'string' ? part.text : '')).join('');
}

/** The arguments of a tool's call as text: some servers give the object itself. */
export function argumentsText(value: unknown): string {
  return isObject(value) ? JSON.stringify(value) : typeof value === 'string' ? value : '';
}

/** All text in a text or a list of parts, thinking included. */
function partsText(content: unknown): string {
  if (!Array.isArray(content)) return typeof content === 'string' ? content : '';
  return content.map((part) => (isObject(part) ? partsText(part.text ?? part.thinking) : '')).join('');
}

function callText(call: unknown): string {
  if (!isObject(call)) return '';
  return (
    (isObject(call.function) ? functionText(call.function) : '') +
    (isObject(call.custom) ? functionText(call.custom) : '')
  );
}

function functionText(named: JsonObject): string {
  let text = '';
  for (const name of ['name', 'arguments', 'input'] as const) text += argumentsText(named[name]);
  return text;
}

const isError = (answer: JsonObject): boolean =>
  !Array.isArray(answer.choices) && !Array.isArray(answer.data) && 'error' in answer;
