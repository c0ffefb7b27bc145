// Owns: keeping a copy of what is written to a client, for calls with an idempotency key alone. Not: storing it.

import type { ServerResponse } from 'node:http';
import type { KeptAnswer } from './idempotency.ts';

/** Larger answers are not kept: the key's later callers are told so. Bytes. */
export const KEPT_ANSWER_MAX = 4 * 1024 * 1024;

/** Headers that belong to one connection or one sending. */
const NOT_KEPT: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'transfer-encoding',
  'date',
  'content-length',
]);

/** Begins to copy; the result gives the answer once it is written, or null when it was too large or never whole. */
export function captureAnswer(response: ServerResponse): () => KeptAnswer | null {
  const parts: Buffer[] = [];
  let size = 0;
  let headers: Record<string, string> = {};
  const keep = (chunk: unknown): void => {
    if (typeof chunk !== 'string' && !(chunk instanceof Uint8Array)) return;
    const bytes = Buffer.from(chunk as Uint8Array);
    size += bytes.length;
    if (size <= KEPT_ANSWER_MAX) parts.push(bytes);
  };
  const { write, end, writeHead } = response;
  response.writeHead = ((status: number, given: Record<string, unknown> = {}) => {
    headers = Object.fromEntries(
      Object.entries(given)
        .filter(([name]) => !NOT_KEPT.has(name.toLowerCase()))
        .map(([name, value]) => [name.toLowerCase(), String(value)]),
    );
    return writeHead.call(response, status, given as Record<string, string>);
  }) as typeof response.writeHead;
  response.write = ((chunk: unknown, ...rest: unknown[]) => {
    keep(chunk);
    return Reflect.apply(write, response, [chunk, ...rest]);
  }) as typeof response.write;
  response.end = ((chunk: unknown, ...rest: unknown[]) => {
    keep(chunk);
    return Reflect.apply(end, response, [chunk, ...rest]);
  }) as typeof response.end;
  return () =>
    size > KEPT_ANSWER_MAX || !response.writableEnded
      ? null
      : { status: response.statusCode, headers, body: Buffer.concat(parts) };
}
