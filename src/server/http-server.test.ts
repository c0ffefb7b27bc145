// Proves: the HTTP server refuses what is malformed, too large or too slow, each with a request id and nothing internal.

import { once } from 'node:events';
import { type AddressInfo, connect } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { WeirError } from '../primitives/errors.ts';
import { closeHttpServer, createHttpServer } from './http-server.ts';
import { readConfig } from './settings/config.ts';

const ID = '01890000-0000-7000-8000-000000000000';
const faults: unknown[] = [];
const createApp = (settings: Record<string, string>) =>
  createHttpServer({
    bounds: readConfig({ WEIR_BODY_BYTES_MAX: '1024', ...settings }).http,
    createId: () => ID,
    onFault: (error) => faults.push(error),
  });
const app = createApp({});
let url: string;
let port: number;
beforeAll(async () => {
  app.post('/echo', (request) => request.body);
  app.get('/fault', () => {
    throw new Error('the password is hunter2');
  });
  app.get('/refusal', () => {
    throw new WeirError('overloaded', { retryAfterSeconds: 1.2, internal: 'queue of 20000' });
  });
  await app.listen({ host: '127.0.0.1', port: 0 });
  ({ port } = app.server.address() as AddressInfo);
  url = `http://127.0.0.1:${port}`;
});
afterAll(() => closeHttpServer(app, 0));

async function expectProblem(response: Response, status: number, code: string): Promise<Record<string, unknown>> {
  expect(response.status).toBe(status);
  expect(response.headers.get('content-type')).toBe('application/problem+json');
  expect(response.headers.get('x-request-id')).toBe(ID);
  const body = (await response.json()) as Record<string, unknown>;
  expect(body).toMatchObject({ type: `/problems/${code}`, status, code, request_id: ID });
  return body;
}

/** Sends bytes as they are and gives what came back until the server closed. */
async function exchange(bytes: string, at = port): Promise<string> {
  const socket = connect(at, '127.0.0.1');
  let answer = '';
  socket.on('data', (chunk) => {
    answer += chunk.toString();
  });
  socket.on('error', () => {});
  socket.write(bytes);
  await once(socket, 'close');
  return answer;
}

test('an unknown path is a problem that names it', async () => {
  const body = await expectProblem(await fetch(`${url}/no/such?secret=1`), 404, 'not_found');
  expect(body.detail).toBe('There is no GET /no/such.');
});

test('a fault of ours tells the caller nothing, and the log everything', async () => {
  const body = await expectProblem(await fetch(`${url}/fault`), 500, 'internal_error');
  expect(JSON.stringify(body)).not.toContain('hunter2');
  expect(faults).toHaveLength(1);
});

test('a refusal says when to come back, and keeps its internal detail', async () => {
  const response = await fetch(`${url}/refusal`);
  expect(response.headers.get('retry-after')).toBe('2');
  expect(JSON.stringify(await expectProblem(response, 503, 'overloaded'))).not.toContain('20000');
});

test.each<[string, RequestInit, number, string]>([
  ['a body that is too large', { body: JSON.stringify('x'.repeat(2_000)) }, 413, 'too_large'],
  ['a body that is no JSON', { body: '{' }, 400, 'invalid_request'],
])('%s is refused', async (_, init, status, code) => {
  const response = await fetch(`${url}/echo`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    ...init,
  });
  await expectProblem(response, status, code);
});

test('a content type that nobody reads is refused', async () => {
  const response = await fetch(`${url}/echo`, { method: 'POST', headers: { 'content-type': 'text/csv' }, body: 'a,b' });
  await expectProblem(response, 415, 'unsupported_media_type');
});

test('headers that are too large are refused with 431', async () => {
  expect(await exchange(`GET / HTTP/1.1\r\nhost: x\r\nx-big: ${'a'.repeat(20_000)}\r\n\r\n`)).toMatch(
    /^HTTP\/1\.1 431 .*"code":"too_large"/s,
  );
});

test('headers that come too slowly are cut off with 408', async () => {
  // On a server of its own: a busy machine makes whoever asks the others slow as well.
  const impatient = createApp({ WEIR_HEADERS_TIMEOUT_MS: '200' });
  await impatient.listen({ host: '127.0.0.1', port: 0 });
  const at = (impatient.server.address() as AddressInfo).port;
  expect(await exchange('GET / HTTP/1.1\r\nhost: x\r\nx-slow: ', at)).toMatch(/^HTTP\/1\.1 408 /);
  await closeHttpServer(impatient, 0);
});

test('what is no HTTP is refused with 400', async () => {
  expect(await exchange('BREW coffee\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 .*"request_id":/s);
});

test('a path that is no path is refused', async () => {
  expect((await fetch(`${url}/%zz`)).status).toBe(400);
});
