// Owns: the proof, from client to upstream on real sockets, that a relayed stream is whole, paced by its reader, and settled once.

import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { systemClock } from '../../primitives/clock.ts';
import { createSeededRandom } from '../../primitives/random.ts';
import type { AttemptsOutcome } from '../upstream/attempt-target.ts';
import { createUpstream, type Upstream } from '../upstream/create-upstream.ts';
import { type FaultServer, startFaultServer } from '../upstream/testing/fault-server.ts';
import { TEST_LIMITS, testProvider } from '../upstream/testing/provider.ts';
import { TEXT_INPUT, textCarrier } from '../upstream/testing/text-carrier.ts';
import { systemTimers } from '../upstream/timers.ts';
import { watchClient } from './client-connection.ts';
import { type RelayControl, type RelayOptions, type RelayOutcome, relayStream } from './stream-relay.ts';

let faults: FaultServer;
let upstream: Upstream;
let gateway: Server;
/** The gateway's side of each call, in the order of arrival. */
let responses: ServerResponse[];
/** How each call was settled: by the relay's end, or before there was a stream. */
let settled: (RelayOutcome | AttemptsOutcome | Error)[];
let onSettled: (() => void) | null;
let options: Partial<RelayOptions>;

async function serve(path: string, response: ServerResponse): Promise<RelayOutcome | AttemptsOutcome> {
  const client = watchClient(response);
  const outcome = await upstream.run({
    targets: [
      {
        provider: testProvider(faults.origin),
        modelId: 'model',
        credentialId: 'platform',
        prepare: () => ({
          carrier: textCarrier,
          input: TEXT_INPUT,
          carried: { path, body: Buffer.from('{}'), headers: {} },
          credentials: {},
        }),
      },
    ],
    isStream: true,
    cancellation: client,
  });
  if (outcome.kind !== 'stream') {
    if (!response.destroyed) response.writeHead(502).end();
    return outcome;
  }
  return relayStream({
    stream: outcome.stream,
    response,
    client,
    head: { status: 200, headers: { 'content-type': 'text/event-stream' } },
    clock: systemClock,
    timers: systemTimers,
    trailer: () => ({ costUsd: null, requestId: 'req-1' }),
    ...options,
  });
}

beforeEach(async () => {
  faults = await startFaultServer();
  upstream = createUpstream({ clock: systemClock, random: createSeededRandom(1), limits: TEST_LIMITS });
  responses = [];
  settled = [];
  onSettled = null;
  options = {};
  gateway = createServer((incoming, response) => {
    responses.push(response);
    response.on('error', () => {});
    serve(incoming.url ?? '', response)
      .catch((error: Error) => error)
      .then((outcome) => {
        settled.push(outcome);
        onSettled?.();
      });
  });
  await new Promise<void>((resolve) => {
    gateway.listen(0, '127.0.0.1', resolve);
  });
});

afterEach(async () => {
  await settledCount(responses.length);
  // Each call was settled once, its place at the provider given back, its upstream socket closed or free again.
  expect(settled).toHaveLength(responses.length);
  expect(upstream.inFlight()).toBe(0);
  expect(upstream.health().every(({ inFlight }) => inFlight === 0)).toBe(true);
  await upstream.close();
  await faults.allClosed();
  await faults.close();
  gateway.closeAllConnections();
  await new Promise((resolve) => {
    gateway.close(resolve);
  });
});

function settledCount(count: number): Promise<void> {
  return new Promise((resolve) => {
    const check = (): void => {
      if (settled.length >= count) resolve();
    };
    onSettled = check;
    check();
  });
}

interface Client {
  readonly response: IncomingMessage;
  leave(): void;
}

/** Calls the gateway; settles with the head of the answer. Reads nothing of the body until told. */
function call(path: string): Promise<Client> {
  return new Promise((resolve, reject) => {
    const outgoing = request({ host: '127.0.0.1', port: (gateway.address() as AddressInfo).port, path, agent: false });
    outgoing.once('error', reject);
    outgoing.once('response', (response) => {
      response.on('error', () => {});
      resolve({ response, leave: () => outgoing.destroy() });
    });
    outgoing.end();
  });
}

/** The whole body, or what there was of it when the gateway broke off (marked `✂`). */
async function readBody({ response }: Client): Promise<string> {
  const pieces: Buffer[] = [];
  try {
    for await (const piece of response) pieces.push(piece);
  } catch {
    pieces.push(Buffer.from('✂'));
  }
  return Buffer.concat(pieces).toString();
}

/** Reads until `text` has come. */
function readUntil({ response }: Client, text: string): Promise<void> {
  return new Promise((resolve) => {
    let seen = '';
    response.on('data', function take(piece: Buffer) {
      seen += piece.toString();
      if (!seen.endsWith(text)) return;
      response.off('data', take);
      resolve();
    });
  });
}

/** Settles when a reading has come to rest. */
async function rest(read: () => number): Promise<void> {
  let last = -1;
  for (let same = 0; same < 10; ) {
    await new Promise<void>((resolve) => {
      systemTimers.after(10, resolve);
    });
    same = read() === last ? same + 1 : 0;
    last = read();
  }
}

describe('a relayed stream', () => {
  test('is the same bytes in order, with the trailer at its end', async () => {
    expect(await readBody(await call('/stream'))).toBe('onetwo|end req-1');
    await settledCount(1);
    expect(settled).toMatchObject([{ outcome: 'complete', failure: null, bytesOut: 'onetwo|end req-1'.length }]);
    expect((settled[0] as RelayOutcome).firstTokenAtMs).toBeGreaterThan(0);
  });

  test('gives each piece before the next one is there', async () => {
    const calling = call('/step');
    await faults.requestCount(1);
    faults.step('one');
    const client = await calling;
    await readUntil(client, 'one');
    faults.step('two');
    await readUntil(client, 'two');
    faults.step(null);
    await readUntil(client, '|end req-1');
  });

  test('ends with an error in its own shape when the upstream breaks off', async () => {
    expect(await readBody(await call('/reset-after'))).toBe('one|failed provider_error');
    expect(await readBody(await call('/error-event-late'))).toBe(
      'one|end req-1'.replace('|end req-1', '|failed provider_error'),
    );
    await settledCount(2);
    for (const end of settled)
      expect(end).toMatchObject({ outcome: 'upstream_failed', failure: { code: 'provider_error' } });
  });

  test('keeps its last bytes back until the trailer is there', async () => {
    const booked = Promise.withResolvers<{ costUsd: string; requestId: string }>();
    options = { trailer: () => booked.promise };
    const client = await call('/stream');
    await readUntil(client, 'two');
    expect(settled).toEqual([]);
    booked.resolve({ costUsd: '1', requestId: 'req-2' });
    await readUntil(client, '|end req-2');
  });

  test('is broken off, never ended as if whole, when the trailer fails', async () => {
    options = { trailer: () => Promise.reject(new Error('ledger')) };
    expect(await readBody(await call('/stream'))).toBe('onetwo✂');
    options = {
      trailer: () => {
        throw new Error('ledger');
      },
    };
    expect(await readBody(await call('/stream'))).toBe('onetwo✂');
    await settledCount(2);
    expect(settled).toEqual([new Error('ledger'), new Error('ledger')]);
  });
});

describe('a stream that the gateway ends', () => {
  test('is cut cleanly in the middle, and the upstream closed', async () => {
    options = {
      onProgress: (bound, control) => {
        if (bound >= 100_000) control.cut({ code: 'user_limit_exceeded', message: '' });
      },
    };
    const body = await readBody(await call('/flood'));
    expect(body.endsWith('|cut user_limit_exceeded')).toBe(true);
    await faults.allClosed();
    expect(settled).toMatchObject([{ outcome: 'cut', failure: null }]);
  });

  test('can be ended from outside at any time', async () => {
    let control: RelayControl | null = null;
    options = {
      onStart: (given) => {
        control = given;
      },
    };
    const client = await call('/stall');
    await readUntil(client, 'one');
    (control as RelayControl | null)?.cut({ code: 'revoked_key', message: '' });
    expect(await readBody(client)).toBe('|cut revoked_key');
    (control as RelayControl | null)?.cut({ code: 'revoked_key', message: '' });
  });

  test('is held while a hold is extended, and goes on after it', async () => {
    let held: RelayControl | null = null;
    options = {
      onProgress: (_bound, control) => {
        if (held !== null) return;
        held = control;
        control.pause();
      },
    };
    const client = await call('/flood');
    client.response.resume();
    await rest(() => faults.floodedBytes());
    const before = faults.floodedBytes();
    (held as RelayControl | null)?.resume();
    await new Promise<void>((resolve) => {
      client.response.on('data', () => {
        if (faults.floodedBytes() > before + 1024 * 1024) resolve();
      });
    });
    client.leave();
  });
});

describe('a client that leaves', () => {
  test('in the middle of a stream closes the upstream at once', async () => {
    const client = await call('/stall');
    await readUntil(client, 'one');
    client.leave();
    await faults.allClosed();
    expect(settled).toMatchObject([{ outcome: 'client_gone', failure: null }]);
  });

  test('while its last bytes wait for the trailer changes nothing of the outcome', async () => {
    const booked = Promise.withResolvers<{ costUsd: null; requestId: string }>();
    options = { trailer: () => booked.promise };
    const client = await call('/stream');
    await readUntil(client, 'two');
    const closed = new Promise((resolve) => responses[0]?.once('close', resolve));
    client.leave();
    await closed;
    booked.resolve({ costUsd: null, requestId: 'req-1' });
    await settledCount(1);
    expect(settled).toMatchObject([{ outcome: 'complete' }]);
  });

  test('at any moment is settled once', async () => {
    const chance = createSeededRandom(7);
    const paths = ['/stream', '/split', '/stall', '/flood', '/reset-after', '/stream-reset-once'];
    const calls = Array.from({ length: 120 }, (_, index) => paths[index % paths.length] ?? '/stream');
    await Promise.all(
      calls.map(async (path) => {
        const calling = call(path).catch(() => null);
        const leaves = chance.below(30);
        const client = await calling;
        client?.response.resume();
        await new Promise<void>((resolve) => {
          systemTimers.after(leaves, resolve);
        });
        client?.leave();
      }),
    );
    await settledCount(calls.length);
    expect(settled.filter((end) => end instanceof Error)).toEqual([]);
  });
});

describe('a client that reads slowly', () => {
  test('holds the upstream back, in bounded memory, and then gets every byte in order', async () => {
    const client = await call('/flood');
    await rest(() => faults.floodedBytes());
    const flooded = faults.floodedBytes();
    expect(responses[0]?.writableLength).toBeGreaterThan(0);
    expect(responses[0]?.writableLength).toBeLessThan(256 * 1024);
    // Everything else lies in the system's socket buffers, on both sides.
    await rest(() => faults.floodedBytes());
    expect(faults.floodedBytes()).toBe(flooded);
    let received = 0;
    await new Promise<void>((resolve) => {
      client.response.on('data', (piece: Buffer) => {
        expect(piece.every((byte) => byte === 0x78)).toBe(true);
        received += piece.length;
        if (received > 2 * flooded) resolve();
      });
    });
    client.leave();
    await settledCount(1);
    expect(settled).toMatchObject([{ outcome: 'client_gone' }]);
  });

  test('does not slow others down', async () => {
    const slow = await call('/flood');
    await rest(() => faults.floodedBytes());
    for (let other = 0; other < 10; other += 1) expect(await readBody(await call('/stream'))).toBe('onetwo|end req-1');
    slow.leave();
  });

  test('and takes nothing within the limit is cut off, and its upstream closed', async () => {
    options = { limits: { stallMs: 60 } };
    await call('/flood');
    await settledCount(1);
    expect(settled).toMatchObject([{ outcome: 'client_gone' }]);
    await faults.allClosed();
  });

  test('and takes nothing of the last bytes is cut off too, after the call was settled', async () => {
    options = { limits: { stallMs: 60 }, trailer: () => ({ costUsd: null, requestId: 'x'.repeat(32 * 1024 * 1024) }) };
    const client = await call('/stream');
    await settledCount(1);
    expect(settled).toMatchObject([{ outcome: 'complete' }]);
    await new Promise((resolve) => responses[0]?.once('close', resolve));
    expect(responses[0]?.writableFinished).toBe(false);
    client.leave();
  });
});
