// Proves: a stream of events reaches its reader as it happens, says that it is there while nothing does, gathers nothing for a reader that is slow, and ends with
// the reader, the stream or its error.

import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { StreamedEvent } from '../../contracts/route.ts';
import { createLeaving } from './leaving.ts';
import { sendEvents } from './send-events.ts';

type Source = (signal: AbortSignal) => AsyncIterable<StreamedEvent>;

const leaving = createLeaving();
let source: Source;
let options: { heartbeatMs?: number; stallMs?: number };
let over = Promise.withResolvers<void>();
let server: Server;
beforeAll(async () => {
  server = createServer(async (_request, response) => {
    const signal = leaving.signalOf(response, true);
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    await sendEvents(response, source(signal), { describe: (error) => JSON.stringify(String(error)), ...options });
    over.resolve();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterAll(() => server.close());

/** A reader that takes nothing until it is asked to. */
async function open(next: Source, more: typeof options = {}): Promise<IncomingMessage> {
  [source, options, over] = [next, more, Promise.withResolvers<void>()];
  const asked = request({ port: (server.address() as AddressInfo).port, agent: false }).end();
  const [response] = (await once(asked, 'response')) as [IncomingMessage];
  return response;
}

async function textOf(response: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of response) text += chunk;
  return text;
}

const aborted = async (signal: AbortSignal): Promise<unknown> => signal.aborted || once(signal, 'abort');

/** One event, then nothing until it is told to end. */
async function* wait(signal: AbortSignal): AsyncGenerator<StreamedEvent> {
  yield { data: 1 };
  await aborted(signal);
}

it('writes type, id and data, and ends with the stream', async () => {
  const response = await open(async function* () {
    yield { data: { text: 'two\nlines' } };
    yield { event: 'a\nb', id: '7\r', data: null };
  });
  expect(await textOf(response)).toBe(':\n\ndata: {"text":"two\\nlines"}\n\nevent: ab\nid: 7\ndata: null\n\n');
});

it('tells of an error as the last event', async () => {
  const response = await open(async function* () {
    yield { data: 1 };
    throw new Error('broken');
  });
  expect(await textOf(response)).toBe(':\n\ndata: 1\n\nevent: error\ndata: "Error: broken"\n\n');
});

it('says that it is there while nothing happens', async () => {
  const response = await open(wait, { heartbeatMs: 1 });
  let text = '';
  for await (const chunk of response) {
    text += chunk;
    if (text.length >= 25) break;
  }
  expect(text).toMatch(/^:\n\ndata: 1\n\n(:\n\n){3}/);
  await over.promise;
});

it('ends a stream that waits when its reader leaves, and asks it to return', async () => {
  let hasEnded = false;
  const response = await open(async function* (signal) {
    try {
      yield* wait(signal);
    } finally {
      hasEnded = true;
    }
  });
  await once(response, 'data');
  response.destroy();
  await over.promise;
  await expect.poll(() => hasEnded).toBe(true);
});

it('ends an endless stream when the server closes', async () => {
  const response = await open(wait);
  leaving.closing();
  expect(await textOf(response)).toBe(':\n\ndata: 1\n\n');
});

it('asks for no more than its reader takes, and cuts off one that takes nothing', async () => {
  let made = 0;
  const response = await open(
    async function* () {
      for (; made < 10_000; made += 1) yield { data: 'x'.repeat(100_000) };
    },
    { stallMs: 50 },
  );
  response.pause();
  await over.promise;
  expect(made).toBeLessThan(1_000);
  response.destroy();
});
