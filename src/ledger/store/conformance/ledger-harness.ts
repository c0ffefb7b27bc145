// Owns: what the conformance suite and the simulator need of a store besides its operations: facts, time, rows, a crash.
// Not: how a store provides it (memory-harness.ts; the Postgres store's own tests).

import type { LedgerStore } from '../../core/ledger-store.ts';
import type { CreditLot } from '../../core/lots.ts';
import type { LedgerSnapshot } from '../ledger-snapshot.ts';

/** A grant of credits. The store chooses the lot's id. */
export type LotGrant = Pick<
  CreditLot,
  'organizationId' | 'creditType' | 'initial' | 'priority' | 'effectiveAtMs' | 'expiresAtMs'
>;

/**
 * A store under test and its surroundings. Time is discrete: a harness begins half-way through a minute and moves by whole
 * minutes, so that the milliseconds that pass on a real machine never carry it over the end of a window.
 */
export interface LedgerHarness {
  /** The store as it is open now; another object after `crash`. */
  store(): LedgerStore;
  /** Opens a second replica on the same rows. The harness closes it. */
  openReplica(): Promise<LedgerStore>;
  /**
   * Drops the open store in the midst of whatever it does, its connections cut, and opens another. Afterwards nothing that it had under way
   * can still happen; its callers may never hear of it. A clock that was set back is right again.
   */
  crash(): Promise<void>;
  /** Cuts the open stores' connections in the midst of whatever they do. The stores live on and find out for themselves what became of it. */
  cut(): Promise<void>;
  /** A new organization. */
  createOrganization(): Promise<string>;
  /** The version of the facts of a scope: an organization's id or `platform`. A grant of credits may move it. */
  factVersion(scope: string): Promise<bigint>;
  /** Makes the facts of a scope newer; gives the new version. */
  bumpFactVersion(scope: string): Promise<bigint>;
  /** Adds a lot of credits; gives its id. */
  grantLot(grant: LotGrant): Promise<string>;
  /** Moves the clock that the store reads. Negative: it is set back, which the store's own time must not follow. Whole minutes. */
  advance(milliseconds: number): Promise<void>;
  /** Rows of these organizations, and of the platform's meters with these names. */
  snapshot(scope: {
    readonly organizationIds: readonly string[];
    readonly platformMeterKeys: readonly string[];
  }): Promise<LedgerSnapshot>;
  /** What the store's own check finds wrong with an organization's counters; empty when those rebuilt from events and holds equal the stored ones. */
  verify(organizationId: string): Promise<readonly string[]>;
  /** Closes everything. */
  close(): Promise<void>;
}
