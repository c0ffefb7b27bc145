// Proves: a lane is in trouble while what waits is not committed for longer than callers wait, and not because nothing happens.

import { expect, test } from 'vitest';
import { createManualClock } from '../../primitives/clock.ts';
import { createLaneWatch } from './lane-watch.ts';

function createWorld() {
  const clock = createManualClock(0);
  return { clock, watch: createLaneWatch(clock, 100) };
}

test('what waits longer than callers do without a commit is trouble, with what the database last said', () => {
  const { clock, watch } = createWorld();
  watch.waits();
  clock.advance(100);
  expect(watch.trouble()).toBeNull();
  watch.failed('gone');
  clock.advance(1);
  watch.waits();
  expect(watch.trouble()).toEqual({ forMs: 101, cause: 'gone' });
});

test('a busy lane that commits is in no trouble, however long it is busy', () => {
  const { clock, watch } = createWorld();
  watch.waits();
  for (let batch = 0; batch < 10; batch += 1) {
    clock.advance(90);
    watch.committed();
  }
  expect(watch.trouble()).toBeNull();
});

test('an idle lane is in no trouble, also after a call that was cancelled before it left', () => {
  const { clock, watch } = createWorld();
  watch.waits();
  watch.idle();
  clock.advance(1_000);
  expect(watch.trouble()).toBeNull();
});

test('callers who were refused and went away leave the trouble behind, until the database is seen to answer', () => {
  const { clock, watch } = createWorld();
  watch.waits();
  watch.failed('gone');
  clock.advance(200);
  watch.idle();
  expect(watch.trouble()).toEqual({ forMs: 200, cause: 'gone' });
  watch.over();
  expect(watch.trouble()).toBeNull();
});
