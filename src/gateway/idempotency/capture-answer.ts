// Owns: keeping a copy of what is written to a client, for calls with an idempotency key alone. Not: storing it.

import type { ServerResponse } from 'node:http';
import type { KeptAnswer, LostAnswer } from './idempotency.ts';
import { KEPT_ANSWER_MAX } from './limits.ts';

/** Headers that belong to one connection or one sending. */
const NOT_KEPT: ReadonlySet<string> = new Set(['connection', 'keep-alive', 'transfer-encoding', 'date']);

/**
 * Begins to copy; nothing may have been written yet. The result gives the answer once it is written: null where none was begun, without a body where it
 * was never ended or was too large.
 */
export function captureAnswer(response: ServerResponse): () => KeptAnswer | LostAnswer | null {
  const { write, end, writeHead } = response;
  let headers: Readonly<Record<string, string>> | null = null;
  let parts: Buffer[] = [];
  let size = 0;
  const keep = (chunk: unknown, encoding: unknown): void => {
    if (typeof chunk !== 'string' && !(chunk instanceof Uint8Array)) return;
    // Always a copy: whoever writes may use its buffer again.
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk, encodingOf(encoding)) : Buffer.from(chunk);
    size += bytes.length;
    if (size <= KEPT_ANSWER_MAX) parts.push(bytes);
    else parts = [];
  };
  response.writeHead = ((...head: unknown[]) => {
    headers = keptHeaders({ ...response.getHeaders(), ...givenHeaders(head) });
    return Reflect.apply(writeHead, response, head);
  }) as typeof response.writeHead;
  response.write = ((...chunk: unknown[]) => {
    keep(chunk[0], chunk[1]);
    return Reflect.apply(write, response, chunk);
  }) as typeof response.write;
  response.end = ((...chunk: unknown[]) => {
    keep(chunk[0], chunk[1]);
    return Reflect.apply(end, response, chunk);
  }) as typeof response.end;
  return () => {
    const status = response.statusCode;
    if (headers === null) return null;
    if (!response.writableEnded || size > KEPT_ANSWER_MAX) return { status, body: null };
    return { status, headers, body: Buffer.concat(parts) };
  };
}

function encodingOf(given: unknown): BufferEncoding {
  return typeof given === 'string' && Buffer.isEncoding(given) ? given : 'utf8';
}

/** The headers among the arguments of `writeHead`: the last one, as an object or as a flat list of names and values. */
function givenHeaders(head: readonly unknown[]): Record<string, unknown> {
  const given = head.at(-1);
  if (typeof given !== 'object' || given === null) return {};
  if (!Array.isArray(given)) return given as Record<string, unknown>;
  const headers: Record<string, unknown> = {};
  for (let index = 0; index + 1 < given.length; index += 2) headers[String(given[index])] = given[index + 1];
  return headers;
}

function keptHeaders(given: Record<string, unknown>): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(given)) {
    const lowerCased = name.toLowerCase();
    if (value !== undefined && !NOT_KEPT.has(lowerCased)) headers[lowerCased] = String(value);
  }
  return headers;
}
