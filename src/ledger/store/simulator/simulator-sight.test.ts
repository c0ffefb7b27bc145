// Owns: proof that the simulator sees what it is there to see: each defect put into a store is found, within a few seeds.

import { describe, expect, test } from 'vitest';
import type { LedgerStore } from '../../core/ledger-store.ts';
import type { ReserveRequest } from '../../core/reservation.ts';
import type { LedgerHarness } from '../conformance/ledger-harness.ts';
import { createMemoryHarness, HARNESS_START_MS } from '../conformance/memory-harness.ts';
import { simulateSeeds } from './simulation-batch.ts';

const SEEDS = 40;

type Defect = (store: LedgerStore) => Partial<LedgerStore>;

function withLegs(
  request: ReserveRequest,
  change: (leg: ReserveRequest['legs'][number]) => ReserveRequest['legs'][number],
): ReserveRequest {
  return { ...request, legs: request.legs.map(change) };
}

const DEFECTS: readonly [string, Defect][] = [
  [
    'lets a call pass a hard limit by one',
    (store) => ({
      reserve: (request) =>
        store.reserve(
          withLegs(request, (leg) => ({
            ...leg,
            meter: { ...leg.meter, limit: leg.meter.limit === null ? null : leg.meter.limit + 1n },
          })),
        ),
    }),
  ],
  [
    'forgets the last leg',
    (store) => ({ reserve: (request) => store.reserve({ ...request, legs: request.legs.slice(0, -1) }) }),
  ],
  [
    'books a settle that comes twice twice',
    (store) => ({
      async settle(request) {
        const outcome = await store.settle(request);
        const again = { ...request, hold: { ...request.hold, id: request.hold.id.replace(/^.{8}/, '00000000') } };
        if (outcome === 'duplicate') await store.settle(again);
        return outcome;
      },
    }),
  ],
  [
    'loses a settle that it acknowledged',
    (store) => ({
      settle: (request) => (request.used.length === 3 ? Promise.resolve('settled') : store.settle(request)),
    }),
  ],
  [
    'clamps what was used to what was held',
    (store) => ({
      settle: (request) =>
        store.settle({
          ...request,
          used: request.used.map((used, index) =>
            used > (request.hold.legs[index]?.amount ?? 0n) ? (request.hold.legs[index]?.amount ?? 0n) : used,
          ),
        }),
    }),
  ],
  [
    'counts a release as use',
    (store) => ({
      release: (hold, event) =>
        store.settle({ hold, used: hold.legs.map((leg) => leg.amount), creditsUsed: 0n, event }),
    }),
  ],
  [
    'refuses what fits',
    (store) => ({ reserve: (request) => store.reserve(withLegs(request, (leg) => ({ ...leg, base: leg.base + 1n }))) }),
  ],
  [
    'spends credits for nothing',
    (store) => ({
      release: (hold, event) =>
        store.settle({ hold, used: hold.legs.map(() => 0n), creditsUsed: hold.credits?.amount ?? 0n, event }),
    }),
  ],
  ['leaves a due hold unswept', (store) => ({ sweep: (limit) => store.sweep(Math.max(1, limit - 999)) })],
  [
    'answers an extension without holding it',
    () => ({ extend: async ({ hold, grantedOutput }) => ({ outcome: 'extended', hold: { ...hold, grantedOutput } }) }),
  ],
];

describe('the simulator sees a store that', () => {
  test.each(DEFECTS)('%s', async (_name, defect) => {
    const failing = await simulateSeeds({
      firstSeed: 0,
      seeds: SEEDS,
      startMs: HARNESS_START_MS,
      makers: [async () => withDefect(createMemoryHarness(), defect)],
      failuresMax: 1,
    });
    expect(failing).toHaveLength(1);
    expect(failing[0]?.shortest.steps.length).toBeLessThan(25);
  });
});

function withDefect(harness: LedgerHarness, defect: Defect): LedgerHarness {
  const spoil = (store: LedgerStore): LedgerStore => ({ ...store, ...defect(store) });
  return {
    ...harness,
    store: () => spoil(harness.store()),
    openReplica: async () => spoil(await harness.openReplica()),
  };
}
