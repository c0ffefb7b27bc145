// Owns: the proof that a call is tried as its rules say, on real sockets. Not: the health of providers over many calls (provider-health.test.ts).

import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { WeirError } from '../../primitives/errors.ts';
import type { AttemptTarget } from './attempt-target.ts';
import { neverCancelled } from './cancellation.ts';
import type { UpstreamLimits } from './limits.ts';
import { createManualCancellation } from './testing/manual-cancellation.ts';
import { TEST_LIMITS, testProvider } from './testing/provider.ts';
import { textCarrier } from './testing/text-carrier.ts';
import { readAll, startUpstream, triedIn, type UpstreamHarness } from './testing/upstream-harness.ts';
import { systemTimers } from './timers.ts';

let harness: UpstreamHarness;

async function restart(limits: Partial<UpstreamLimits> = {}, onWait?: () => void): Promise<void> {
  await harness.stop();
  harness = await startUpstream(limits, onWait);
}

beforeEach(async () => {
  harness = await startUpstream();
});

afterEach(async () => {
  await harness.stop();
});

describe('a whole answer', () => {
  test('comes at the first attempt where nothing is wrong, and nothing is waited for', async () => {
    const outcome = await harness.complete(harness.target('/ok'));
    expect(outcome).toMatchObject({ kind: 'complete', status: 200, answer: { body: Buffer.from('{"ok":true}') } });
    expect(triedIn(outcome)).toEqual([['first', 200, null]]);
    expect(harness.waits).toEqual([]);
  });

  test('comes at the second attempt after a reset, and both are recorded', async () => {
    const outcome = await harness.complete(harness.target('/reset-once'));
    expect(outcome.kind).toBe('complete');
    expect(triedIn(outcome)).toEqual([
      ['first', null, 'provider_error'],
      ['first', 200, null],
    ]);
    expect(harness.waits).toHaveLength(1);
    expect(outcome.attempts.every(({ latencyMs }) => latencyMs >= 0)).toBe(true);
  });

  test('that never comes is tried three times and no more', async () => {
    const outcome = await harness.complete(harness.target('/500'));
    expect(outcome).toMatchObject({ kind: 'failed', failure: { code: 'provider_error', status: 500 } });
    expect(harness.server.requests('/500')).toBe(3);
  });

  test.each(['/html', '/bad-json', '/compressed'])('that is none (%s) is the provider’s failure', async (path) => {
    const outcome = await harness.complete(harness.target(path), harness.target('/ok', { id: 'second' }));
    expect(outcome).toMatchObject({ kind: 'complete', target: { modelId: 'second-model' } });
    expect(triedIn(outcome)[0]).toEqual(['first', 200, 'provider_error']);
  });

  test("the caller's own mistake is answered at once, and not asked of a fallback", async () => {
    const outcome = await harness.complete(harness.target('/bad-request'), harness.target('/ok', { id: 'second' }));
    expect(outcome).toMatchObject({ kind: 'failed', failure: { callerFault: true, status: 400 } });
    expect(harness.server.requests('/ok')).toBe(0);
  });

  test('a short Retry-After is waited for in full', async () => {
    await harness.complete(harness.target('/429'));
    expect(harness.waits).toHaveLength(2);
    for (const waitMs of harness.waits) expect(waitMs).toBeGreaterThanOrEqual(1_000);
  });

  test('a long Retry-After is not waited for: the fallback is asked, and without one the caller is told', async () => {
    expect(await harness.complete(harness.target('/429-long'), harness.target('/ok', { id: 'second' }))).toMatchObject({
      kind: 'complete',
      target: { modelId: 'second-model' },
    });
    expect(await harness.complete(harness.target('/429-long', { id: 'third' }))).toMatchObject({
      kind: 'failed',
      failure: { status: 429, retryAfterSeconds: 3_600 },
    });
    expect(harness.waits).toEqual([]);
  });

  test('a hang goes to the fallback without another wait for the same', async () => {
    const outcome = await harness.complete(
      harness.target('/hang', { timeouts: { firstByteMs: 30 } }),
      harness.target('/ok', { id: 'second' }),
    );
    expect(outcome.kind).toBe('complete');
    expect(harness.server.requests('/hang')).toBe(1);
    expect(triedIn(outcome)[0]).toEqual(['first', null, 'provider_timeout']);
  });

  test("the first target's total time bounds the whole call, fallbacks included", async () => {
    const outcome = await harness.complete(
      harness.target('/hang', { timeouts: { firstByteMs: 30, totalMs: 80 } }),
      harness.target('/hang', { id: 'second' }),
    );
    expect(outcome).toMatchObject({ kind: 'failed', failure: { code: 'provider_timeout', kind: 'total_timeout' } });
  });

  test('no call makes more attempts than its most, however many targets it has', async () => {
    const targets = ['a', 'b', 'c', 'd', 'e'].map((id) => harness.target('/500', { id }));
    const outcome = await harness.complete(...targets);
    expect(outcome.attempts).toHaveLength(TEST_LIMITS.attemptsPerCall);
  });
});

describe('what a target cannot carry', () => {
  const uncarriable = (id: string): AttemptTarget => ({
    ...harness.target('/ok', { id }),
    prepare() {
      throw new WeirError('unsupported_parameter', { param: 'logprobs' });
    },
  });

  test("is the caller's error at the first target, and skips a fallback", async () => {
    await expect(harness.complete(uncarriable('first'), harness.target('/ok', { id: 'second' }))).rejects.toMatchObject(
      {
        param: 'logprobs',
      },
    );
    const outcome = await harness.complete(
      harness.target('/html', { id: 'a' }),
      uncarriable('b'),
      harness.target('/ok', { id: 'c' }),
    );
    expect(outcome).toMatchObject({ kind: 'complete', target: { modelId: 'c-model' } });
  });
});

describe('a fault of our own', () => {
  test('reaches the caller as it is, and keeps no place at the provider', async () => {
    const faulty = (changes: Partial<typeof textCarrier>): AttemptTarget => {
      const sound = harness.target('/ok');
      return { ...sound, prepare: () => ({ ...sound.prepare(), carrier: { ...textCarrier, ...changes } }) };
    };
    const complete = () => {
      throw new TypeError('a bug');
    };
    for (const isStream of [false, true]) {
      const wrong = { ...harness.target('/ok'), provider: testProvider('not a URL') };
      await expect(harness.upstream.run({ targets: [wrong], isStream, cancellation: neverCancelled })).rejects.toThrow(
        TypeError,
      );
    }
    await expect(
      harness.upstream.run({ targets: [faulty({ complete })], isStream: false, cancellation: neverCancelled }),
    ).rejects.toThrow('a bug');
    for (const entry of harness.upstream.health()) expect(entry).toMatchObject({ mode: 'closed', inFlight: 0 });
  });
});

describe('a stream', () => {
  test('is handed over with its first bytes, and gives everything once in order', async () => {
    const outcome = await harness.stream(harness.target('/stream'));
    expect(triedIn(outcome)).toEqual([['first', 200, null]]);
    expect(await readAll(outcome)).toBe('onetwo|end');
  });

  test('split at every byte is the same stream', async () => {
    expect(await readAll(await harness.stream(harness.target('/split')))).toBe('größer 🙂|end');
  });

  test.each([
    [
      '/stream-reset-once',
      [
        ['first', 200, 'provider_error'],
        ['first', 200, null],
      ],
    ],
  ])('that breaks before its first bytes is tried again (%s)', async (path, attempts) => {
    const outcome = await harness.stream(harness.target(path));
    expect(triedIn(outcome)).toEqual(attempts);
    expect(await readAll(outcome)).toBe('one|end');
  });

  test.each(['/reset-before', '/reset-after-head', '/html', '/ok', '/empty-stream', '/error-event', '/500'])(
    'that never begins (%s) goes to the fallback',
    async (path) => {
      const outcome = await harness.stream(harness.target(path), harness.target('/stream', { id: 'second' }));
      expect(outcome).toMatchObject({ kind: 'stream', target: { modelId: 'second-model' } });
      expect(await readAll(outcome)).toBe('onetwo|end');
    },
  );

  test.each(['/reset-after', '/stall'])('that breaks after its first bytes (%s) is not tried again', async (path) => {
    const outcome = await harness.stream(
      harness.target(path, { timeouts: { idleMs: 40 } }),
      harness.target('/stream', { id: 'second' }),
    );
    expect(await readAll(outcome)).toBe(path === '/stall' ? 'one|provider_timeout' : 'one|provider_error');
    expect(harness.server.requests('/stream')).toBe(0);
    expect(outcome.attempts).toHaveLength(1);
  });

  test('holds its place at the provider until its end, also when nobody reads it and it is aborted', async () => {
    const outcome = await harness.stream(harness.target('/stall'));
    expect(harness.upstream.health()).toMatchObject([{ inFlight: 1 }]);
    if (outcome.kind === 'stream') outcome.stream.abort();
    expect(harness.upstream.health()).toMatchObject([{ inFlight: 0 }]);
    await harness.server.allClosed();
  });

  test('whose text has no end is cut off where a whole answer would be', async () => {
    const completeBodyBytes = 256 * 1024;
    await restart({ completeBodyBytes });
    const text = await readAll(await harness.stream(harness.target('/flood')));
    expect(text.slice(-15)).toBe('|provider_error');
    expect(text.length).toBeGreaterThan(completeBodyBytes);
    expect(text.length).toBeLessThan(2 * completeBodyBytes);
    await harness.server.allClosed();
  });

  test('that nobody reads yet holds the upstream back', async () => {
    const outcome = await harness.stream(harness.target('/flood'));
    let before = -1;
    while (before !== harness.server.floodedBytes()) {
      before = harness.server.floodedBytes();
      await new Promise<void>((resolve) => {
        systemTimers.after(50, resolve);
      });
    }
    if (outcome.kind !== 'stream') throw new Error('There is no stream.');
    let received = 0;
    const failed = new Promise((resolve) => {
      outcome.stream.read({
        onBytes(bytes) {
          received += bytes.length;
          if (received > 8 * 1024 * 1024) outcome.stream.abort();
        },
        onEnd: () => resolve('end'),
        onFailure: ({ code }) => resolve(code),
      });
    });
    // What had been taken in before there was a reader is little; the rest waited in the sockets.
    expect(received).toBeLessThan(256 * 1024);
    expect(await failed).toBe('request_cancelled');
  });
});

describe('giving up', () => {
  test('while the upstream works closes its socket and makes no other attempt', async () => {
    const client = createManualCancellation();
    const running = harness.upstream.run({
      targets: [harness.target('/hang'), harness.target('/ok', { id: 'second' })],
      isStream: false,
      cancellation: client,
    });
    await harness.server.requestCount(1);
    client.cancel();
    expect(await running).toMatchObject({ kind: 'cancelled', attempts: [{ failure: { code: 'request_cancelled' } }] });
    await harness.server.allClosed();
    expect(harness.server.requests('/ok')).toBe(0);
    expect(client.listeners()).toBe(0);
    expect(harness.upstream.health()).toMatchObject([{ mode: 'closed' }]);
  });

  test('in the wait before another attempt ends the wait', async () => {
    const client = createManualCancellation();
    await restart({}, () => client.cancel());
    const outcome = await harness.upstream.run({
      targets: [harness.target('/429')],
      isStream: false,
      cancellation: client,
    });
    expect(outcome).toMatchObject({ kind: 'cancelled', attempts: [{ status: 429 }] });
    expect(client.listeners()).toBe(0);
  });

  test('before the first attempt sends nothing', async () => {
    const client = createManualCancellation();
    client.cancel();
    expect(
      await harness.upstream.run({ targets: [harness.target('/ok')], isStream: false, cancellation: client }),
    ).toEqual({
      kind: 'cancelled',
      attempts: [],
    });
    expect(harness.server.requests('/ok')).toBe(0);
  });
});
