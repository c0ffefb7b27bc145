// Owns: the proof that calls teach what is known of a provider, on real sockets. Not: the pure rules (circuit-breaker.test.ts, retry-budget.test.ts).

import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { UpstreamLimits } from './limits.ts';
import { createManualCancellation } from './testing/manual-cancellation.ts';
import { TEST_LIMITS } from './testing/provider.ts';
import { readAll, startUpstream, triedIn, type UpstreamHarness } from './testing/upstream-harness.ts';

let harness: UpstreamHarness;

async function restart(limits: Partial<UpstreamLimits> = {}): Promise<void> {
  await harness.stop();
  harness = await startUpstream(limits);
}

beforeEach(async () => {
  harness = await startUpstream();
});

afterEach(async () => {
  await harness.stop();
});

describe('health', () => {
  const breaker = { ...TEST_LIMITS.breaker, consecutiveFailures: 3, openBaseMs: 20_000 };

  test('a provider that keeps failing is left alone: its fallback is asked at once, and without one the caller told to come back', async () => {
    await restart({ breaker });
    await harness.complete(harness.target('/500'));
    const skipped = await harness.complete(harness.target('/500'), harness.target('/ok', { id: 'second' }));
    expect(skipped).toMatchObject({ kind: 'complete', target: { modelId: 'second-model' } });
    expect(triedIn(skipped)).toEqual([['second', 200, null]]);
    expect(await harness.complete(harness.target('/ok'))).toMatchObject({
      kind: 'failed',
      failure: { code: 'no_healthy_provider', retryAfterSeconds: 20 },
      attempts: [],
    });
    expect(harness.server.requests('/500')).toBe(3);
  });

  test('is kept apart by credential', async () => {
    await restart({ breaker });
    await harness.complete(harness.target('/500'));
    expect((await harness.complete(harness.target('/ok', { credentialId: 'organization-1' }))).kind).toBe('complete');
  });

  test("the caller's mistakes and departures never count against a provider", async () => {
    await restart({ breaker });
    for (let call = 0; call < 10; call += 1) await harness.complete(harness.target('/bad-request'));
    const client = createManualCancellation();
    for (let call = 1; call <= 10; call += 1) {
      const gone = createManualCancellation();
      const running = harness.upstream.run({ targets: [harness.target('/hang')], isStream: false, cancellation: gone });
      await harness.server.requestCount(10 + call);
      gone.cancel();
      await running;
    }
    expect(client.listeners()).toBe(0);
    expect(harness.upstream.health()).toMatchObject([{ mode: 'closed' }]);
  });

  test('streams cut in the middle count', async () => {
    await restart({ breaker: { ...breaker, consecutiveFailures: 100, minimumVolume: 10 } });
    for (let call = 0; call < 8; call += 1) {
      const outcome = await harness.stream(harness.target('/reset-after'));
      if (outcome.kind === 'stream') await readAll(outcome);
    }
    expect(harness.server.requests('/reset-after')).toBeLessThan(8);
    expect(harness.upstream.health()).toMatchObject([{ mode: 'open' }]);
  });

  test('after its pause one probe goes, and its success lets all through', async () => {
    await restart({ breaker: { ...breaker, openBaseMs: 1 } });
    await harness.complete(harness.target('/500'));
    harness.skip(10);
    const outcomes = await Promise.all([
      harness.complete(harness.target('/ok')),
      harness.complete(harness.target('/ok')),
      harness.complete(harness.target('/ok')),
    ]);
    expect(outcomes.filter(({ kind }) => kind === 'complete')).toHaveLength(1);
    expect(harness.upstream.health()).toMatchObject([{ mode: 'closed' }]);
    expect((await harness.complete(harness.target('/ok'))).kind).toBe('complete');
  });

  test('retries stay within their budget when everything fails', async () => {
    await restart({ breaker: { ...breaker, consecutiveFailures: 1e9, minimumVolume: 1e9 } });
    for (let call = 0; call < 50; call += 1) await harness.complete(harness.target('/500'));
    expect(harness.server.requests('/500')).toBeLessThanOrEqual(50 + 50 / 5 + TEST_LIMITS.retryBudget.savedRetriesMost);
  });

  test('calls beyond the limit wait in line, and beyond the line are told that it is too much', async () => {
    await restart({ concurrency: { ...TEST_LIMITS.concurrency, initial: 1, least: 1, waiting: 1, waitMs: 77 } });
    const client = createManualCancellation();
    const first = harness.upstream.run({ targets: [harness.target('/hang')], isStream: false, cancellation: client });
    await harness.server.requestCount(1);
    const [second, third] = await Promise.all([
      harness.complete(harness.target('/ok')),
      harness.complete(harness.target('/ok')),
    ]);
    for (const outcome of [second, third]) {
      expect(outcome).toMatchObject({
        kind: 'failed',
        failure: { code: 'overloaded', retryAfterSeconds: 1 },
        attempts: [],
      });
    }
    expect(harness.waits).toEqual([77]);
    client.cancel();
    await first;
    expect((await harness.complete(harness.target('/ok'))).kind).toBe('complete');
  });
});
