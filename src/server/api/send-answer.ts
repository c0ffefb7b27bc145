// Owns: from a handler's answer, or an error, to the bytes that leave. Not: what either says.

import type { OutgoingHttpHeaders } from 'node:http';
import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import type { Endpoint } from '../../contracts/endpoint.ts';
import { EVENT_STREAM, isReply, type StreamedEvent } from '../../contracts/route.ts';
import {
  isDatabaseUnavailable,
  isGivenUp,
  isLostReference,
  isRefusedByPolicy,
  isRetryableConflict,
} from '../../database/failures.ts';
import { type ErrorCode, WeirError } from '../../primitives/errors.ts';
import { renderProblem } from '../problem.ts';
import { sendEvents } from './send-events.ts';

/** Events under way to one reader. */
export interface EventBody {
  readonly events: AsyncIterable<StreamedEvent>;
}

/** An answer, ready to leave. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Text, the pieces of a file, or events. */
  readonly body: string | AsyncIterable<string> | EventBody;
  readonly cookies: readonly string[];
}

/** The answer as status, headers and text. `isChecked` holds it to the endpoint's schema and throws on any difference: a fault of ours. */
export function renderAnswer(options: {
  readonly endpoint: Endpoint;
  readonly answer: unknown;
  readonly isChecked: boolean;
}): Answer {
  const { endpoint, answer, isChecked } = options;
  const reply = isReply(answer)
    ? answer
    : { output: answer, stream: undefined, events: undefined, status: undefined, headers: {}, cookies: [] };
  const { output, stream, events, headers, cookies } = reply;
  const status = reply.status ?? endpoint.status;
  if (events !== undefined)
    return {
      ...{ status, body: { events }, cookies },
      headers: { ...headers, 'content-type': `${EVENT_STREAM}; charset=utf-8`, 'x-accel-buffering': 'no' },
    };
  if (stream !== undefined) {
    const contentType = `${endpoint.produces ?? 'application/octet-stream'}; charset=utf-8`;
    return { status, headers: { ...headers, 'content-type': contentType }, body: stream, cookies };
  }
  if (isChecked && status < 300) endpoint.output.parse(output);
  if (output === undefined) return { status, headers, body: '', cookies };
  return {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
    body: JSON.stringify(output),
    cookies,
  };
}

/** Sends it. A file leaves piece by piece, as fast as its reader takes it; events as they happen. */
export async function sendAnswer(
  reply: FastifyReply,
  answer: Answer,
  { requestId, onFault }: { readonly requestId: string; readonly onFault: (error: unknown) => void },
): Promise<void> {
  const { status, headers, body, cookies } = answer;
  reply.code(status).headers({ ...STANDING_HEADERS, 'x-request-id': requestId, ...headers });
  if (cookies.length > 0) reply.header('set-cookie', cookies);
  if (typeof body === 'string') await reply.send(body);
  else if ('events' in body) {
    reply.hijack();
    reply.raw.writeHead(status, reply.getHeaders() as OutgoingHttpHeaders);
    // Asked by HEAD, there is nothing to wait for.
    if (reply.request.method === 'HEAD') reply.raw.end();
    else await sendEvents(reply.raw, body.events, { describe: (error) => problemOf(error, requestId, onFault) });
  } else await reply.send(Readable.from(body));
}

/** An error as the last event of a stream tells it. */
function problemOf(error: unknown, requestId: string, onFault: (error: unknown) => void): string {
  const known = toWeirError(error);
  if (isOurs(known, error)) onFault(error);
  return renderProblem(known, requestId).body;
}

/** Sends an error as a problem. */
export function sendError(options: {
  readonly reply: FastifyReply;
  readonly error: unknown;
  readonly requestId: string;
  readonly onFault: (error: unknown) => void;
}): void {
  const { reply, error, requestId, onFault } = options;
  const known = toWeirError(error);
  if (isOurs(known, error)) onFault(error);
  const { status, headers, body } = renderProblem(known, requestId);
  // As bytes: Fastify adds a charset to text, which problem+json does not know.
  reply
    .code(status)
    .headers({ ...STANDING_HEADERS, ...headers, ...known.headers })
    .send(Buffer.from(body));
}

/** What a browser shall not do with answers of the API: keep them, or take them for anything else. */
const STANDING_HEADERS = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' } as const;

/** Whether the log is to be told: of every fault of ours, and of statements that take too long, whoever they wait for. */
const isOurs = (known: WeirError, error: unknown): boolean => known.code === 'internal_error' || isGivenUp(error);

/**
 * What Fastify refuses by itself has a status below 500. A database that does not answer is not a fault of ours, nor is another act that came first: the caller's
 * role was taken, what they named was removed, or the two went on meeting crosswise.
 */
function toWeirError(error: unknown): WeirError {
  if (error instanceof WeirError) return error;
  if (isDatabaseUnavailable(error) || isRetryableConflict(error) || isGivenUp(error))
    return new WeirError('overloaded', { retryAfterSeconds: 1, cause: error });
  if (isRefusedByPolicy(error)) return new WeirError('forbidden', { cause: error });
  if (isLostReference(error))
    return new WeirError('conflict', {
      message: 'Something that this names was removed meanwhile, or is still in use. Look again.',
      cause: error,
    });
  const status = (error as { statusCode?: unknown } | null)?.statusCode;
  const codes: Record<number, ErrorCode> = { 413: 'too_large', 415: 'unsupported_media_type' };
  if (typeof status !== 'number' || status >= 500) return new WeirError('internal_error', { cause: error });
  return new WeirError(codes[status] ?? 'invalid_request', { cause: error });
}
