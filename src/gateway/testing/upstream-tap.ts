// Owns: a server between the gateway and the sandbox that keeps what it was asked, byte for byte, and can answer in the sandbox's place.
// Not: what the sandbox answers, or faults of sockets alone (upstream/testing/fault-server.ts).

import { createServer, type IncomingHttpHeaders, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

/** A request that reached the upstream. */
export interface SeenRequest {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** The body's bytes as text. */
  readonly body: string;
  json(): Record<string, unknown>;
  /** Resolves when the answer is over: `whole`, or `left` when the gateway closed the connection before. */
  readonly ended: Promise<'whole' | 'left'>;
}

/** Answers one request in the sandbox's place. */
export type TapAnswer = (response: ServerResponse, seen: SeenRequest) => void;

/** A running tap. */
export interface UpstreamTap {
  /** `http://127.0.0.1:<port>/v1` */
  readonly url: string;
  /** Requests since the last `forget`, oldest first. */
  readonly requests: readonly SeenRequest[];
  /** The last request; throws when there was none. */
  last(): SeenRequest;
  forget(): void;
  /** From now on answers itself; null forwards to the sandbox again. */
  answerWith(answer: TapAnswer | null): void;
  /** Resolves with the nth request since the last `forget`. */
  seen(count: number): Promise<SeenRequest>;
  close(): Promise<void>;
}

/** Starts one in front of the sandbox at `targetOrigin` (`http://127.0.0.1:1234`). */
export async function startUpstreamTap(targetOrigin: string): Promise<UpstreamTap> {
  const sockets = new Set<Socket>();
  const watchers = new Set<() => void>();
  const requests: SeenRequest[] = [];
  let answer: TapAnswer | null = null;

  const server = createServer((incoming, response) => {
    const chunks: Buffer[] = [];
    response.on('error', () => {});
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.once('end', () => {
      const bytes = Buffer.concat(chunks);
      const seen = describe(incoming, response, bytes);
      requests.push(seen);
      for (const watcher of [...watchers]) watcher();
      if (answer !== null) answer(response, seen);
      else forward({ targetOrigin, incoming, response, bytes });
    });
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.once('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    requests,
    last() {
      const last = requests.at(-1);
      if (!last) throw new Error('no request has reached the upstream');
      return last;
    },
    forget() {
      requests.length = 0;
    },
    answerWith(next) {
      answer = next;
    },
    seen: (count) =>
      new Promise((resolve) => {
        const look = (): void => {
          const found = requests[count - 1];
          if (!found) return;
          watchers.delete(look);
          resolve(found);
        };
        watchers.add(look);
        look();
      }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

function describe(incoming: IncomingMessage, response: ServerResponse, bytes: Buffer): SeenRequest {
  const body = bytes.toString('utf8');
  return {
    path: incoming.url ?? '',
    headers: incoming.headers,
    body,
    json: () => JSON.parse(body) as Record<string, unknown>,
    ended: new Promise((resolve) => {
      response.once('close', () => resolve(response.writableFinished ? 'whole' : 'left'));
    }),
  };
}

/** Passes the request on and the answer back, cut where the sandbox cuts it, and left where the gateway leaves. */
function forward(exchange: {
  targetOrigin: string;
  incoming: IncomingMessage;
  response: ServerResponse;
  bytes: Buffer;
}): void {
  const { targetOrigin, incoming, response, bytes } = exchange;
  const { method, headers } = incoming;
  const cut = (): void => {
    response.socket?.destroy();
  };
  const outgoing = request(
    `${targetOrigin}${incoming.url}`,
    { ...(method === undefined ? {} : { method }), headers: { ...headers, connection: 'close' } },
    (answered) => {
      response.writeHead(answered.statusCode ?? 500, answered.rawHeaders);
      response.flushHeaders();
      answered.on('data', (chunk: Buffer) => response.write(chunk));
      answered.once('end', () => response.end());
      answered.once('aborted', cut);
    },
  );
  outgoing.on('error', cut);
  response.once('close', () => outgoing.destroy());
  outgoing.end(bytes);
}
