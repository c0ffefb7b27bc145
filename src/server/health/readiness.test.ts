// Proves: a process is ready only while it should be sent calls, and many who ask cost the database one question a second.

import { expect, test } from 'vitest';
import { createManualClock } from '../../primitives/clock.ts';
import { createLifecycle } from '../lifecycle/lifecycle.ts';
import { createReadiness } from './readiness.ts';

function createWorld() {
  const clock = createManualClock(0);
  const lifecycle = createLifecycle();
  lifecycle.enter('ready');
  const world = { clock, lifecycle, isFresh: true, isThere: true, strays: 0, stalledMs: 0, asked: 0 };
  const readiness = createReadiness({
    clock,
    lifecycle,
    isSnapshotFresh: () => world.isFresh,
    measurements: () => ({ holdsOpen: 0, driftedCounters: 0, defaultPartitionRows: world.strays }),
    ledgerTrouble: () => (world.stalledMs === 0 ? null : { forMs: world.stalledMs, cause: undefined }),
    askDatabase: async () => {
      world.asked += 1;
      if (!world.isThere) throw new Error('gone');
    },
  });
  return { world, readiness };
}

const faultOf = async (readiness: ReturnType<typeof createReadiness>) => {
  const { ready, checks } = await readiness();
  return { ready, faults: checks.filter(({ ok }) => !ok).map(({ name }) => name) };
};

test('everything in order is ready', async () => {
  expect(await faultOf(createWorld().readiness)).toEqual({ ready: true, faults: [] });
});

test.each(['starting', 'draining', 'stopping'] as const)('a process that is %s is not', async (phase) => {
  const { world, readiness } = createWorld();
  world.lifecycle.enter(phase);
  expect(await faultOf(readiness)).toEqual({ ready: false, faults: ['phase'] });
});

test('without its database it is not, and is again when that is back', async () => {
  const { world, readiness } = createWorld();
  world.isThere = false;
  expect(await faultOf(readiness)).toEqual({ ready: false, faults: ['database'] });
  world.isThere = true;
  world.clock.advance(1_000);
  expect(await faultOf(readiness)).toEqual({ ready: true, faults: [] });
});

test('with facts older than promised it is not', async () => {
  const { world, readiness } = createWorld();
  world.isFresh = false;
  expect(await faultOf(readiness)).toEqual({ ready: false, faults: ['facts'] });
});

test('events without a partition are told, and stop nobody', async () => {
  const { world, readiness } = createWorld();
  world.strays = 3;
  expect(await faultOf(readiness)).toEqual({ ready: true, faults: ['default_partition'] });
});

test('a ledger that commits nothing is told with its time, and stops nobody: the replicas share it, and a refusal says more than no answer', async () => {
  const { world, readiness } = createWorld();
  world.stalledMs = 4_200;
  const { ready, checks } = await readiness();
  expect(ready).toBe(true);
  expect(checks.filter(({ ok }) => !ok)).toEqual([
    { name: 'ledger', ok: false, required: false, detail: 'calls are refused: nothing was committed for 4 s' },
  ]);
});

test('a hundred questions at once are one to the database', async () => {
  const { world, readiness } = createWorld();
  await Promise.all(Array.from({ length: 100 }, readiness));
  world.clock.advance(999);
  await readiness();
  expect(world.asked).toBe(1);
});
