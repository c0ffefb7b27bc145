// Owns: the surroundings of the in-memory ledger for the conformance suite and the simulator.

import { createManualClock } from '../../../primitives/clock.ts';
import { createUuidV7 } from '../../../primitives/ids.ts';
import { createSeededRandom } from '../../../primitives/random.ts';
import { checkSnapshot } from '../ledger-invariants.ts';
import type { LedgerSnapshot } from '../ledger-snapshot.ts';
import { createMemoryState } from '../memory-state.ts';
import { createMemoryStore, type MemoryStore } from '../memory-store.ts';
import type { LedgerHarness } from './ledger-harness.ts';

/** Half-way through a minute on the last day but one of a leap February: windows roll soon. */
export const HARNESS_START_MS = Date.UTC(2028, 1, 28, 22, 0, 30);

/** A ledger in memory that keeps its rows over a crash. Never fails by itself. */
export function createMemoryHarness(options: { readonly startMs?: number } = {}): LedgerHarness {
  const clock = createManualClock(options.startMs ?? HARNESS_START_MS);
  const random = createSeededRandom(1);
  const state = createMemoryState();
  const open = (): MemoryStore => createMemoryStore({ clock, state });
  const replicas: MemoryStore[] = [];
  let store = open();
  let latestMs = clock.nowMs();
  state.versions.set('platform', 1n);
  const versionOf = (scope: string): bigint => state.versions.get(scope) ?? 0n;
  const newId = (): string => createUuidV7(clock.nowMs(), random);
  return {
    store: () => store,
    async openReplica() {
      const replica = open();
      replicas.push(replica);
      return replica;
    },
    async crash() {
      clock.setNowMs(latestMs);
      await store.close();
      store = open();
    },
    // There is nothing between this store and its rows.
    cut: async () => undefined,
    async createOrganization() {
      const id = newId();
      state.versions.set(id, 1n);
      return id;
    },
    factVersion: async (scope) => versionOf(scope),
    async bumpFactVersion(scope) {
      store.setFactVersion(scope, versionOf(scope) + 1n);
      return versionOf(scope);
    },
    async grantLot(grant) {
      const id = newId();
      store.grantLot({ ...grant, id });
      return id;
    },
    async advance(milliseconds) {
      for (const each of [store, ...replicas]) each.nowMs();
      clock.setNowMs(clock.nowMs() + milliseconds);
      latestMs = Math.max(latestMs, clock.nowMs());
    },
    snapshot: async ({ organizationIds, platformMeterKeys }) => {
      const wanted = new Set(organizationIds);
      const platform = new Set(platformMeterKeys);
      const all = store.snapshot();
      return {
        counters: all.counters.filter((row) =>
          row.organizationId === null ? platform.has(row.meterKey) : wanted.has(row.organizationId),
        ),
        openHolds: all.openHolds.filter((row) => wanted.has(row.organizationId)),
        events: all.events.filter((row) => wanted.has(row.organizationId)),
        lots: all.lots.filter((row) => wanted.has(row.organizationId)),
      } satisfies LedgerSnapshot;
    },
    verify: async () => checkSnapshot(store.snapshot()),
    async close() {
      for (const each of [store, ...replicas]) await each.close();
    },
  };
}
