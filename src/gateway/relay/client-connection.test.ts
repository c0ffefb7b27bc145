// Owns: the proof, on real sockets, that a client that leaves is noticed and one that has its answer is not.

import { createServer, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Cancellation } from '../upstream/cancellation.ts';
import { watchClient } from './client-connection.ts';

let server: Server;
let socket: Socket;
let arrived: Promise<{ response: ServerResponse; client: Cancellation }>;

beforeEach(async () => {
  const { promise, resolve } = Promise.withResolvers<{ response: ServerResponse; client: Cancellation }>();
  arrived = promise;
  server = createServer((_request, response) => resolve({ response, client: watchClient(response) }));
  await new Promise<void>((listening) => {
    server.listen(0, '127.0.0.1', listening);
  });
  socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  socket.on('error', () => {});
  socket.write('POST / HTTP/1.1\r\nhost: weir\r\ncontent-length: 2\r\n\r\n{}');
});

afterEach(async () => {
  socket.destroy();
  await new Promise((resolve) => {
    server.close(resolve);
  });
});

const cancelled = (client: Cancellation): Promise<void> =>
  new Promise((resolve) => {
    client.onCancel(resolve);
  });

test.each<[string, () => void]>([
  ['closes', () => socket.destroy()],
  ['resets', () => socket.resetAndDestroy()],
  // What the system does for a client that was killed: its side ends, and no more is said.
  ['ends its side', () => socket.end()],
])('a client that %s before its answer is noticed', async (_how, leave) => {
  const { client } = await arrived;
  expect(client.isCancelled()).toBe(false);
  leave();
  await cancelled(client);
  expect(client.isCancelled()).toBe(true);
});

test('a client that has its answer has not left, whatever it does then', async () => {
  const { response, client } = await arrived;
  let told = 0;
  client.onCancel(() => {
    told += 1;
  });
  const closed = new Promise((resolve) => response.once('close', resolve));
  response.end('{}');
  await closed;
  socket.destroy();
  expect([told, client.isCancelled()]).toEqual([0, false]);
});

test('who listens late hears at once, who stopped listening hears nothing', async () => {
  const { client } = await arrived;
  let told = 0;
  const stop = client.onCancel(() => {
    told += 1;
  });
  stop();
  socket.destroy();
  await cancelled(client);
  expect(told).toBe(0);
  client.onCancel(() => {
    told += 1;
  });
  expect(told).toBe(1);
});
