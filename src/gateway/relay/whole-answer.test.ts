// Proves: a large answer is held for a client that reads, however slowly, and not for one that does not; the connection lives on as it was.

import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { endWhole } from './whole-answer.ts';

/** More than the buffers of both sides' systems take. */
const LARGE = Buffer.alloc(32 * 1024 * 1024, 'x');
const REQUEST = 'GET / HTTP/1.1\r\nhost: weir\r\n\r\n';

let server: Server;
let client: Socket;
let answer: (response: ServerResponse) => void;

beforeEach(async () => {
  server = createServer({ keepAliveTimeout: 0 }, (_request, response) => answer(response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  client = connect((server.address() as AddressInfo).port, '127.0.0.1');
});
afterEach(() => {
  client.destroy();
  server.close();
});

/** The response of the nth request. */
function responses(count: number): Promise<ServerResponse[]> {
  const all: ServerResponse[] = [];
  return new Promise((resolve) => {
    answer = (response) => {
      if (all.push(response) === count) resolve(all);
    };
  });
}

test.each([
  ['alone', 1],
  ['behind another on its connection', 2],
])('a client that reads nothing of a large answer (%s) is cut off', async (_, count) => {
  const asked = responses(count);
  client.pause();
  client.write(REQUEST.repeat(count));
  const all = await asked;
  const last = all.at(-1);
  if (last === undefined) throw new Error('no response');
  const closed = once(last, 'close');
  endWhole(last, LARGE, 50);
  for (const response of all.slice(0, -1)) response.end();
  await closed;
  expect(last.writableFinished).toBe(false);
});

test('one that reads it has all of it, and the timer is gone with it', async () => {
  const asked = responses(1);
  client.write(REQUEST);
  const [response] = await asked;
  const socket = response?.socket;
  if (response === undefined || !socket) throw new Error('no response');
  let received = 0;
  client.on('data', (bytes) => {
    received += bytes.length;
  });
  const finished = once(response, 'finish');
  endWhole(response, LARGE, 20_000);
  expect(socket.timeout).toBe(20_000);
  await finished;
  expect(socket.timeout).toBe(0);
  await expect.poll(() => received).toBeGreaterThan(LARGE.length);
});

test('a small answer is not watched', async () => {
  const asked = responses(1);
  client.write(REQUEST);
  const [response] = await asked;
  if (response === undefined) throw new Error('no response');
  endWhole(response, Buffer.from('{}'), 20_000);
  expect(response.socket?.timeout ?? 0).toBe(0);
});
