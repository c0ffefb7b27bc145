// Proves: tallies sum by label, and never grow without bound.

import { expect, test } from 'vitest';
import { createTally } from './tally.ts';

test('each set of values has its own sums', () => {
  const tally = createTally(['count', 'tokens']);
  tally.of(['a', 'x']).count += 1;
  tally.of(['a', 'x']).tokens += 5;
  tally.of(['a', 'y']).count += 1;
  expect([...tally.entries()]).toEqual([
    [['a', 'x'], { count: 1, tokens: 5 }],
    [['a', 'y'], { count: 1, tokens: 0 }],
  ]);
});

test('beyond the bound everything counts as other, and what is known stays', () => {
  const tally = createTally(['count'], 2);
  for (const name of ['a', 'b', 'c', 'd', 'a']) tally.of([name]).count += 1;
  expect([...tally.entries()]).toEqual([
    [['a'], { count: 2 }],
    [['b'], { count: 1 }],
    [['other'], { count: 2 }],
  ]);
});
