// Proves: what is kept of an answer is what its client got, on a real socket, and an answer that is not whole is never kept as one.

import { createServer, type ServerResponse } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { expect, test } from 'vitest';
import { captureAnswer } from './capture-answer.ts';
import { KEPT_ANSWER_MAX } from './limits.ts';

type Capture = ReturnType<typeof captureAnswer>;

/** Serves one request with `write`; gives what the client read and what was captured once the response is closed. */
async function serve(write: (response: ServerResponse) => void, options: { readonly leaveEarly?: boolean } = {}) {
  const closed = Promise.withResolvers<ReturnType<Capture>>();
  const server = createServer((_request, response) => {
    const captured = captureAnswer(response);
    response.on('close', () => closed.resolve(captured()));
    write(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  try {
    if (options.leaveEarly) {
      const socket = connect(port, '127.0.0.1', () => socket.write('GET / HTTP/1.1\r\nhost: x\r\n\r\n'));
      socket.once('data', () => socket.destroy());
      return { captured: await closed.promise, client: null };
    }
    const response = await fetch(`http://127.0.0.1:${port}/`, { headers: { connection: 'close' } });
    const body = Buffer.from(await response.arrayBuffer());
    return { captured: await closed.promise, client: { status: response.status, headers: response.headers, body } };
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

const JSON_HEADERS = { 'Content-Type': 'application/json', 'x-number': 7 };

test('a whole answer is kept as its client got it', async () => {
  const { captured, client } = await serve((response) => {
    response.writeHead(200, { ...JSON_HEADERS, 'content-length': 7 });
    response.end('{"a":1}');
  });
  expect(captured).toEqual({
    status: 200,
    headers: { 'content-type': 'application/json', 'x-number': '7', 'content-length': '7' },
    body: client?.body,
  });
});

test('a stream is kept with every piece, whatever form it was written in', async () => {
  const { captured, client } = await serve((response) => {
    response.setHeader('x-early', 'yes');
    response.writeHead(201, 'Made', { 'content-type': 'text/event-stream' });
    response.write('data: ü\n\n');
    response.write(Buffer.from('data: 2\n\n'), () => undefined);
    response.write(new Uint8Array([0, 255, 10]));
    response.write('fe', 'hex');
    response.write('more', 'utf8', () => undefined);
    response.end(Buffer.from('data: [DONE]\n\n'), () => undefined);
  });
  expect(captured).toEqual({
    status: 201,
    headers: { 'x-early': 'yes', 'content-type': 'text/event-stream' },
    body: client?.body,
  });
  expect(client?.body.length).toBeGreaterThan(20);
});

test('a buffer that its writer uses again is kept as it was written', async () => {
  const { captured } = await serve((response) => {
    const buffer = Buffer.from('first');
    response.writeHead(200);
    response.write(buffer);
    buffer.fill('x');
    response.end();
  });
  expect(captured?.body?.toString()).toBe('first');
});

test('headers given as a list, and an answer without a head of its own, are kept', async () => {
  const list = await serve((response) => {
    response.writeHead(200, ['x-a', '1', 'connection', 'close']);
    response.end('a');
  });
  expect(list.captured).toMatchObject({ headers: { 'x-a': '1' } });
  const implicit = await serve((response) => {
    response.statusCode = 418;
    response.end('tea');
  });
  expect(implicit.captured).toEqual({ status: 418, headers: {}, body: Buffer.from('tea') });
});

test('an answer larger than the bound is not kept, and its client gets all of it', async () => {
  const piece = Buffer.alloc(KEPT_ANSWER_MAX / 4, 'x');
  const { captured, client } = await serve((response) => {
    response.writeHead(200);
    for (let count = 0; count < 4; count += 1) response.write(piece);
    response.end('y');
  });
  expect(captured).toEqual({ status: 200, body: null });
  expect(client?.body.length).toBe(KEPT_ANSWER_MAX + 1);
});

test('an answer that was cut off is known to be lost', async () => {
  const { captured } = await serve(
    (response) => {
      response.writeHead(200);
      response.write('the first half');
    },
    { leaveEarly: true },
  );
  expect(captured).toEqual({ status: 200, body: null });
});

test('where nothing was begun there is no answer', async () => {
  const server = createServer((_request, response) => {
    const captured = captureAnswer(response);
    response.destroy();
    result.resolve(captured());
  });
  const result = Promise.withResolvers<ReturnType<Capture>>();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await expect(fetch(`http://127.0.0.1:${port}/`)).rejects.toThrow();
  expect(await result.promise).toBeNull();
  server.close();
});
