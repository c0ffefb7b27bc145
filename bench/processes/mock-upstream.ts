// Owns: the vendor that benchmarks talk to: answers at once, or streams 200 chunks in 2 s, each stamped with when it left. Not: starting it (role.ts).

import {
  createServer as createHttpServer,
  type Server as HttpServer,
  type RequestListener,
  type ServerResponse,
} from 'node:http';
import { createServer, type Server, type Socket } from 'node:net';
import { hrtime } from 'node:process';

/** Chunks of one stream, and the time between two of them. */
export const STREAM_CHUNKS = 200;
const CHUNK_EVERY_MS = 10;

/** What a chunk's text begins with; the reading of the machine's monotonic clock in nanoseconds follows. All processes of a machine share that clock. */
export const STAMP = 'sent:';

/** It takes any. */
export const UPSTREAM_KEY = 'bench-upstream-key';

const COMPLETION = Buffer.from(
  JSON.stringify({
    id: 'chatcmpl-bench',
    object: 'chat.completion',
    created: 1_700_000_000,
    model: 'gpt-4o-2024-08-06',
    choices: [
      {
        index: 0,
        message: { role: 'assistant', content: 'Hello! How can I help you today?', refusal: null },
        logprobs: null,
        finish_reason: 'stop',
      },
    ],
    usage: {
      prompt_tokens: 24,
      completion_tokens: 9,
      total_tokens: 33,
      prompt_tokens_details: { cached_tokens: 0, audio_tokens: 0 },
      completion_tokens_details: { reasoning_tokens: 0, audio_tokens: 0 },
    },
  }),
);
const REPLY = Buffer.concat([
  Buffer.from(
    `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${COMPLETION.length}\r\nx-request-id: req_bench\r\n\r\n`,
  ),
  COMPLETION,
]);
const USAGE = { prompt_tokens: 24, completion_tokens: STREAM_CHUNKS, total_tokens: 24 + STREAM_CHUNKS };

/**
 * Makes the server; it listens when told. Whole answers are written on the socket as they are: through `node:http` an answer takes a fifth of what the gateway
 * takes for a call, on cores that both share. A connection whose request asks for a stream is handed to `node:http`.
 */
export function createMockUpstream(): Server {
  const streams = createHttpServer({ keepAliveTimeout: 60_000 }, answerStream);
  return createServer({ noDelay: true }, (socket) => answerWholes(socket, streams));
}

const EMPTY: Buffer = Buffer.alloc(0);

function answerWholes(socket: Socket, streams: HttpServer): void {
  let unread = EMPTY;
  const onData = (part: Buffer): void => {
    unread = unread.length === 0 ? part : Buffer.concat([unread, part]);
    for (let length = requestLength(unread); length !== null; length = requestLength(unread)) {
      // Reading the JSON would cost as much as the answer.
      if (ASKS_FOR_STREAM.test(unread.toString('latin1', 0, length))) {
        socket.off('data', onData);
        socket.pause();
        socket.unshift(unread);
        streams.emit('connection', socket);
        socket.resume();
        return;
      }
      socket.write(REPLY);
      unread = unread.subarray(length);
    }
  };
  socket.on('data', onData);
  socket.on('error', () => socket.destroy());
}

const ASKS_FOR_STREAM = /"stream"\s*:\s*true/;
const HEAD_END = '\r\n\r\n';

/** Of the request that the bytes begin with; null while it is not there as a whole. */
function requestLength(bytes: Buffer): number | null {
  const head = bytes.indexOf(HEAD_END);
  if (head === -1) return null;
  const body = /content-length: *(\d+)/i.exec(bytes.toString('latin1', 0, head))?.[1];
  const length = head + HEAD_END.length + Number(body ?? 0);
  return bytes.length < length ? null : length;
}

const answerStream: RequestListener = (request, response) => {
  const parts: Buffer[] = [];
  request.on('data', (part: Buffer) => parts.push(part));
  request.on('end', () => stream(response, Buffer.concat(parts).includes('include_usage')));
};

function stream(response: ServerResponse, withUsage: boolean): void {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
  let sent = 0;
  const send = (): void => {
    sent += 1;
    response.write(chunk({ content: `${STAMP}${hrtime.bigint()} ` }, null));
    if (sent < STREAM_CHUNKS) return;
    clearInterval(timer);
    response.write(chunk({}, 'stop'));
    if (withUsage) response.write(`data: ${JSON.stringify({ ...CHUNK, choices: [], usage: USAGE })}\n\n`);
    response.end('data: [DONE]\n\n');
  };
  const timer = setInterval(send, CHUNK_EVERY_MS);
  response.on('close', () => clearInterval(timer));
  send();
}

const CHUNK = {
  id: 'chatcmpl-bench',
  object: 'chat.completion.chunk',
  created: 1_700_000_000,
  model: 'gpt-4o-2024-08-06',
};

function chunk(delta: Record<string, string>, finish: string | null): string {
  return `data: ${JSON.stringify({ ...CHUNK, choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`;
}
