// Owns: reading whole answers in Anthropic's shape. Does not own: streams.

import type { CompleteAnswer, ReportedUsage } from '../protocol.ts';
import { brokenBody, readAnswerObject } from '../wire/answer-body.ts';
import { isObject, type JsonObject } from '../wire/body-fields.ts';
import { readTokenCount } from '../wire/token-count.ts';
import { readAnthropicUsage } from './usage.ts';

/** Counting is free at Anthropic: nothing is generated and nothing billed. */
const FREE: ReportedUsage = { input: 0n, output: 0n, cachedInput: 0n, cacheWrite: 0n, cacheWrite1h: 0n, reasoning: 0n };

/** A message as it came, to be passed on in its own bytes. Throws `provider_error` on anything else. */
export function readMessageAnswer(body: Buffer): CompleteAnswer {
  const message = readMessage(body);
  return { body, usage: readAnthropicUsage(message.usage), outputText: () => messageOutputText(message) };
}

/** The parsed message. Throws `provider_error` when the body is none. */
export function readMessage(body: Buffer): JsonObject {
  const message = readAnswerObject(body, isError);
  if (!Array.isArray(message.content)) throw brokenBody('The provider sent an answer without content.');
  return message;
}

/** A count as it came. The usage is zero, for the call costs nothing. */
export function readCountAnswer(body: Buffer): CompleteAnswer {
  const answer = readAnswerObject(body, isError);
  if (readTokenCount(answer.input_tokens) === null) throw brokenBody('The provider sent an answer without a count.');
  return { body, usage: FREE, outputText: () => '' };
}

/** The text of all blocks: text, thinking and tool input. */
export function messageOutputText(message: JsonObject): string {
  const blocks = Array.isArray(message.content) ? message.content : [];
  return blocks.map(blockText).join('');
}

/** All text that was generated in one block. */
export function blockText(block: unknown): string {
  if (!isObject(block)) return '';
  let text = '';
  for (const name of ['text', 'thinking', 'name'] as const) {
    const value = block[name];
    if (typeof value === 'string') text += value;
  }
  const { input } = block;
  return isObject(input) && Object.keys(input).length > 0 ? text + JSON.stringify(input) : text;
}

const isError = (answer: JsonObject): boolean => answer.type === 'error';
