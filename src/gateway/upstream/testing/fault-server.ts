// Owns: a real HTTP server on loopback that fails in every way an upstream can. Each path is a fault. Not: any vendor's protocol (the sandbox is that).

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

/** A running fault server. */
export interface FaultServer {
  /** `http://127.0.0.1:<port>` */
  readonly origin: string;
  /** Sockets open now. */
  openSockets(): number;
  /** Requests taken so far, by path. */
  requests(path: string): number;
  /** The headers of the last request. */
  lastHeaders(): IncomingMessage['headers'];
  /** Sends the next event on each open `/step` stream; ends them when there is no text. */
  step(text: string | null): void;
  /** Bytes of `/flood` that the system has taken. */
  floodedBytes(): number;
  /** Settles when every socket has been closed by the other side. */
  allClosed(): Promise<void>;
  /** Settles when the nth request has come. */
  requestCount(count: number): Promise<void>;
  close(): Promise<void>;
}

type Fault = (
  request: IncomingMessage,
  response: ServerResponse,
  server: { visit: number; flood: (bytes: number) => void; steps: Set<ServerResponse> },
) => void;

const SSE = { 'content-type': 'text/event-stream' };
const JSON_TYPE = { 'content-type': 'application/json' };
const event = (text: string): string => `data: ${JSON.stringify({ text })}\n\n`;
const destroy = (request: IncomingMessage): void => {
  request.socket.destroy();
};

/** Sends in full only after the first is on the wire, so that the other side sees the bytes and then the cut. */
function writeThenDestroy(request: IncomingMessage, response: ServerResponse, text: string): void {
  response.write(text, () => setImmediate(() => destroy(request)));
}

function flood(response: ServerResponse, count: (bytes: number) => void): void {
  const piece = Buffer.from(event('x'.repeat(16 * 1024)));
  const write = (): void => {
    while (!response.destroyed) {
      count(piece.length);
      if (!response.write(piece)) {
        response.once('drain', write);
        return;
      }
    }
  };
  write();
}

const FAULTS: Readonly<Record<string, Fault>> = {
  '/ok': (_request, response) => {
    response.writeHead(200, JSON_TYPE).end('{"ok":true}');
  },
  '/echo': (request, response) => {
    response.writeHead(200, JSON_TYPE);
    request.pipe(response);
  },
  '/stream': (_request, response) => {
    response.writeHead(200, SSE).write(event('one'));
    setImmediate(() => {
      response.write(event('two'));
      setImmediate(() => response.end('data: [DONE]\n\n'));
    });
  },
  '/split': (_request, response) => {
    response.writeHead(200, SSE);
    const bytes = Buffer.from(`${event('größer 🙂')}data: [DONE]\n\n`);
    let index = 0;
    const next = (): void => {
      if (index === bytes.length) {
        response.end();
        return;
      }
      response.write(bytes.subarray(index, index + 1), () => setImmediate(next));
      index += 1;
    };
    next();
  },
  '/step': (_request, response, { steps }) => {
    response.writeHead(200, SSE).flushHeaders();
    steps.add(response);
    response.once('close', () => steps.delete(response));
  },
  '/hang': () => {},
  '/head-then-hang': (_request, response) => {
    response.writeHead(200, SSE).flushHeaders();
  },
  '/stall': (_request, response) => {
    response.writeHead(200, SSE).write(event('one'));
  },
  '/reset-before': destroy,
  '/reset-after-head': (request, response) => {
    response.writeHead(200, SSE).flushHeaders();
    setImmediate(() => destroy(request));
  },
  '/reset-after': (request, response) => {
    response.writeHead(200, SSE);
    writeThenDestroy(request, response, event('one'));
  },
  '/cut-json': (request, response) => {
    response.writeHead(200, { ...JSON_TYPE, 'content-length': '1000' });
    writeThenDestroy(request, response, '{"ok":');
  },
  '/bad-json': (_request, response) => {
    response.writeHead(200, JSON_TYPE).end('{"ok":');
  },
  '/html': (_request, response) => {
    response.writeHead(200, { 'content-type': 'text/html' }).end('<html>maintenance</html>');
  },
  '/empty-stream': (_request, response) => {
    response.writeHead(200, SSE).end();
  },
  '/error-event': (_request, response) => {
    response.writeHead(200, SSE).end('event: error\ndata: {"overloaded":true}\n\n');
  },
  '/error-event-late': (_request, response) => {
    response.writeHead(200, SSE).end(`${event('one')}event: error\ndata: {"overloaded":true}\n\n`);
  },
  '/redirect': (_request, response) => {
    response.writeHead(307, { location: '/ok' }).end();
  },
  '/bomb': (_request, response, { flood: count }) => {
    response.writeHead(200, JSON_TYPE);
    flood(response, count);
  },
  '/error-bomb': (_request, response, { flood: count }) => {
    response.writeHead(500, JSON_TYPE);
    flood(response, count);
  },
  '/flood': (_request, response, { flood: count }) => {
    response.writeHead(200, SSE);
    flood(response, count);
  },
  '/not-http': (request) => {
    request.socket.end('SSH-2.0-OpenSSH_9.2\r\n');
  },
  '/early-hints': (_request, response) => {
    response.writeEarlyHints({ link: '</x>; rel=preload' });
    setImmediate(() => response.writeHead(200, JSON_TYPE).end('{"ok":true}'));
  },
  '/compressed': (_request, response) => {
    response.writeHead(200, { ...JSON_TYPE, 'content-encoding': 'gzip' }).end(Buffer.from([31, 139]));
  },
  '/cookie': (_request, response) => {
    response
      .writeHead(200, {
        ...JSON_TYPE,
        'set-cookie': 'a=b',
        'openai-organization': 'org-ours',
        'openai-version': '2020-10-01',
        'keep-alive': 'timeout=5',
      })
      .end('{"ok":true}');
  },
  '/bad-request': (_request, response) => {
    response.writeHead(400, JSON_TYPE).end('{"error":"yours"}');
  },
  '/500': (_request, response) => {
    response.writeHead(500, JSON_TYPE).end('{"error":"ours"}');
  },
  '/429': (_request, response) => {
    response.writeHead(429, { ...JSON_TYPE, 'retry-after': '1' }).end('{"error":"slow down"}');
  },
  '/429-long': (_request, response) => {
    response.writeHead(429, { ...JSON_TYPE, 'retry-after': '3600' }).end('{"error":"tomorrow"}');
  },
  '/reset-once': (request, response, { visit }) => {
    if (visit === 1) destroy(request);
    else response.writeHead(200, JSON_TYPE).end('{"ok":true}');
  },
  '/stream-reset-once': (request, response, { visit }) => {
    response.writeHead(200, SSE);
    if (visit === 1) {
      response.flushHeaders();
      setImmediate(() => destroy(request));
    } else response.end(`${event('one')}data: [DONE]\n\n`);
  },
};

/** Starts one on a free port. */
export async function startFaultServer(): Promise<FaultServer> {
  const sockets = new Set<Socket>();
  const visits = new Map<string, number>();
  const changed = new Set<() => void>();
  const steps = new Set<ServerResponse>();
  let total = 0;
  let flooded = 0;
  let lastHeaders: IncomingMessage['headers'] = {};

  const server = createServer((request, response) => {
    const path = request.url ?? '';
    const visit = (visits.get(path) ?? 0) + 1;
    visits.set(path, visit);
    lastHeaders = request.headers;
    response.on('error', () => {});
    const answer = (): void => {
      total += 1;
      notify();
      const fault = FAULTS[path];
      if (fault === undefined) response.writeHead(404, JSON_TYPE).end('{"error":"no such fault"}');
      else fault(request, response, { visit, flood: (bytes) => (flooded += bytes), steps });
    };
    if (path === '/echo') answer();
    else request.resume().once('end', answer);
  });
  const notify = (): void => {
    for (const callback of [...changed]) callback();
  };
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.once('close', () => {
      sockets.delete(socket);
      notify();
    });
  });
  const until = (holds: () => boolean): Promise<void> =>
    new Promise((resolve) => {
      const check = (): void => {
        if (!holds()) return;
        changed.delete(check);
        resolve();
      };
      changed.add(check);
      check();
    });

  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    openSockets: () => sockets.size,
    requests: (path) => visits.get(path) ?? 0,
    lastHeaders: () => lastHeaders,
    step(text) {
      for (const response of steps) {
        if (text === null) response.end('data: [DONE]\n\n');
        else response.write(event(text));
      }
    },
    floodedBytes: () => flooded,
    allClosed: () => until(() => sockets.size === 0),
    requestCount: (count) => until(() => total >= count),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}
