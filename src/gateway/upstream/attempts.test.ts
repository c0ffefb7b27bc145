import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Clock, systemClock } from '../../primitives/clock.ts';
import { WeirError } from '../../primitives/errors.ts';
import { createSeededRandom } from '../../primitives/random.ts';
import type { AttemptsOutcome, AttemptTarget } from './attempt-target.ts';
import { neverCancelled } from './cancellation.ts';
import { createUpstream, type Upstream } from './create-upstream.ts';
import type { UpstreamLimits } from './limits.ts';
import { type FaultServer, startFaultServer } from './testing/fault-server.ts';
import { createManualCancellation } from './testing/manual-cancellation.ts';
import { TEST_LIMITS, testProvider } from './testing/provider.ts';
import { TEXT_INPUT, textCarrier } from './testing/text-carrier.ts';
import { systemTimers, type Timers } from './timers.ts';

let server: FaultServer;
let upstream: Upstream;
/** Waits asked for, in milliseconds; each is over at once, and the clock has moved on by it. The watch's ticks are real. */
let waits: number[];
let skippedMs = 0;

const clock: Clock = {
  nowMs: () => systemClock.nowMs() + skippedMs,
  monotonicMs: () => systemClock.monotonicMs() + skippedMs,
};

const quickTimers: Timers = {
  after(delayMs, run) {
    if (delayMs === TEST_LIMITS.deadlineTickMs) return systemTimers.after(delayMs, run);
    waits.push(delayMs);
    return systemTimers.after(0, () => {
      skippedMs += delayMs;
      run();
    });
  },
};

function start(limits: Partial<UpstreamLimits> = {}): void {
  upstream = createUpstream({
    clock,
    random: createSeededRandom(1),
    timers: quickTimers,
    limits: { ...TEST_LIMITS, ...limits },
  });
}

beforeEach(async () => {
  server = await startFaultServer();
  waits = [];
  start();
});

afterEach(async () => {
  // Whatever happened, every place was given back and nothing is left under way.
  expect(upstream.health().map(({ inFlight, waiting }) => inFlight + waiting)).toEqual(upstream.health().map(() => 0));
  expect(upstream.inFlight()).toBe(0);
  await upstream.close();
  await server.allClosed();
  await server.close();
});

interface TargetOptions {
  readonly id?: string;
  readonly timeouts?: Partial<Record<'connectMs' | 'firstByteMs' | 'idleMs' | 'totalMs', number>>;
  readonly credentialId?: string;
}

function target(
  path: string,
  { id = 'first', timeouts = {}, credentialId = 'platform' }: TargetOptions = {},
): AttemptTarget {
  return {
    provider: testProvider(server.origin, { id, timeouts }),
    modelId: `${id}-model`,
    credentialId,
    prepare: () => ({
      carrier: textCarrier,
      input: TEXT_INPUT,
      carried: { path, body: Buffer.from('{}'), headers: {} },
      credentials: {},
    }),
  };
}

const complete = (...targets: AttemptTarget[]) =>
  upstream.run({ targets, isStream: false, cancellation: neverCancelled });
const stream = (...targets: AttemptTarget[]) => upstream.run({ targets, isStream: true, cancellation: neverCancelled });

const tried = ({ attempts }: AttemptsOutcome) =>
  attempts.map(({ providerId, status, failure }) => [providerId, status, failure?.code ?? null]);

/** All that a stream gives, and how it ends. */
function readAll(outcome: AttemptsOutcome): Promise<string> {
  if (outcome.kind !== 'stream') throw new Error(`The outcome is ${outcome.kind}.`);
  return new Promise((resolve) => {
    let text = '';
    outcome.stream.read({
      onBytes: (bytes) => {
        text += bytes.toString();
      },
      onEnd: () => resolve(`${text}|end`),
      onFailure: ({ code }) => resolve(`${text}|${code}`),
    });
  });
}

describe('a whole answer', () => {
  test('comes at the first attempt where nothing is wrong, and nothing is waited for', async () => {
    const outcome = await complete(target('/ok'));
    expect(outcome).toMatchObject({ kind: 'complete', status: 200, answer: { body: Buffer.from('{"ok":true}') } });
    expect(tried(outcome)).toEqual([['first', 200, null]]);
    expect(waits).toEqual([]);
  });

  test('comes at the second attempt after a reset, and both are recorded', async () => {
    const outcome = await complete(target('/reset-once'));
    expect(outcome.kind).toBe('complete');
    expect(tried(outcome)).toEqual([
      ['first', null, 'provider_error'],
      ['first', 200, null],
    ]);
    expect(waits).toHaveLength(1);
    expect(outcome.attempts.every(({ latencyMs }) => latencyMs >= 0)).toBe(true);
  });

  test('that never comes is tried three times and no more', async () => {
    const outcome = await complete(target('/500'));
    expect(outcome).toMatchObject({ kind: 'failed', failure: { code: 'provider_error', status: 500 } });
    expect(server.requests('/500')).toBe(3);
  });

  test.each(['/html', '/bad-json', '/compressed'])('that is none (%s) is the provider’s failure', async (path) => {
    const outcome = await complete(target(path), target('/ok', { id: 'second' }));
    expect(outcome).toMatchObject({ kind: 'complete', target: { modelId: 'second-model' } });
    expect(tried(outcome)[0]).toEqual(['first', 200, 'provider_error']);
  });

  test("the caller's own mistake is answered at once, and not asked of a fallback", async () => {
    const outcome = await complete(target('/bad-request'), target('/ok', { id: 'second' }));
    expect(outcome).toMatchObject({ kind: 'failed', failure: { callerFault: true, status: 400 } });
    expect(server.requests('/ok')).toBe(0);
  });

  test('a short Retry-After is waited for in full', async () => {
    await complete(target('/429'));
    expect(waits).toHaveLength(2);
    for (const waitMs of waits) expect(waitMs).toBeGreaterThanOrEqual(1_000);
  });

  test('a long Retry-After is not waited for: the fallback is asked, and without one the caller is told', async () => {
    expect(await complete(target('/429-long'), target('/ok', { id: 'second' }))).toMatchObject({
      kind: 'complete',
      target: { modelId: 'second-model' },
    });
    expect(await complete(target('/429-long', { id: 'third' }))).toMatchObject({
      kind: 'failed',
      failure: { status: 429, retryAfterSeconds: 3_600 },
    });
    expect(waits).toEqual([]);
  });

  test('a hang goes to the fallback without another wait for the same', async () => {
    const outcome = await complete(target('/hang', { timeouts: { firstByteMs: 30 } }), target('/ok', { id: 'second' }));
    expect(outcome.kind).toBe('complete');
    expect(server.requests('/hang')).toBe(1);
    expect(tried(outcome)[0]).toEqual(['first', null, 'provider_timeout']);
  });

  test("the first target's total time bounds the whole call, fallbacks included", async () => {
    const outcome = await complete(
      target('/hang', { timeouts: { firstByteMs: 30, totalMs: 80 } }),
      target('/hang', { id: 'second' }),
    );
    expect(outcome).toMatchObject({ kind: 'failed', failure: { code: 'provider_timeout', kind: 'total_timeout' } });
  });

  test('no call makes more attempts than its most, however many targets it has', async () => {
    const targets = ['a', 'b', 'c', 'd', 'e'].map((id) => target('/500', { id }));
    const outcome = await complete(...targets);
    expect(outcome.attempts).toHaveLength(TEST_LIMITS.attemptsPerCall);
  });
});

describe('what a target cannot carry', () => {
  const uncarriable = (id: string): AttemptTarget => ({
    ...target('/ok', { id }),
    prepare() {
      throw new WeirError('unsupported_parameter', { param: 'logprobs' });
    },
  });

  test("is the caller's error at the first target, and skips a fallback", async () => {
    await expect(complete(uncarriable('first'), target('/ok', { id: 'second' }))).rejects.toMatchObject({
      param: 'logprobs',
    });
    const outcome = await complete(target('/html', { id: 'a' }), uncarriable('b'), target('/ok', { id: 'c' }));
    expect(outcome).toMatchObject({ kind: 'complete', target: { modelId: 'c-model' } });
  });
});

describe('a stream', () => {
  test('is handed over with its first bytes, and gives everything once in order', async () => {
    const outcome = await stream(target('/stream'));
    expect(tried(outcome)).toEqual([['first', 200, null]]);
    expect(await readAll(outcome)).toBe('onetwo|end');
  });

  test('split at every byte is the same stream', async () => {
    expect(await readAll(await stream(target('/split')))).toBe('größer 🙂|end');
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
    const outcome = await stream(target(path));
    expect(tried(outcome)).toEqual(attempts);
    expect(await readAll(outcome)).toBe('one|end');
  });

  test.each(['/reset-before', '/reset-after-head', '/html', '/ok', '/empty-stream', '/error-event', '/500'])(
    'that never begins (%s) goes to the fallback',
    async (path) => {
      const outcome = await stream(target(path), target('/stream', { id: 'second' }));
      expect(outcome).toMatchObject({ kind: 'stream', target: { modelId: 'second-model' } });
      expect(await readAll(outcome)).toBe('onetwo|end');
    },
  );

  test.each(['/reset-after', '/stall'])('that breaks after its first bytes (%s) is not tried again', async (path) => {
    const outcome = await stream(target(path, { timeouts: { idleMs: 40 } }), target('/stream', { id: 'second' }));
    expect(await readAll(outcome)).toBe(path === '/stall' ? 'one|provider_timeout' : 'one|provider_error');
    expect(server.requests('/stream')).toBe(0);
    expect(outcome.attempts).toHaveLength(1);
  });

  test('holds its place at the provider until its end, also when nobody reads it and it is aborted', async () => {
    const outcome = await stream(target('/stall'));
    expect(upstream.health()).toMatchObject([{ inFlight: 1 }]);
    if (outcome.kind === 'stream') outcome.stream.abort();
    expect(upstream.health()).toMatchObject([{ inFlight: 0 }]);
    await server.allClosed();
  });

  test('that nobody reads yet holds the upstream back', async () => {
    const outcome = await stream(target('/flood'));
    let before = -1;
    while (before !== server.floodedBytes()) {
      before = server.floodedBytes();
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
    const running = upstream.run({
      targets: [target('/hang'), target('/ok', { id: 'second' })],
      isStream: false,
      cancellation: client,
    });
    await server.requestCount(1);
    client.cancel();
    expect(await running).toMatchObject({ kind: 'cancelled', attempts: [{ failure: { code: 'request_cancelled' } }] });
    await server.allClosed();
    expect(server.requests('/ok')).toBe(0);
    expect(client.listeners()).toBe(0);
    expect(upstream.health()).toMatchObject([{ mode: 'closed' }]);
  });

  test('in the wait before another attempt ends the wait', async () => {
    const client = createManualCancellation();
    waits.push = (...delays: number[]) => {
      if (delays.length > 0) queueMicrotask(() => client.cancel());
      return 1;
    };
    const outcome = await upstream.run({ targets: [target('/429')], isStream: false, cancellation: client });
    expect(outcome).toMatchObject({ kind: 'cancelled', attempts: [{ status: 429 }] });
    expect(client.listeners()).toBe(0);
  });

  test('before the first attempt sends nothing', async () => {
    const client = createManualCancellation();
    client.cancel();
    expect(await upstream.run({ targets: [target('/ok')], isStream: false, cancellation: client })).toEqual({
      kind: 'cancelled',
      attempts: [],
    });
    expect(server.requests('/ok')).toBe(0);
  });
});

describe('health', () => {
  const breaker = { ...TEST_LIMITS.breaker, consecutiveFailures: 3, openBaseMs: 20_000 };

  test('a provider that keeps failing is left alone: its fallback is asked at once, and without one the caller told to come back', async () => {
    start({ breaker });
    await complete(target('/500'));
    const skipped = await complete(target('/500'), target('/ok', { id: 'second' }));
    expect(skipped).toMatchObject({ kind: 'complete', target: { modelId: 'second-model' } });
    expect(tried(skipped)).toEqual([['second', 200, null]]);
    expect(await complete(target('/ok'))).toMatchObject({
      kind: 'failed',
      failure: { code: 'no_healthy_provider', retryAfterSeconds: 20 },
      attempts: [],
    });
    expect(server.requests('/500')).toBe(3);
  });

  test('is kept apart by credential', async () => {
    start({ breaker });
    await complete(target('/500'));
    expect((await complete(target('/ok', { credentialId: 'organization-1' }))).kind).toBe('complete');
  });

  test("the caller's mistakes and departures never count against a provider", async () => {
    start({ breaker });
    for (let call = 0; call < 10; call += 1) await complete(target('/bad-request'));
    const client = createManualCancellation();
    for (let call = 1; call <= 10; call += 1) {
      const gone = createManualCancellation();
      const running = upstream.run({ targets: [target('/hang')], isStream: false, cancellation: gone });
      await server.requestCount(10 + call);
      gone.cancel();
      await running;
    }
    expect(client.listeners()).toBe(0);
    expect(upstream.health()).toMatchObject([{ mode: 'closed' }]);
  });

  test('streams cut in the middle count', async () => {
    start({ breaker: { ...breaker, consecutiveFailures: 100, minimumVolume: 10 } });
    for (let call = 0; call < 8; call += 1) {
      const outcome = await stream(target('/reset-after'));
      if (outcome.kind === 'stream') await readAll(outcome);
    }
    expect(server.requests('/reset-after')).toBeLessThan(8);
    expect(upstream.health()).toMatchObject([{ mode: 'open' }]);
  });

  test('after its pause one probe goes, and its success lets all through', async () => {
    start({ breaker: { ...breaker, openBaseMs: 1 } });
    await complete(target('/500'));
    await new Promise<void>((resolve) => {
      systemTimers.after(5, resolve);
    });
    const outcomes = await Promise.all([complete(target('/ok')), complete(target('/ok')), complete(target('/ok'))]);
    expect(outcomes.filter(({ kind }) => kind === 'complete')).toHaveLength(1);
    expect(upstream.health()).toMatchObject([{ mode: 'closed' }]);
    expect((await complete(target('/ok'))).kind).toBe('complete');
  });

  test('retries stay within their budget when everything fails', async () => {
    start({ breaker: { ...breaker, consecutiveFailures: 1e9, minimumVolume: 1e9 } });
    for (let call = 0; call < 50; call += 1) await complete(target('/500'));
    expect(server.requests('/500')).toBeLessThanOrEqual(50 + 50 / 5 + TEST_LIMITS.retryBudget.savedRetriesMost);
  });

  test('calls beyond the limit wait in line, and beyond the line are told that it is too much', async () => {
    start({ concurrency: { ...TEST_LIMITS.concurrency, initial: 1, least: 1, waiting: 1, waitMs: 77 } });
    const client = createManualCancellation();
    const first = upstream.run({ targets: [target('/hang')], isStream: false, cancellation: client });
    await server.requestCount(1);
    const [second, third] = await Promise.all([complete(target('/ok')), complete(target('/ok'))]);
    for (const outcome of [second, third]) {
      expect(outcome).toMatchObject({
        kind: 'failed',
        failure: { code: 'overloaded', retryAfterSeconds: 1 },
        attempts: [],
      });
    }
    expect(waits).toEqual([77]);
    client.cancel();
    await first;
    expect((await complete(target('/ok'))).kind).toBe('complete');
  });
});
