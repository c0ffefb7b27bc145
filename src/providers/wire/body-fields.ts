// Owns: reading the fields of a client's body that every route has, with errors that name the field and the remedy.
// Does not own: fields of one route.

import { WeirError } from '../../primitives/errors.ts';

/** A JSON object. */
export type JsonObject = Readonly<Record<string, unknown>>;

const MODEL_LENGTH_MAX = 256;
const MESSAGES_MAX = 100_000;

/** Whether a value is a JSON object (not an array, not null). */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whether a field is as good as not given. */
export function isAbsent(value: unknown): value is null | undefined {
  return value === undefined || value === null;
}

/** The error for a field that is not valid. */
export function invalidField(param: string, message: string): WeirError {
  return new WeirError('invalid_request', { param, message: `\`${param}\`: ${message}` });
}

/** The error for a field that is valid but can't be carried to the model's own protocol. */
export function unsupportedField(param: string, message: string): WeirError {
  return new WeirError('unsupported_parameter', { param, message: `\`${param}\`: ${message}` });
}

/** The `model` field. */
export function readModel(body: JsonObject): string {
  const model = body.model;
  if (typeof model !== 'string' || model.length === 0) {
    throw invalidField('model', 'give the name of a model, for example one from GET /v1/models.');
  }
  if (model.length > MODEL_LENGTH_MAX) throw invalidField('model', `at most ${MODEL_LENGTH_MAX} characters.`);
  return model;
}

/** The `stream` field; false when not given. */
export function readStream(body: JsonObject): boolean {
  const stream = body.stream;
  if (isAbsent(stream)) return false;
  if (typeof stream !== 'boolean') throw invalidField('stream', 'must be true or false.');
  return stream;
}

/** A positive integer field, at most `max`; null when not given. */
export function readPositive(body: JsonObject, name: string, max = Number.MAX_SAFE_INTEGER): number | null {
  const value = body[name];
  if (isAbsent(value)) return null;
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 1 || value > max) {
    const bounds = max === Number.MAX_SAFE_INTEGER ? 'of at least 1' : `from 1 to ${max}`;
    throw invalidField(name, `must be an integer ${bounds}.`);
  }
  return value;
}

/** The `messages` field: a list of objects with a role, not empty. */
export function readMessages(body: JsonObject): readonly JsonObject[] {
  const messages = body.messages;
  if (!Array.isArray(messages) || messages.length === 0) {
    throw invalidField('messages', 'must be a list with at least one message.');
  }
  if (messages.length > MESSAGES_MAX) throw invalidField('messages', `at most ${MESSAGES_MAX} messages.`);
  for (let index = 0; index < messages.length; index += 1) {
    const message: unknown = messages[index];
    if (!isObject(message)) throw invalidField(`messages[${index}]`, 'must be an object with `role` and `content`.');
    if (typeof message.role !== 'string') throw invalidField(`messages[${index}].role`, 'must be a string.');
  }
  return messages as JsonObject[];
}

/** A list field; empty when not given. */
export function readList(body: JsonObject, name: string): readonly unknown[] {
  const value = body[name];
  if (isAbsent(value)) return [];
  if (!Array.isArray(value)) throw invalidField(name, 'must be a list.');
  return value;
}

/** A content part: an object with a `type`. */
export function readPart(part: unknown, path: string): JsonObject & { readonly type: string } {
  if (!isObject(part) || typeof part.type !== 'string') {
    throw invalidField(path, 'must be an object with a `type`.');
  }
  return part as JsonObject & { readonly type: string };
}

/** A string within a body, by its path. */
export function readText(value: unknown, path: string): string {
  if (typeof value !== 'string') throw invalidField(path, 'must be a string.');
  return value;
}
