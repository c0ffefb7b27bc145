// Owns: reading the fields that both protocols share, with errors that name the field. Not: the fields of one protocol.

import type { OfferedTool, ToolChoice } from './conversation.ts';
import { fingerprint } from './fingerprint.ts';
import { SandboxError } from './sandbox-error.ts';
import { countSandboxTokens } from './tokens.ts';

/** A JSON object. */
export type Fields = Readonly<Record<string, unknown>>;

/** Tokens around a message, for its author's name, and before the answer (OpenAI's cookbook: "How to count tokens"). */
const MESSAGE_TOKENS = 3;
const NAME_TOKENS = 1;
const REPLY_TOKENS = 3;

/** Tokens of one image, OpenAI's `detail: low`. Real models count by size; the sandbox doesn't look inside. */
const IMAGE_TOKENS = 85;

/** What is gathered while a conversation is read. */
export interface InputTally {
  tokens: number;
  seed: number;
}

/** A tally of nothing yet. */
export function createTally(seed: number): InputTally {
  return { tokens: REPLY_TOKENS, seed };
}

/** Adds a text to the tokens and to the number the answer is drawn from. */
export function tallyText(tally: InputTally, text: string): void {
  tally.tokens += countSandboxTokens(text);
  tally.seed = fingerprint(text, tally.seed);
}

/** Adds the surroundings of a message. */
export function tallyMessage(tally: InputTally): void {
  tally.tokens += MESSAGE_TOKENS;
}

/** Adds the name of a message's author. */
export function tallyName(tally: InputTally, name: string): void {
  tally.tokens += NAME_TOKENS;
  tallyText(tally, name);
}

/** Adds an image, a file or a sound, none of which is looked into. */
export function tallyImage(tally: InputTally): void {
  tally.tokens += IMAGE_TOKENS;
}

/** Adds a structure (a schema, arguments) as its JSON text; nothing for undefined. */
export function tallyJson(tally: InputTally, value: unknown): void {
  if (value !== undefined && value !== null) tallyText(tally, JSON.stringify(value));
}

/** Whether a value is a JSON object. */
export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The error for a field that is not valid. */
export function invalid(param: string, message: string): SandboxError {
  return new SandboxError(400, { message: `${param}: ${message}`, param });
}

/** The body of a request as an object. */
export function readBody(body: Buffer): Fields {
  let value: unknown;
  try {
    value = JSON.parse(body.toString('utf8'));
  } catch {
    throw new SandboxError(400, { message: 'We could not parse the JSON body of your request.' });
  }
  if (!isFields(value)) throw new SandboxError(400, { message: 'The body must be a JSON object.' });
  return value;
}

/** The `model` field. */
export function readModelName(body: Fields): string {
  const model = body.model;
  if (typeof model !== 'string' || model === '') throw invalid('model', 'you must provide a model parameter.');
  return model;
}

/** The `messages` field. */
export function readMessageList(body: Fields): readonly Fields[] {
  const messages = body.messages;
  if (!Array.isArray(messages) || messages.length === 0)
    throw invalid('messages', 'expected an array with at least one message.');
  messages.forEach((message, index) => {
    if (!isFields(message) || typeof message.role !== 'string')
      throw invalid(`messages[${index}]`, 'expected an object with a role.');
  });
  return messages as Fields[];
}

/** What a number may be, both ends included; without an end, what JSON carries exactly. */
export interface WholeRange {
  readonly min?: number;
  readonly max?: number;
}

/** A whole number of this range; null when not given. */
export function readWhole(body: Fields, name: string, range: WholeRange): number | null {
  const { min = Number.MIN_SAFE_INTEGER, max = Number.MAX_SAFE_INTEGER } = range;
  const value = body[name];
  if (value === undefined || value === null) return null;
  if (typeof value !== 'number' || !Number.isInteger(value) || value < min || value > max) {
    throw invalid(name, `expected an integer from ${min} to ${max}.`);
  }
  return value;
}

/** The choice of one tool by its name. `param` is the field that named it. */
export function chooseNamed(name: unknown, tools: readonly OfferedTool[], param: string): ToolChoice {
  if (typeof name === 'string' && tools.some((tool) => tool.name === name)) return { kind: 'named', name };
  throw invalid(param, 'names a tool that is not among the tools.');
}

/** A list; empty when not given. */
export function readItems(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** Texts: one, several or none. */
export function readTexts(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  return readItems(value).filter((item) => typeof item === 'string');
}
