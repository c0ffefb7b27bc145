// Owns: the proof that the line before a provider is fair and bounded, and that its limit moves as its rules say.

import { describe, expect, test } from 'vitest';
import { neverCancelled } from './cancellation.ts';
import { createConcurrencyGate } from './concurrency-gate.ts';
import { type ConcurrencyPolicy, enterCall, lowerLimit, newConcurrency, raiseLimit } from './concurrency-limit.ts';
import { DEFAULT_UPSTREAM_LIMITS } from './limits.ts';
import { createManualCancellation } from './testing/manual-cancellation.ts';
import { createManualTime } from './testing/manual-time.ts';

const policy: ConcurrencyPolicy = { ...DEFAULT_UPSTREAM_LIMITS.concurrency, initial: 2, least: 1, most: 4, waiting: 2 };

function gateOf(changes: Partial<ConcurrencyPolicy> = {}) {
  const time = createManualTime();
  return { time, gate: createConcurrencyGate({ ...time, policy: { ...policy, ...changes } }) };
}

describe('concurrency limit', () => {
  test('rises only while it is what holds calls back, and never beyond its most', () => {
    const idle = newConcurrency(policy);
    expect(raiseLimit(idle, policy)).toBe(idle);
    let busy = enterCall(enterCall(idle));
    busy = raiseLimit(busy, policy);
    expect(busy.limit).toBeCloseTo(2.1);
    for (let call = 0; call < 100; call += 1) busy = raiseLimit({ ...busy, inFlight: 4 }, policy);
    expect(busy.limit).toBe(4);
  });

  test('falls by its factor once in a period, however many refusals a burst brings, and never below its least', () => {
    const large = { ...policy, initial: 100 };
    let state = lowerLimit(newConcurrency(large), 0, large);
    expect(state.limit).toBe(80);
    expect(lowerLimit(state, policy.decreaseEveryMs - 1, large)).toBe(state);
    for (let second = 1; second < 100; second += 1) state = lowerLimit(state, second * policy.decreaseEveryMs, large);
    expect(state.limit).toBe(1);
  });
});

describe('concurrency gate', () => {
  test('lets calls in at once while there is room', () => {
    const { gate, time } = gateOf();
    expect([gate.enter(neverCancelled), gate.enter(neverCancelled)]).toEqual(['entered', 'entered']);
    expect(gate.state()).toEqual({ limit: 2, inFlight: 2, waiting: 0 });
    expect(time.pending()).toBe(0);
  });

  test('lets those who wait in by their order, one for each that leaves', async () => {
    const { gate, time } = gateOf();
    gate.enter(neverCancelled);
    gate.enter(neverCancelled);
    const order: string[] = [];
    const third = Promise.resolve(gate.enter(neverCancelled)).then(() => order.push('third'));
    const fourth = Promise.resolve(gate.enter(neverCancelled)).then(() => order.push('fourth'));
    gate.leave();
    await third;
    expect(gate.state()).toEqual({ limit: 2, inFlight: 2, waiting: 1 });
    gate.leave();
    await fourth;
    expect(order).toEqual(['third', 'fourth']);
    expect(time.pending()).toBe(0);
  });

  test('a new call does not pass those who wait', async () => {
    const { gate } = gateOf({ initial: 1 });
    gate.enter(neverCancelled);
    const second = gate.enter(neverCancelled);
    const third = gate.enter(neverCancelled);
    gate.leave();
    expect(await second).toBe('entered');
    expect(gate.state()).toEqual({ limit: 1, inFlight: 1, waiting: 1 });
    gate.leave();
    expect(await third).toBe('entered');
  });

  test('waiting is bounded in number', () => {
    const { gate } = gateOf();
    for (let call = 0; call < 4; call += 1) gate.enter(neverCancelled);
    expect(gate.enter(neverCancelled)).toBe('full');
  });

  test('waiting is bounded in time, and leaves nothing behind', async () => {
    const { gate, time } = gateOf({ initial: 1 });
    gate.enter(neverCancelled);
    const late = gate.enter(neverCancelled);
    time.advance(policy.waitMs);
    expect(await late).toBe('waited_too_long');
    gate.leave();
    expect(gate.state()).toEqual({ limit: 1, inFlight: 0, waiting: 0 });
    expect(time.pending()).toBe(0);
  });

  test('a caller that leaves gives up its place in the line', async () => {
    const { gate, time } = gateOf({ initial: 1 });
    gate.enter(neverCancelled);
    const client = createManualCancellation();
    const waiting = gate.enter(client);
    client.cancel();
    expect(await waiting).toBe('cancelled');
    expect(client.listeners()).toBe(0);
    expect(gate.enter(client)).toBe('cancelled');
    expect(time.pending()).toBe(0);
  });

  test('a raised limit lets the next one in', async () => {
    const { gate } = gateOf({ initial: 1, increase: 1 });
    gate.enter(neverCancelled);
    const second = gate.enter(neverCancelled);
    gate.learn('coped');
    expect(await second).toBe('entered');
  });
});
