// Proves: rounds never overlap, a failing one is told once, and a stop waits for the one under way.

import { expect, test } from 'vitest';
import type { Log } from '../logging/log.ts';
import { createRounds } from './rounds.ts';

function createRecorder(): { log: Log; lines: string[] } {
  const lines: string[] = [];
  const write = (level: string) => (_fields: unknown, message: string) => lines.push(`${level} ${message}`);
  return { log: { info: write('info'), warn: write('warn') } as unknown as Log, lines };
}

const HOUR_MS = 3_600_000;

test('a failure is told once, and once when it is over', async () => {
  const { log, lines } = createRecorder();
  let isBroken = true;
  const rounds = createRounds({
    name: 'x',
    intervalMs: HOUR_MS,
    log,
    round: async () => {
      if (isBroken) throw new Error('no');
    },
  });
  await rounds.runNow();
  await rounds.runNow();
  isBroken = false;
  await rounds.runNow();
  await rounds.runNow();
  expect(lines.map((line) => line.split(' ')[0])).toEqual(['warn', 'info']);
  await rounds.stop();
});

test('two who ask for a round at once share it, and a stop waits for it', async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  let begun = 0;
  const rounds = createRounds({
    name: 'x',
    intervalMs: HOUR_MS,
    log: createRecorder().log,
    round: () => {
      begun += 1;
      return promise;
    },
  });
  const both = Promise.all([rounds.runNow(), rounds.runNow()]);
  let isStopped = false;
  const stopped = rounds.stop().then(() => {
    isStopped = true;
  });
  await Promise.resolve();
  expect({ begun, isStopped }).toEqual({ begun: 1, isStopped: false });
  resolve();
  await both;
  await stopped;
});

test('it begins by itself and goes on until it is stopped', async () => {
  let count = 0;
  const { promise, resolve } = Promise.withResolvers<void>();
  const rounds = createRounds({
    name: 'x',
    intervalMs: 1,
    log: createRecorder().log,
    round: async () => {
      count += 1;
      if (count === 3) resolve();
    },
  });
  rounds.start();
  await promise;
  await rounds.stop();
  const seen = count;
  await new Promise(setImmediate);
  expect(count).toBe(seen);
});
