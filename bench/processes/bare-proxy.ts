// Owns: the least a Node proxy can do: bytes in, bytes out, over undici's pool. What any gateway here is measured beside. Not: starting it (role.ts).

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { Pool } from 'undici';

/** As many as the gateway may open, so that neither queues for a socket. */
const CONNECTIONS = 4_096;

/** Headers of one connection, which a proxy doesn't pass on. */
const HOP_BY_HOP: ReadonlySet<string> = new Set(['connection', 'keep-alive', 'transfer-encoding', 'host']);

/** Makes a proxy to `upstream` (`http://127.0.0.1:<port>`); it listens when told. */
export function createBareProxy(upstream: string): Server {
  const pool = new Pool(upstream, { connections: CONNECTIONS, pipelining: 1 });
  const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => forward(pool, { request, response, body: Buffer.concat(parts) }));
  });
  server.on('close', () => void pool.destroy());
  return server;
}

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly body: Buffer;
}

function forward(pool: Pool, { request, response, body }: Exchange): void {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers))
    if (typeof value === 'string' && !HOP_BY_HOP.has(name)) headers[name] = value;
  pool.dispatch(
    { method: 'POST', path: request.url ?? '/', headers, body },
    {
      onRequestStart(controller) {
        response.on('close', () => {
          if (!response.writableEnded) controller.abort(new Error('the client left'));
        });
      },
      onResponseStart(_controller, status, answerHeaders) {
        for (const name of HOP_BY_HOP) delete answerHeaders[name];
        response.writeHead(status, answerHeaders);
      },
      onResponseData: (_controller, part) => void response.write(part),
      onResponseEnd: () => void response.end(),
      onResponseError: () => {
        if (!response.headersSent) response.writeHead(502);
        response.end();
      },
    },
  );
}
