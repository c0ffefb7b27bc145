// Proves: what can't be said with an HTTP client is refused too: bodies over the cap with and without a length, smuggling, slow and broken heads.

import { connect } from 'node:net';
import { beforeAll, describe, expect, test } from 'vitest';
import { exchange, rawExchange, says } from '../../src/gateway/testing/exchanges.ts';
import type { GatewayReplica } from '../../src/gateway/testing/gateway-replica.ts';
import { eventsOf } from '../../src/gateway/testing/ledger-view.ts';
import { createTenant } from '../../src/gateway/testing/tenants.ts';
import { worldOfFile } from '../../src/gateway/testing/world-of-file.ts';
import { createHttpServer } from '../../src/server/http-server.ts';

/** The server's own bounds. */
const PATIENT = {
  bodyBytesMax: 32 * 1024 * 1024,
  headerBytesMax: 16 * 1024,
  connectionsMax: 1000,
  trustProxy: [],
  requestTimeoutMs: 60_000,
  headersTimeoutMs: 60_000,
  keepAliveTimeoutMs: 5000,
};
/** With less patience, so that slow clients are noticed within a test: for them alone. */
const IMPATIENT = { ...PATIENT, requestTimeoutMs: 1500, headersTimeoutMs: 1000 };
let bounds = PATIENT;
const world = worldOfFile({
  createApp: () => createHttpServer({ bounds, createId: () => 'socket', onFault: () => undefined }),
});

const BODY = JSON.stringify({ model: 'sandbox-chat', max_tokens: 5, ...says('x') });

function head(key: string, more: readonly string[], path = '/v1/chat/completions'): string {
  const lines = [
    `POST ${path} HTTP/1.1`,
    'host: weir',
    `authorization: Bearer ${key}`,
    'content-type: application/json',
  ];
  return `${[...lines, ...more].join('\r\n')}\r\n\r\n`;
}

const statusOf = (answer: string): number => Number(answer.slice(9, 12));

test('a well-formed raw request is served', async () => {
  const { key } = await createTenant(world().owner);
  const answer = await rawExchange(
    world().url,
    head(key, [`content-length: ${BODY.length}`, 'connection: close']) + BODY,
  );
  expect(statusOf(answer)).toBe(200);
});

test('a length over the cap is refused before the body is read', async () => {
  const { key } = await createTenant(world().owner);
  const answer = await rawExchange(world().url, head(key, ['content-length: 34000000', 'connection: close']));
  expect(statusOf(answer)).toBe(413);
  expect(answer).toContain('too_large');
});

test('a chunked body over the cap is cut off at the cap', async () => {
  const { key } = await createTenant(world().owner);
  const sent = await new Promise<{ answer: string; bytes: number }>((resolve) => {
    const { hostname, port } = new URL(world().url);
    const socket = connect(Number(port), hostname);
    const piece = Buffer.from(`10000\r\n${' '.repeat(65_536)}\r\n`);
    let answer = '';
    let bytes = 0;
    const write = (): void => {
      while (!socket.destroyed && bytes < 256 * 1024 * 1024) {
        bytes += piece.length;
        if (!socket.write(piece)) {
          socket.once('drain', write);
          return;
        }
      }
    };
    socket.on('data', (data) => {
      answer += data.toString();
    });
    socket.on('error', () => {});
    socket.once('close', () => resolve({ answer, bytes }));
    socket.write(head(key, ['transfer-encoding: chunked', 'connection: close']));
    write();
  });
  expect(sent.bytes).toBeLessThan(256 * 1024 * 1024);
  if (sent.answer !== '') expect(statusOf(sent.answer)).toBe(413);
});

test.each([
  [
    'a length and chunks together',
    ['content-length: 5', 'transfer-encoding: chunked'],
    '0\r\n\r\nGET /v1/models HTTP/1.1\r\n\r\n',
  ],
  ['two lengths', ['content-length: 5', 'content-length: 50'], 'xxxxx'],
  ['a negative length', ['content-length: -5'], ''],
  ['a length that is no number', ['content-length: 5, 6'], 'xxxxx'],
  ['chunks under another name', ['transfer-encoding: xchunked'], '0\r\n\r\n'],
  ['chunks that are not last', ['transfer-encoding: chunked, gzip'], '0\r\n\r\n'],
  ['a folded header', ['x-folded: a\r\n b'], BODY],
  ['a space before the colon', ['content-length : 5'], 'xxxxx'],
  ['a NUL in a header', ['x-nul: a\0b'], BODY],
])('smuggling with %s is refused, and nothing behind it is answered', async (_name, headers, rest) => {
  const { key, organizationId } = await createTenant(world().owner);
  const answer = await rawExchange(world().url, head(key, headers) + rest);
  expect(statusOf(answer)).toBe(400);
  expect(answer.match(/HTTP\/1\.1 /g)).toHaveLength(1);
  expect(await eventsOf(world(), organizationId)).toEqual([]);
  expect(world().tap.requests).toEqual([]);
});

test('headers beyond their cap are refused', async () => {
  const { key } = await createTenant(world().owner);
  const answer = await rawExchange(world().url, head(key, [`x-large: ${'a'.repeat(20_000)}`, 'connection: close']));
  expect(statusOf(answer)).toBe(431);
});

describe('without patience', () => {
  let impatient: GatewayReplica;
  beforeAll(async () => {
    bounds = IMPATIENT;
    impatient = await world().startReplica();
    bounds = PATIENT;
  });

  test('a head that never ends is cut off, and others are served meanwhile', async () => {
    const { key } = await createTenant(world().owner);
    const slow = rawExchange(
      impatient.url,
      `POST /v1/chat/completions HTTP/1.1\r\nhost: weir\r\nauthorization: Bearer ${key}\r\n`,
    );
    const other = await exchange(`${impatient.url}/v1/chat/completions`, { key, body: BODY });
    expect(other.status).toBe(200);
    expect(statusOf(await slow)).toBe(408);
    await impatient.settled();
  });

  test('a body that never ends is cut off, and leaves nothing behind', async () => {
    const { key, organizationId } = await createTenant(world().owner);
    const answer = await rawExchange(impatient.url, `${head(key, ['content-length: 1000'])}{"model":`);
    expect(statusOf(answer)).toBe(408);
    await impatient.settled();
    expect(await eventsOf(world(), organizationId)).toEqual([]);
  });
});

test('two calls on one connection are two calls, answered in order', async () => {
  const { key, organizationId } = await createTenant(world().owner);
  const one = head(key, [`content-length: ${BODY.length}`]) + BODY;
  const last = head(key, [`content-length: ${BODY.length}`, 'connection: close']) + BODY;
  const answer = await rawExchange(world().url, one + last);
  expect(answer.match(/HTTP\/1\.1 200/g)).toHaveLength(2);
  expect(await eventsOf(world(), organizationId)).toHaveLength(2);
});
