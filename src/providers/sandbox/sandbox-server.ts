// Owns: the sandbox as an HTTP server: reads requests, carries out the plans of their answers, lets go when a client leaves.
// Not: what is answered (sandbox-core.ts).

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Clock } from '../../primitives/clock.ts';
import { createUuidV7 } from '../../primitives/ids.ts';
import { createSystemRandom } from '../../primitives/random.ts';
import type { AnswerPlan, AnswerStep } from './answer-plan.ts';
import { BODY_BYTES_MAX } from './limits.ts';
import { createMarkerCounts } from './markers.ts';
import { planAnswer, planTooLarge, type SandboxContext, type SandboxRequest } from './sandbox-core.ts';

/** Idle connections stay this long: longer than a pool's own patience, so that the pool closes first and no request meets a closing socket. */
const KEEP_ALIVE_MS = 75_000;

/** One answered request, for a log. Holds no text and no credentials. */
export interface SandboxLogEntry {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly requestId: string;
}

/** What the sandbox is made of. */
export interface SandboxServerOptions {
  readonly clock: Clock;
  /** Called once for each request, when its answer begins. */
  readonly log?: (entry: SandboxLogEntry) => void;
}

/** The sandbox, not yet listening. */
export interface SandboxServer {
  /** Starts to listen; port 0 takes a free one. Gives the address without a path: `http://127.0.0.1:1234`. Rejects when the port is taken. */
  listen(address: { readonly host: string; readonly port: number }): Promise<{ readonly url: string }>;
  /** Ends every connection, also those that wait or stall. */
  close(): Promise<void>;
}

/** A server that speaks OpenAI's and Anthropic's protocols with made-up answers, and fails as it is told to (README.md). */
export function createSandboxServer({ clock, log }: SandboxServerOptions): SandboxServer {
  const random = createSystemRandom();
  const markers = createMarkerCounts();
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS, noDelay: true }, (incoming, response) => {
    const requestId = `req_${createUuidV7(clock.nowMs(), random).replaceAll('-', '')}`;
    // A client that left while its answer was made: there is nobody to tell.
    response.on('error', () => undefined);
    const context: SandboxContext = { nowMs: clock.nowMs(), requestId, markers };
    receive(incoming, (body) => {
      const request = toRequest(incoming, body ?? Buffer.alloc(0));
      const plan = body === null ? planTooLarge(request, context) : planAnswer(request, context);
      log?.({ method: request.method, path: request.path, status: plan.status, requestId });
      // A refused body isn't waited for, so the connection is of no further use.
      perform(plan, response, body === null);
    });
  });
  return {
    listen: ({ host, port }) =>
      new Promise((resolve, reject) => {
        server.once('error', reject);
        server.listen(port, host, () => {
          server.off('error', reject);
          const bound = server.address();
          const at = typeof bound === 'object' && bound !== null ? bound.port : port;
          resolve({ url: `http://${host.includes(':') ? `[${host}]` : host}:${at}` });
        });
      }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Gathers the body and hands it on; null for one beyond the bound. Does nothing more when the client leaves first. */
function receive(incoming: IncomingMessage, done: (body: Buffer | null) => void): void {
  const chunks: Buffer[] = [];
  let bytes = 0;
  const onData = (chunk: Buffer): void => {
    bytes += chunk.length;
    if (bytes <= BODY_BYTES_MAX) {
      chunks.push(chunk);
      return;
    }
    incoming.off('data', onData);
    incoming.off('end', onEnd);
    // The rest is read and dropped, so that a client that is still writing gets to see the answer.
    incoming.resume();
    done(null);
  };
  const onEnd = (): void => {
    const [only] = chunks;
    done(chunks.length === 1 && only ? only : Buffer.concat(chunks));
  };
  incoming.on('data', onData);
  incoming.on('end', onEnd);
}

function toRequest({ method = 'GET', url = '/', headers }: IncomingMessage, body: Buffer): SandboxRequest {
  const query = url.indexOf('?');
  return {
    method,
    path: query === -1 ? url : url.slice(0, query),
    hasCredentials: isGiven(headers.authorization) || isGiven(headers['x-api-key']),
    hasAnthropicVersion: isGiven(headers['anthropic-version']),
    body,
  };
}

function isGiven(header: string | string[] | undefined): boolean {
  return header !== undefined && header.length > 0;
}

/** Carries out a plan. An answer in one piece, the usual case, goes out at once with its length. */
function perform(plan: AnswerPlan, response: ServerResponse, isLast: boolean): void {
  const headers = isLast ? { ...plan.headers, connection: 'close' } : plan.headers;
  const [first] = plan.steps;
  if (plan.steps.length === 1 && first?.kind === 'write') {
    const isStream = headers['content-type']?.startsWith('text/event-stream') === true;
    response.writeHead(
      plan.status,
      isStream ? headers : { ...headers, 'content-length': String(Buffer.byteLength(first.bytes)) },
    );
    response.end(first.bytes);
    return;
  }
  performSteps(plan.steps, response, () => response.writeHead(plan.status, headers));
}

/** Carries out steps one after the other. A client that leaves ends them: its timer is cleared and nothing refers to the answer any more. */
function performSteps(steps: readonly AnswerStep[], response: ServerResponse, writeHead: () => void): void {
  let timer: NodeJS.Timeout | undefined;
  let position = 0;
  let repeated = 0;
  response.once('close', () => clearTimeout(timer));
  const next = (): void => {
    if (response.destroyed) return;
    const step = steps[position];
    if (step === undefined) {
      if (!response.headersSent) writeHead();
      response.end();
      return;
    }
    if (step.kind === 'wait') {
      position += 1;
      timer = setTimeout(next, step.ms);
    } else if (step.kind === 'reset') {
      abort(response);
    } else if (step.kind === 'stall') {
      if (!response.headersSent) writeHead();
      response.flushHeaders();
    } else {
      if (!response.headersSent) writeHead();
      repeated += 1;
      if (step.kind === 'write' || repeated >= step.times) {
        position += 1;
        repeated = 0;
      }
      // The next step waits until this one has left, so that a slow reader slows the sandbox and a cut comes after what was written.
      response.write(step.bytes, next);
    }
  };
  next();
}

/** Before the first byte the connection is reset; later it breaks off. */
function abort(response: ServerResponse): void {
  if (response.headersSent) response.socket?.destroy();
  else response.socket?.resetAndDestroy();
}
