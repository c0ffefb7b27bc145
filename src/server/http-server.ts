// Owns: the HTTP server: its bounds, what it says where no route answers, and how its connections end. Not: any route.

import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import Fastify, { type FastifyInstance } from 'fastify';
import { type ErrorCode, WeirError } from '../primitives/errors.ts';
import { renderProblem } from './problem.ts';
import type { HttpConfig } from './settings/config.ts';

/** What the server is made of. */
export interface HttpServerOptions {
  readonly bounds: HttpConfig;
  readonly createId: () => string;
  /** Told of faults of our own, for the log. */
  readonly onFault: (error: unknown) => void;
}

/** Sockets are looked at this often for headers or bodies that take too long. */
const SLOW_CHECK_MS = 1_000;
/** Longest part of a path that is a parameter: ids of models with their vendor's name. */
const PARAMETER_LENGTH_MAX = 300;

/** Fastify without a logger or hooks: what runs for every request costs every call. */
export function createHttpServer({ bounds, createId, onFault }: HttpServerOptions): FastifyInstance {
  const app = Fastify({
    logger: false,
    requestIdHeader: false,
    exposeHeadRoutes: false,
    bodyLimit: bounds.bodyBytesMax,
    trustProxy: bounds.trustProxy.length === 0 ? false : [...bounds.trustProxy],
    requestTimeout: bounds.requestTimeoutMs,
    keepAliveTimeout: bounds.keepAliveTimeoutMs,
    return503OnClosing: false,
    forceCloseConnections: 'idle',
    routerOptions: { maxParamLength: PARAMETER_LENGTH_MAX },
    http: {
      maxHeaderSize: bounds.headerBytesMax,
      headersTimeout: Math.min(bounds.headersTimeoutMs, bounds.requestTimeoutMs),
      connectionsCheckingInterval: SLOW_CHECK_MS,
    },
    clientErrorHandler: (error, socket) => refuseSocket(error, socket as Socket, createId()),
    frameworkErrors: (error, _request, reply) => {
      const problem = renderProblem(new WeirError('invalid_request', { internal: error.message }), createId());
      // The type of `reply` here lacks what every reply has.
      (reply as unknown as { hijack(): void; raw: ServerResponse }).hijack();
      write((reply as unknown as { raw: ServerResponse }).raw, problem);
    },
  });
  app.server.maxConnections = bounds.connectionsMax;

  app.setNotFoundHandler((request, reply) => {
    const path = request.url.split('?')[0]?.slice(0, 200);
    const error = new WeirError('not_found', { message: `There is no ${request.method} ${path}.` });
    reply.hijack();
    write(reply.raw, renderProblem(error, createId()));
  });
  app.setErrorHandler((error: unknown, _request, reply) => {
    const known = toWeirError(error);
    if (known.code === 'internal_error') onFault(error);
    reply.hijack();
    write(reply.raw, renderProblem(known, createId()));
  });
  return app;
}

/** What Fastify refuses by itself has a status below 500; everything else is a fault of ours. */
function toWeirError(error: unknown): WeirError {
  if (error instanceof WeirError) return error;
  const status = (error as { statusCode?: unknown } | null)?.statusCode;
  const codes: Record<number, ErrorCode> = { 413: 'too_large', 415: 'unsupported_media_type' };
  if (typeof status !== 'number' || status >= 500) return new WeirError('internal_error', { cause: error });
  return new WeirError(codes[status] ?? 'invalid_request', { cause: error });
}

function write(response: ServerResponse, { status, headers, body }: ReturnType<typeof renderProblem>): void {
  if (response.headersSent || response.destroyed) {
    response.destroy();
    return;
  }
  response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) });
  response.end(body);
}

/** What HTTP itself refuses, before there is a request: by Node's codes, with RFC 9110's statuses. */
const SOCKET_REFUSALS: Readonly<Record<string, readonly [status: string, code: ErrorCode, detail: string]>> = {
  HPE_HEADER_OVERFLOW: ['431 Request Header Fields Too Large', 'too_large', 'The headers are too large.'],
  ERR_HTTP_REQUEST_TIMEOUT: ['408 Request Timeout', 'invalid_request', 'The request took too long to come.'],
};
const MALFORMED = ['400 Bad Request', 'invalid_request', 'The request is not valid HTTP.'] as const;

function refuseSocket(error: Error & { code?: string }, socket: Socket, requestId: string): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const [status, code, detail] = SOCKET_REFUSALS[error.code ?? ''] ?? MALFORMED;
  const title = status.slice(4);
  const body = JSON.stringify({
    type: `/problems/${code}`,
    title,
    status: Number(status.slice(0, 3)),
    detail,
    code,
    request_id: requestId,
  });
  socket.end(
    `HTTP/1.1 ${status}\r\ncontent-type: application/problem+json\r\nx-request-id: ${requestId}\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
  );
}

/** From now on every answer asks its client to connect anew, so that keep-alive connections move to other replicas. */
export function discourageKeepAlive(app: FastifyInstance): void {
  app.server.prependListener('request', (_request, response: ServerResponse) => {
    response.shouldKeepAlive = false;
  });
}

/** Connections that fell idle are looked for this often while the server closes. */
const IDLE_CHECK_MS = 50;

/**
 * Takes no new connections and waits for the answers under way, at most `graceMs`; then cuts them, which their calls notice as clients that left.
 * Gives how many connections were cut.
 */
export async function closeHttpServer(app: FastifyInstance, graceMs: number): Promise<number> {
  const { server } = app;
  let cut = 0;
  const idle = setInterval(() => server.closeIdleConnections(), IDLE_CHECK_MS);
  const grace = setTimeout(() => {
    server.getConnections((_error, count) => {
      cut = count;
      server.closeAllConnections();
    });
  }, graceMs);
  try {
    await app.close();
  } finally {
    clearInterval(idle);
    clearTimeout(grace);
  }
  return cut;
}
