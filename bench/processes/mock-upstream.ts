// Owns: the vendor that benchmarks talk to: answers at once, or streams 200 chunks in 2 s, each stamped with when it left. Not: starting it (role.ts).

import { createServer, type RequestListener, type Server, type ServerResponse } from 'node:http';
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
const COMPLETION_HEADERS = {
  'content-type': 'application/json',
  'content-length': String(COMPLETION.length),
  'x-request-id': 'req_bench',
};
const USAGE = { prompt_tokens: 24, completion_tokens: STREAM_CHUNKS, total_tokens: 24 + STREAM_CHUNKS };

/** Makes the server; it listens when told. */
export function createMockUpstream(): Server {
  return createServer({ keepAliveTimeout: 60_000 }, answer);
}

const answer: RequestListener = (request, response) => {
  const parts: Buffer[] = [];
  request.on('data', (part: Buffer) => parts.push(part));
  request.on('end', () => {
    const body = parts.length === 1 && parts[0] ? parts[0] : Buffer.concat(parts);
    // Reading the JSON would cost as much as the answer, on cores that the gateway shares.
    if (/"stream"\s*:\s*true/.test(body.toString('latin1'))) return stream(response, body.includes('include_usage'));
    response.writeHead(200, COMPLETION_HEADERS);
    response.end(COMPLETION);
  });
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
