// Owns: the breaker's rules, as a table and as properties of any history.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { admitCall, type BreakerEvent, type BreakerState, NEW_BREAKER, observeOutcome } from './circuit-breaker.ts';
import { DEFAULT_UPSTREAM_LIMITS } from './limits.ts';

const policy = DEFAULT_UPSTREAM_LIMITS.breaker;

function afterEvents(
  state: BreakerState,
  kinds: readonly BreakerEvent['kind'][],
  { nowMs = 0, isProbe = false }: { nowMs?: number; isProbe?: boolean } = {},
): BreakerState {
  return kinds.reduce<BreakerState>((next, kind) => {
    const event: BreakerEvent = kind === 'throttled' ? { kind, retryAfterMs: null, isProbe } : { kind, isProbe };
    return observeOutcome(next, event, { nowMs, policy });
  }, state);
}

const repeat = (kind: BreakerEvent['kind'], count: number) => Array.from({ length: count }, () => kind);
const opened = afterEvents(NEW_BREAKER, repeat('failure', policy.consecutiveFailures));

describe('circuit breaker', () => {
  test('opens at the named number of failures in a row, not one before', () => {
    expect(afterEvents(NEW_BREAKER, repeat('failure', policy.consecutiveFailures - 1)).mode).toBe('closed');
    expect(opened.mode).toBe('open');
  });

  test('a success between breaks the row', () => {
    const state = afterEvents(NEW_BREAKER, [
      ...repeat('failure', policy.consecutiveFailures - 1),
      'success',
      'failure',
    ]);
    expect(state.mode).toBe('closed');
  });

  test('opens at the share of failures once there is enough to judge from', () => {
    const pairs = Array.from({ length: policy.minimumVolume / 2 }, () => ['success', 'failure'] as const).flat();
    expect(afterEvents(NEW_BREAKER, pairs.slice(0, -1)).mode).toBe('closed');
    expect(afterEvents(NEW_BREAKER, pairs).mode).toBe('open');
  });

  test('failures that are two slices old are forgotten, those of the slice before count', () => {
    const old = afterEvents(
      NEW_BREAKER,
      Array.from({ length: policy.minimumVolume / 2 - 1 }, () => ['success', 'failure'] as const).flat(),
    );
    expect(afterEvents(old, ['success', 'failure'], { nowMs: policy.sliceMs + 1 }).mode).toBe('open');
    expect(afterEvents(old, ['success', 'failure'], { nowMs: 2 * policy.sliceMs + 1 }).mode).toBe('closed');
  });

  test('neutral ends change nothing', () => {
    expect(afterEvents(NEW_BREAKER, repeat('neutral', 100))).toBe(NEW_BREAKER);
  });

  test('while open nobody passes, and the caller is told until when', () => {
    const { admission } = admitCall(opened, { nowMs: policy.openBaseMs - 1, policy });
    expect(admission).toEqual({ isAllowed: false, retryAtMs: policy.openBaseMs });
  });

  test('after the opening exactly one probe passes', () => {
    const first = admitCall(opened, { nowMs: policy.openBaseMs, policy });
    expect(first.admission).toEqual({ isAllowed: true, isProbe: true });
    expect(admitCall(first.state, { nowMs: policy.openBaseMs, policy }).admission.isAllowed).toBe(false);
  });

  test('the probe alone decides: its success closes, its failure opens for twice as long', () => {
    const { state } = admitCall(opened, { nowMs: policy.openBaseMs, policy });
    expect(afterEvents(state, ['success'], { nowMs: policy.openBaseMs, isProbe: false }).mode).toBe('half_open');
    expect(afterEvents(state, ['success'], { nowMs: policy.openBaseMs, isProbe: true })).toMatchObject({
      mode: 'closed',
      openings: 0,
      failures: 0,
    });
    expect(afterEvents(state, ['failure'], { nowMs: policy.openBaseMs, isProbe: true })).toMatchObject({
      mode: 'open',
      openUntilMs: policy.openBaseMs + 2 * policy.openBaseMs,
    });
  });

  test('a probe that was given up lets the next call probe; one that never reports is given up after its time', () => {
    const { state } = admitCall(opened, { nowMs: policy.openBaseMs, policy });
    const cancelled = afterEvents(state, ['neutral'], { nowMs: policy.openBaseMs, isProbe: true });
    expect(admitCall(cancelled, { nowMs: policy.openBaseMs, policy }).admission).toEqual({
      isAllowed: true,
      isProbe: true,
    });
    expect(admitCall(state, { nowMs: policy.openBaseMs + policy.probeMs, policy }).admission).toEqual({
      isAllowed: true,
      isProbe: true,
    });
  });

  test('openings never last longer than their most', () => {
    let state = opened;
    let nowMs = 0;
    for (let round = 0; round < 40; round += 1) {
      nowMs = state.openUntilMs;
      state = afterEvents(admitCall(state, { nowMs: nowMs, policy }).state, ['failure'], {
        nowMs: nowMs,
        isProbe: true,
      });
    }
    expect(state.openUntilMs - nowMs).toBe(policy.openMostMs);
  });

  test('throttling is no failure: it cools down for as long as asked, bounded, and then calls pass at once', () => {
    const asked = observeOutcome(
      NEW_BREAKER,
      { kind: 'throttled', retryAfterMs: 2_000, isProbe: false },
      { nowMs: 0, policy },
    );
    expect(asked.mode).toBe('closed');
    expect(admitCall(asked, { nowMs: 1_999, policy }).admission).toEqual({ isAllowed: false, retryAtMs: 2_000 });
    expect(admitCall(asked, { nowMs: 2_000, policy }).admission).toEqual({ isAllowed: true, isProbe: false });
    const absurd = observeOutcome(
      NEW_BREAKER,
      { kind: 'throttled', retryAfterMs: 1e12, isProbe: false },
      { nowMs: 0, policy },
    );
    expect(absurd.coolUntilMs).toBe(policy.coolDownMostMs);
  });

  test('throttling that names no pause starts one only when it repeats', () => {
    expect(afterEvents(NEW_BREAKER, repeat('throttled', policy.throttlesBeforeCoolDown - 1)).coolUntilMs).toBe(0);
    expect(afterEvents(NEW_BREAKER, repeat('throttled', policy.throttlesBeforeCoolDown)).coolUntilMs).toBe(
      policy.coolDownDefaultMs,
    );
  });

  test('whatever happens, at most one probe is under way and every refusal names an instant to come', () => {
    const step = fc.record({
      kind: fc.constantFrom('success', 'failure', 'neutral', 'throttled', 'ask', 'ask') as fc.Arbitrary<
        BreakerEvent['kind'] | 'ask'
      >,
      waitMs: fc.nat(5_000),
      endsProbe: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        let state = NEW_BREAKER;
        let nowMs = 0;
        let probeSinceMs: number | null = null;
        for (const { kind, waitMs, endsProbe } of steps) {
          nowMs += waitMs;
          if (kind !== 'ask') {
            const isProbe = endsProbe && probeSinceMs !== null;
            if (isProbe) probeSinceMs = null;
            state = afterEvents(state, [kind], { nowMs, isProbe });
            continue;
          }
          const asked = admitCall(state, { nowMs: nowMs, policy });
          state = asked.state;
          if (!asked.admission.isAllowed) {
            expect(asked.admission.retryAtMs).toBeGreaterThan(nowMs);
          } else if (asked.admission.isProbe) {
            expect(probeSinceMs === null || nowMs - probeSinceMs >= policy.probeMs).toBe(true);
            probeSinceMs = nowMs;
          }
        }
      }),
    );
  });
});
