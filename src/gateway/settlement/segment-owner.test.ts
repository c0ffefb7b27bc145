// Proves: whose a segment is stands in its name, and a segment is taken over only when nobody can write to it any more.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { createSystemRandom } from '../../primitives/random.ts';
import { SEGMENT_ABANDONED_MS } from './limits.ts';
import { createSegmentName, currentOwner, isLeftBehind, parseSegmentName } from './segment-owner.ts';

const self = currentOwner('one database');

test('a name says who writes the segment and for which database, and no two are the same', () => {
  const random = createSystemRandom();
  const [first, second] = [createSegmentName(self, random), createSegmentName(self, random)];
  expect(parseSegmentName(first)).toEqual({ ...self, file: first });
  expect(second).not.toBe(first);
  expect(currentOwner('another').ledger).not.toBe(self.ledger);
  for (const file of ['', 'notes.txt', `${first}.damaged`, first.replace('settlements', 'x')])
    expect(parseSegmentName(file), file).toBeNull();
});

test('a process that has ended left its segments behind, one that runs did not, however long it was quiet', async () => {
  const child = spawn(process.execPath, ['-e', 'process.stdin.resume()'], { stdio: ['pipe', 'ignore', 'inherit'] });
  const pid = child.pid ?? 0;
  const running = { ...self, pid, startTicks: startOf(pid) };
  const isLeft = (quietMs: number): boolean => isLeftBehind(running, self, quietMs);
  const afterLong = SEGMENT_ABANDONED_MS + 1;
  expect([isLeft(0), isLeftBehind(self, self, afterLong)]).toEqual([false, false]);
  if (process.platform === 'linux') {
    expect(isLeft(afterLong)).toBe(false);
    expect(isLeftBehind({ ...running, startTicks: 1 }, self, 0)).toBe(true);
  }
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(isLeft(0)).toBe(true);
});

test('where the kernel does not say when a process started, its number decides, until it was quiet for long', () => {
  const without = { ...self, startTicks: 0 };
  const other = { ...without, pid: process.ppid };
  expect(isLeftBehind(other, without, 0)).toBe(false);
  expect(isLeftBehind(other, without, SEGMENT_ABANDONED_MS)).toBe(true);
  expect(isLeftBehind({ ...without, pid: 2 ** 22 + 1 }, without, 0)).toBe(true);
});

/** What the process itself would write into its names. */
function startOf(pid: number): number {
  return currentOwner('one database', pid).startTicks;
}
