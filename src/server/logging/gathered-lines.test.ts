// Proves: gathered lines are written whole and in their order, many by one call, and none stays behind.

import { expect, test } from 'vitest';
import { gatherLines } from './gathered-lines.ts';

function destination() {
  const writes: string[] = [];
  let flushed = 0;
  return {
    writes,
    flushed: () => flushed,
    write: (lines: string) => writes.push(lines),
    flushSync: () => {
      flushed += 1;
    },
  };
}

const line = (index: number): string => `${String(index).padStart(99, '0')}\n`;

test('many lines are one write, in their order', () => {
  const to = destination();
  const gathered = gatherLines(to);
  for (let index = 0; index < 150; index += 1) gathered.write(line(index));
  expect(to.writes).toEqual([Array.from({ length: 150 }, (_, index) => line(index)).join('')]);
  gathered.flushSync();
});

test('a single line does not wait for others', async () => {
  const to = destination();
  gatherLines(to).write('alone\n');
  expect(to.writes).toEqual([]);
  await expect.poll(() => to.writes).toEqual(['alone\n']);
});

test('what was gathered is written before its end', () => {
  const to = destination();
  const gathered = gatherLines(to);
  gathered.write('last\n');
  gathered.flushSync();
  expect([to.writes, to.flushed()]).toEqual([['last\n'], 1]);
  gathered.flushSync();
  expect([to.writes, to.flushed()]).toEqual([['last\n'], 2]);
});
