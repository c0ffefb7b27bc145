// Owns: the input tokens of a call, nearer than its proven bound. Not: that bound (wire/token-bound.ts), counting a text (token-counter.ts).

import type { GatewayRoute, ParsedCall } from '../protocol.ts';
import { inputTokensBoundFor, textTokensBound } from '../wire/token-bound.ts';
import type { BoundedCount } from './bounded-count.ts';
import { EXACT_WORK_MAX } from './limits.ts';

/** Tokens around a message, for a name, and before the answer (OpenAI cookbook, "How to count tokens with tiktoken", GPT-3.5 and later). */
const MESSAGE_TOKENS = 3;
const NAME_TOKENS = 1;
const REPLY_TOKENS = 3;

/** Fields of a message whose tokens the cookbook's formula knows. */
const PLAIN_FIELDS: ReadonlySet<string> = new Set(['role', 'content', 'name']);

/** Fields of a request that put more before the model than its messages. */
const MORE_INPUT = ['tools', 'functions', 'response_format', 'prediction', 'web_search_options'] as const;

/** Routes whose document is OpenAI's chat. */
const CHAT_ROUTES: ReadonlySet<GatewayRoute> = new Set<GatewayRoute>(['chat_completions', 'responses']);

/** What counting a call takes. */
export interface CallCountInput {
  readonly call: ParsedCall;
  readonly providerModelId: string;
  /** Counts a text of this model, with at most so much work. */
  readonly count: (text: string, workMax: number) => BoundedCount;
  /** Whether `count` is this model's own tokenizer. */
  readonly isExact: boolean;
}

/**
 * Input tokens of a call, never above its bound. A chat of plain texts is counted by OpenAI's formula where the tokenizer is known. Else the
 * proven bound is taken and each text's bytes in it are replaced by the text's count, so that images, files and tools stay at their bound.
 */
export function countCallInput({ call, providerModelId, count, isExact }: CallCountInput): number {
  const bound = inputTokensBoundFor(call, providerModelId);
  // One bound for all texts of the call: many small ones take as long as a large one.
  let workLeft = EXACT_WORK_MAX;
  const countText = (text: string): number => {
    const most = textTokensBound(text);
    if (workLeft <= 0) return most;
    const { tokens, work } = count(text, workLeft);
    workLeft -= work;
    return Math.min(tokens, most);
  };
  const messages = isExact ? plainMessages(call) : null;
  if (messages !== null) return Math.min(bound, countPlainMessages(messages, countText));
  let saved = 0;
  forEachText(call, (text) => {
    saved += textTokensBound(text) - countText(text);
  });
  return bound - saved;
}

interface PlainMessage {
  readonly role: string;
  readonly content: string;
  readonly name?: string;
}

/** The messages of an OpenAI chat that holds nothing but texts; null for any other call. */
function plainMessages(call: ParsedCall): readonly PlainMessage[] | null {
  const { value } = call.document;
  if (!CHAT_ROUTES.has(call.route) || MORE_INPUT.some((name) => value[name] !== undefined)) return null;
  const messages = value.messages;
  return Array.isArray(messages) && messages.every(isPlainMessage) ? messages : null;
}

function isPlainMessage(message: unknown): message is PlainMessage {
  if (!isObject(message) || typeof message.content !== 'string' || typeof message.role !== 'string') return false;
  if (message.name !== undefined && typeof message.name !== 'string') return false;
  return Object.keys(message).every((field) => PLAIN_FIELDS.has(field));
}

function countPlainMessages(messages: readonly PlainMessage[], countText: (text: string) => number): number {
  let tokens = REPLY_TOKENS;
  for (const { role, content, name } of messages) {
    tokens += MESSAGE_TOKENS + countText(role) + countText(content);
    if (name !== undefined) tokens += NAME_TOKENS + countText(name);
  }
  return tokens;
}

/** Visits the texts that stand in the bound with their own bytes: contents, text parts, system, texts of tool results, inputs to embed. */
function forEachText({ document }: ParsedCall, visit: (text: string) => void): void {
  const { value } = document;
  visitContent(value.system, visit);
  for (const message of listOf(value.messages)) if (isObject(message)) visitContent(message.content, visit);
  visitContent(value.input, visit);
}

function visitContent(content: unknown, visit: (text: string) => void): void {
  if (typeof content === 'string') {
    visit(content);
    return;
  }
  for (const part of listOf(content)) {
    if (typeof part === 'string') visit(part);
    else if (!isObject(part)) continue;
    else if (part.type === 'text' && typeof part.text === 'string') visit(part.text);
    else if (part.type === 'tool_result') visitContent(part.content, visit);
  }
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
