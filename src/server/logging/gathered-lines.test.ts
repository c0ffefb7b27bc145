// Proves: gathered lines are written whole and in their order, many by one call, none stays behind, and a flush is over when they are written.

import { EventEmitter } from 'node:events';
import { afterEach, expect, test, vi } from 'vitest';
import { gatherLines } from './gathered-lines.ts';

/** Keeps what it is given, and tells what the test says. */
function createDestination() {
  const events = new EventEmitter<{ drain: []; error: [Error] }>();
  const writes: string[] = [];
  return {
    writes,
    write: (lines: string) => writes.push(lines),
    on: (event: 'drain' | 'error', heard: () => void) => events.on(event, heard),
    tell: (event: 'drain' | 'error') =>
      event === 'drain' ? events.emit(event) : events.emit(event, new Error('write EPIPE')),
  };
}
type Destination = ReturnType<typeof createDestination>;

const line = (index: number): string => `${String(index).padStart(99, '0')}\n`;

/** Whether the promise is settled, once everything that can run has run. */
async function isOver(work: Promise<void>): Promise<boolean> {
  let over = false;
  void work.then(() => {
    over = true;
  });
  await new Promise(setImmediate);
  return over;
}

afterEach(() => void vi.useRealTimers());

test('many lines are one write, in their order', () => {
  const to = createDestination();
  const gathered = gatherLines(to);
  for (let index = 0; index < 150; index += 1) gathered.write(line(index));
  expect(to.writes).toEqual([Array.from({ length: 150 }, (_, index) => line(index)).join('')]);
});

test('a single line does not wait for others', async () => {
  const to = createDestination();
  gatherLines(to).write('alone\n');
  expect(to.writes).toEqual([]);
  await expect.poll(() => to.writes).toEqual(['alone\n']);
});

test('a flush hands on what was gathered, once, and is over when it is written', async () => {
  const to = createDestination();
  const gathered = gatherLines(to);
  gathered.write('last\n');
  const flushed = gathered.flush();
  expect(to.writes).toEqual(['last\n']);
  expect(await isOver(flushed)).toBe(false);
  to.tell('drain');
  await flushed;
  expect(await isOver(gathered.flush())).toBe(true);
  expect(to.writes).toEqual(['last\n']);
});

test('a flush waits for lines that were handed on before it', async () => {
  const to = createDestination();
  const gathered = gatherLines(to);
  for (let index = 0; index < 150; index += 1) gathered.write(line(index));
  const flushed = gathered.flush();
  expect(await isOver(flushed)).toBe(false);
  to.tell('drain');
  await flushed;
});

test.each<[string, (to: Destination) => void]>([
  ['whose reader went away', (to) => to.tell('error')],
  ['that nobody reads, after a second', () => vi.advanceTimersByTime(1_000)],
])('a flush ends for a log %s', async (_, happens) => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const to = createDestination();
  const gathered = gatherLines(to);
  gathered.write('last\n');
  const flushed = gathered.flush();
  expect(await isOver(flushed)).toBe(false);
  happens(to);
  await flushed;
});
