// Owns: the proof, on real sockets, that every fault of the wire has its class and one end. Not: attempts (attempts.test.ts).

import { createServer as createTcpServer } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { systemClock } from '../../primitives/clock.ts';
import { takeClosedPort } from '../../primitives/testing/closed-port.ts';
import { type CollectedAnswer, createAnswerCollector } from './answer-collector.ts';
import { type FaultServer, startFaultServer } from './testing/fault-server.ts';
import { TEST_LIMITS, testProvider } from './testing/provider.ts';
import { systemTimers } from './timers.ts';
import type { TransportFailure } from './transport-failure.ts';
import { createUpstreamPools, type UpstreamPools } from './upstream-pools.ts';
import { createUpstreamTransport, type UpstreamTransport } from './upstream-transport.ts';

const limits = { ...TEST_LIMITS, completeBodyBytes: 256 * 1024, errorBodyBytes: 32 * 1024 };

let server: FaultServer;
let pools: UpstreamPools;
let transport: UpstreamTransport;
/** How far the transport's clock is ahead: a time limit is over when a test says so. */
let skippedMs = 0;
const clock = { ...systemClock, monotonicMs: () => systemClock.monotonicMs() + skippedMs };

beforeEach(async () => {
  server = await startFaultServer();
  pools = createUpstreamPools(limits);
  skippedMs = 0;
  transport = createUpstreamTransport({ pools, clock, timers: systemTimers, limits });
});

afterEach(async () => {
  // Every test ends with nothing under way and every socket closed in good order.
  expect(transport.inFlight()).toBe(0);
  await pools.close();
  await server.allClosed();
  await server.close();
});

interface SendOptions {
  readonly timeouts?: Parameters<typeof testProvider>[1] extends infer O
    ? O extends { timeouts?: infer T }
      ? T
      : never
    : never;
  readonly body?: Buffer;
  readonly baseUrl?: string;
  readonly credentials?: Record<string, string>;
  readonly headers?: Record<string, string>;
  /** Time that passes once the head of the answer is here. Milliseconds. */
  readonly afterHeadMs?: number;
}

type Ended = { answer: CollectedAnswer; failure: null } | { answer: null; failure: TransportFailure };

/** Sends and gathers; a second end would be lost on the promise, so ends are counted. */
async function send(path: string, options: SendOptions = {}): Promise<Ended & { ends: number }> {
  let ends = 0;
  const provider = testProvider(options.baseUrl ?? server.origin, {
    ...(options.timeouts === undefined ? {} : { timeouts: options.timeouts }),
    ...(options.headers === undefined ? {} : { headers: options.headers }),
  });
  const ended = await new Promise<Ended>((resolve) => {
    const collector = createAnswerCollector(limits, (result) => {
      ends += 1;
      resolve(result);
    });
    const onHead = collector.onHead.bind(collector);
    collector.onHead = (...head) => {
      onHead(...head);
      skippedMs += options.afterHeadMs ?? 0;
    };
    collector.exchange = transport.send(
      {
        provider,
        carried: { path, body: options.body ?? Buffer.from('{}'), headers: {} },
        credentials: options.credentials ?? {},
        remainingMs: 60_000,
      },
      collector,
    );
  });
  return { ...ended, ends };
}

const failsWith = (kind: string, code: string, status: number | null = null) =>
  expect.objectContaining({ answer: null, ends: 1, failure: expect.objectContaining({ kind, code, status }) });

describe('a request to an upstream', () => {
  test('is answered, and sockets are used again', async () => {
    for (let call = 0; call < 20; call += 1) {
      const { answer } = await send('/ok');
      expect(answer).toMatchObject({ status: 200, body: Buffer.from('{"ok":true}') });
    }
    // Two: the first is free again a turn after its answer, when the next call may have begun.
    expect(server.openSockets()).toBeLessThanOrEqual(2);
  });

  test('carries its body byte by byte, its credentials, and asks for nothing compressed', async () => {
    const body = Buffer.from(JSON.stringify({ text: 'größer 🙂'.repeat(20_000) }));
    const { answer } = await send('/echo', { body, credentials: { authorization: 'Bearer sk-1' } });
    expect(answer?.body.equals(body)).toBe(true);
    expect(server.lastHeaders()).toMatchObject({
      authorization: 'Bearer sk-1',
      'accept-encoding': 'identity',
      'content-type': 'application/json',
      'content-length': String(body.length),
    });
  });

  test("goes below the base URL's own path, with the provider's headers but not those that belong to the connection", async () => {
    const headers = {
      'OpenAI-Organization': 'org-1',
      Host: 'evil',
      Connection: 'close',
      'Transfer-Encoding': 'chunked',
    };
    const { answer } = await send('/ok', { baseUrl: `${server.origin}/v1`, headers });
    expect(answer?.status).toBe(404);
    expect(server.requests('/v1/ok')).toBe(1);
    expect(server.lastHeaders()['openai-organization']).toBe('org-1');
    expect(server.lastHeaders().host).toBe(server.origin.slice('http://'.length));
  });

  test('takes no 1xx for an answer', async () => {
    expect((await send('/early-hints')).answer?.status).toBe(200);
  });

  test('an error answer is an answer', async () => {
    expect((await send('/429')).answer).toMatchObject({ status: 429, headers: { 'retry-after': '1' } });
  });
});

describe('a failure on the wire has its class, and ends the request once', () => {
  test.each([
    ['/reset-before', 'reset_before_first_byte', 'provider_error', null],
    ['/reset-after', 'reset_after_first_byte', 'provider_error', 200],
    ['/cut-json', 'reset_after_first_byte', 'provider_error', 200],
    ['/not-http', 'malformed', 'provider_error', null],
    ['/redirect', 'redirect', 'provider_error', 307],
    ['/bomb', 'too_large', 'provider_error', 200],
  ])('%s', async (path, kind, code, status) => {
    expect(await send(path)).toEqual(failsWith(kind, code, status));
  });

  test('a redirect is not followed', async () => {
    await send('/redirect');
    expect(server.requests('/ok')).toBe(0);
  });

  test('a bomb is cut off near its limit; the error form of it is read to its limit and is still an answer', async () => {
    await send('/bomb');
    const { answer, ends } = await send('/error-bomb');
    expect(answer?.status).toBe(500);
    expect(answer?.body.length).toBe(limits.errorBodyBytes);
    expect(ends).toBe(1);
  });

  test.each([
    ['/hang', { firstByteMs: 30 }, 0, 'first_byte_timeout', null],
    ['/head-then-hang', { firstByteMs: 10_000 }, 10_000, 'first_byte_timeout', 200],
    ['/stall', { idleMs: 30 }, 0, 'idle_timeout', 200],
    ['/stall', { totalMs: 10_000 }, 10_000, 'total_timeout', 200],
    ['/hang', { totalMs: 50 }, 0, 'total_timeout', null],
  ])('%s within %o', async (path, timeouts, afterHeadMs, kind, status) => {
    expect(await send(path, { timeouts, afterHeadMs })).toEqual(failsWith(kind, 'provider_timeout', status));
  });

  test('nobody listens', async () => {
    const closed = await takeClosedPort();
    const baseUrl = `http://127.0.0.1:${closed.port}`;
    expect(await send('/ok', { baseUrl })).toEqual(failsWith('refused', 'provider_error'));
    await closed.giveBack();
  });

  test('a name that does not resolve', async () => {
    expect(await send('/ok', { baseUrl: 'http://no-such-host.invalid' })).toEqual(failsWith('dns', 'provider_error'));
  });

  test('a server that speaks no TLS', async () => {
    expect(await send('/ok', { baseUrl: server.origin.replace('http:', 'https:') })).toEqual(
      failsWith('tls', 'provider_error'),
    );
  });

  test('a handshake that never ends', async () => {
    const silent = createTcpServer((socket) => socket.on('error', () => {}).resume());
    await new Promise<void>((resolve) => {
      silent.listen(0, '127.0.0.1', resolve);
    });
    const address = silent.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const ended = await send('/ok', { baseUrl: `https://127.0.0.1:${port}`, timeouts: { connectMs: 60 } });
    expect(ended).toEqual(failsWith('connect_timeout', 'provider_timeout'));
    await pools.destroy();
    await new Promise((resolve) => {
      silent.close(resolve);
    });
  });

  test('a secret that is no header value is not sent and not shown', async () => {
    const ended = await send('/ok', { credentials: { authorization: 'Bearer sk-1\r\nx: y' } });
    expect(ended).toEqual(failsWith('unsendable', 'provider_error'));
    expect(JSON.stringify(ended)).not.toContain('sk-1');
  });

  test('a closed pool', async () => {
    pools.poolFor(server.origin, 20_000, 'test');
    await pools.close();
    expect(await send('/ok')).toEqual(failsWith('closed', 'no_healthy_provider'));
    const never = server.origin.replace('127.0.0.1', 'localhost');
    expect(await send('/ok', { baseUrl: never })).toEqual(failsWith('closed', 'no_healthy_provider'));
  });
});

describe('giving up', () => {
  const call = (path: string) => ({
    provider: testProvider(server.origin),
    carried: { path, body: Buffer.from('{}'), headers: {} },
    credentials: {},
    remainingMs: 60_000,
  });

  test('closes the socket at once, and the sink hears of it before the call returns', async () => {
    const ends: (string | undefined)[] = [];
    const collector = createAnswerCollector(limits, ({ failure }) => ends.push(failure?.kind));
    const exchange = transport.send(call('/hang'), collector);
    await server.requestCount(1);
    exchange.abort();
    expect(ends).toEqual(['cancelled']);
    exchange.abort();
    exchange.pause();
    exchange.resume();
    await server.allClosed();
    expect(ends).toEqual(['cancelled']);
  });

  test('before there is a socket sends nothing', async () => {
    const narrow = createUpstreamPools({ ...limits, connectionsPerOrigin: 1 });
    const through = createUpstreamTransport({ pools: narrow, clock: systemClock, timers: systemTimers, limits });
    const ends: (string | undefined)[] = [];
    const collect = () => createAnswerCollector(limits, ({ failure }) => ends.push(failure?.kind));
    const first = through.send(call('/hang'), collect());
    const second = through.send(call('/ok'), collect());
    second.abort();
    await server.requestCount(1);
    first.abort();
    await narrow.close();
    await server.allClosed();
    expect(ends).toEqual(['cancelled', 'cancelled']);
    expect(server.requests('/ok')).toBe(0);
  });
});

describe('back-pressure', () => {
  test('a paused request holds the upstream back, however much it would send, and its idle time does not run', async () => {
    let received = 0;
    let ended = '';
    let hasPaused = false;
    const paused = Promise.withResolvers<void>();
    const resumed = Promise.withResolvers<void>();
    const exchange = transport.send(
      {
        provider: testProvider(server.origin, { timeouts: { idleMs: 40 } }),
        carried: { path: '/flood', body: Buffer.from('{}'), headers: {} },
        credentials: {},
        remainingMs: 60_000,
      },
      {
        onHead: () => {},
        onChunk(chunk) {
          received += chunk.length;
          if (received >= 8 * 1024 * 1024) resumed.resolve();
          else if (received >= 256 * 1024 && !hasPaused) {
            hasPaused = true;
            exchange.pause();
            paused.resolve();
          }
        },
        onEnd: () => {
          ended = 'end';
        },
        onFailure(failure) {
          ended = failure.kind;
        },
      },
    );
    await paused.promise;
    const receivedAtPause = received;
    await silence(() => server.floodedBytes());
    expect(received).toBe(receivedAtPause);
    expect(ended).toBe('');
    // What is sent and not received lies in the sockets' buffers alone.
    expect(server.floodedBytes() - received).toBeLessThan(16 * 1024 * 1024);
    exchange.resume();
    await resumed.promise;
    exchange.abort();
    expect(ended).toBe('cancelled');
    await server.allClosed();
  });
});

/** Settles when a reading has not changed over ten looks, 10 ms apart: the other side has come to rest. */
async function silence(read: () => number): Promise<void> {
  let last = -1;
  for (let same = 0; same < 10; ) {
    await new Promise<void>((resolve) => {
      systemTimers.after(10, resolve);
    });
    same = read() === last ? same + 1 : 0;
    last = read();
  }
}

describe('pools', () => {
  test('the least recently used origin makes room for a new one, and finishes what it has', async () => {
    const other = await startFaultServer();
    const few = createUpstreamPools({ ...limits, origins: 1 });
    const through = createUpstreamTransport({ pools: few, clock: systemClock, timers: systemTimers, limits });
    const done = (origin: string, path: string) =>
      new Promise<Ended>((resolve) => {
        const collector = createAnswerCollector(limits, resolve);
        collector.exchange = through.send(
          {
            provider: testProvider(origin),
            carried: { path, body: Buffer.from('{}'), headers: {} },
            credentials: {},
            remainingMs: 60_000,
          },
          collector,
        );
      });
    const first = done(server.origin, '/early-hints');
    const second = done(other.origin, '/ok');
    expect((await first).answer?.status).toBe(200);
    expect((await second).answer?.status).toBe(200);
    expect(few.stats().map(({ origin }) => origin)).toEqual([other.origin]);
    await few.close();
    await server.allClosed();
    await other.close();
  });
});
