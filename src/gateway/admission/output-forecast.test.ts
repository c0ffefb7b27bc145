// Proves: how much output is expected follows what was seen, never below 95 of 100 calls by more than a step, and forgets.

import { expect, test } from 'vitest';
import { UNKNOWN_OUTPUT_TOKENS } from '../limits.ts';
import { createOutputForecast } from './output-forecast.ts';

/** A step of the histogram is 41 %. */
const STEP = 2 ** 0.5;

function learnt(outputs: readonly number[]): number {
  const forecast = createOutputForecast();
  for (const output of outputs) forecast.learn('kind', output);
  return forecast.expect('kind');
}

test('nothing is believed before twenty calls of the kind', () => {
  expect(learnt([])).toBe(UNKNOWN_OUTPUT_TOKENS);
  expect(learnt(Array.from({ length: 19 }, () => 10))).toBe(UNKNOWN_OUTPUT_TOKENS);
  expect(learnt(Array.from({ length: 20 }, () => 10))).toBeLessThan(UNKNOWN_OUTPUT_TOKENS);
});

test.each([1, 2, 10, 100, 1_000, 30_000])(
  'calls of %i tokens are expected to take that, at most a step more',
  (tokens) => {
    const expected = learnt(Array.from({ length: 50 }, () => tokens));
    expect(expected).toBeGreaterThanOrEqual(tokens);
    expect(expected).toBeLessThanOrEqual(Math.ceil(tokens * STEP));
  },
);

test('the longest twentieth does not decide, the twentieth before does', () => {
  const short = Array.from({ length: 95 }, () => 100);
  expect(learnt([...short, ...Array.from({ length: 5 }, () => 8_000)])).toBeLessThan(200);
  expect(learnt([...short.slice(0, 94), ...Array.from({ length: 6 }, () => 8_000)])).toBeGreaterThanOrEqual(8_000);
});

test('an answer of nothing and one beyond every bound are taken', () => {
  expect(learnt(Array.from({ length: 30 }, () => 0))).toBe(1);
  expect(learnt(Array.from({ length: 30 }, () => Number.MAX_SAFE_INTEGER))).toBeGreaterThan(1_000_000);
});

test('what happened long ago fades', () => {
  const forecast = createOutputForecast();
  for (let call = 0; call < 5_000; call += 1) forecast.learn('kind', 4_000);
  for (let call = 0; call < 20_000; call += 1) forecast.learn('kind', 50);
  expect(forecast.expect('kind')).toBeLessThan(100);
});

test('kinds do not mix, and the oldest of too many is forgotten', () => {
  const forecast = createOutputForecast();
  for (let call = 0; call < 20; call += 1) forecast.learn('first', 10);
  for (let call = 0; call < 20; call += 1) forecast.learn('second', 9_000);
  expect(forecast.expect('first')).toBeLessThan(20);
  expect(forecast.expect('second')).toBeGreaterThanOrEqual(9_000);
  for (let kind = 0; kind < 10_000; kind += 1) forecast.learn(`kind ${kind}`, 10);
  expect(forecast.expect('first')).toBe(UNKNOWN_OUTPUT_TOKENS);
});
