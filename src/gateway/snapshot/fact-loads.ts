// Owns: one function a kind of facts that reads it with its version. Not: keeping it (fact-cache.ts), the SQL (snapshot-queries.ts).

import type { Database } from '../../database/pool.ts';
import type { Clock } from '../../primitives/clock.ts';
import { createBatchedLoad } from './batched-load.ts';
import type { ReadEndpoint } from './endpoint-facts.ts';
import type { LoadedFacts } from './fact-cache.ts';
import { PLATFORM_SCOPE } from './fact-scopes.ts';
import type { KeyFacts, MemberFacts, OrganizationFacts, PlatformFacts } from './facts.ts';
import type { SnapshotLimits } from './limits.ts';
import { toKeyFacts, toMemberFacts, toOrganizationFacts } from './organization-facts.ts';
import { toPlatformFacts } from './platform-facts.ts';
import type { ProviderEnvironment } from './provider-facts.ts';
import type { OpenCredential } from './provider-secrets.ts';
import { getOrganizationRow, getPlatformRow, listKeyRows, listMemberRows } from './snapshot-queries.ts';

export interface FactLoads {
  platform(): Promise<LoadedFacts<PlatformFacts>>;
  organization(organizationId: string): Promise<LoadedFacts<OrganizationFacts | null>>;
  /** `<organization id>/<user id>`, both UUIDs. */
  member(name: string): Promise<LoadedFacts<MemberFacts | null>>;
  /** The SHA-256 in latin1: one character a byte, the cheapest key of a map. */
  key(name: string): Promise<LoadedFacts<KeyFacts | null>>;
  /** Whether a price dated ahead has come into force since the platform's facts were loaded; true once for each. */
  isPriceDue(): boolean;
}

/** Loads through a pool as `weir_gateway`. Keys and members asked for together are read together. */
export function createFactLoads(options: {
  database: Database;
  environment: ProviderEnvironment;
  openCredential: OpenCredential;
  readEndpoint: ReadEndpoint;
  limits: Pick<SnapshotLimits, 'loadBatchMax' | 'loadsWaitingMax'>;
  clock: Clock;
}): FactLoads {
  const { database, environment, openCredential, readEndpoint, limits, clock } = options;
  const bounds = { batchMax: limits.loadBatchMax, waitingMax: limits.loadsWaitingMax };
  const loadKeyRow = createBatchedLoad({
    ...bounds,
    run: (hashes: readonly Buffer[]) => listKeyRows(database, hashes),
  });
  const loadMemberRow = createBatchedLoad({
    ...bounds,
    run: (asked: readonly { organizationId: string; userId: string }[]) => listMemberRows(database, asked),
  });
  // The database's clock says how long, this machine's steady one when that is over.
  const moment = (inMs: number | null): number =>
    inMs === null ? Number.POSITIVE_INFINITY : clock.monotonicMs() + inMs;
  let nextPriceAtMs = Number.POSITIVE_INFINITY;

  return {
    async platform() {
      const row = await getPlatformRow(database);
      nextPriceAtMs = moment(row.next_price_in_ms);
      const facts = toPlatformFacts(row, environment, { openCredential, readEndpoint });
      const dueAtMs = moment(row.budgets_roll_in_ms);
      return { facts, scope: PLATFORM_SCOPE, version: facts.version, dueAtMs };
    },
    async organization(organizationId) {
      const row = await getOrganizationRow(database, organizationId);
      const facts = row.id === null ? null : toOrganizationFacts(row, openCredential, readEndpoint);
      const dueAtMs = row.id === null ? Number.POSITIVE_INFINITY : moment(row.budgets_roll_in_ms);
      return { facts, scope: organizationId, version: BigInt(row.version), dueAtMs };
    },
    async member(name) {
      const [organizationId = '', userId = ''] = name.split('/');
      const { version, facts } = await loadMemberRow({ organizationId, userId });
      const member = facts === null ? null : toMemberFacts(facts, { organizationId, userId }, readEndpoint);
      return { facts: member, scope: organizationId, version: BigInt(version) };
    },
    async key(name) {
      const { version, facts } = await loadKeyRow(Buffer.from(name, 'latin1'));
      if (facts === null) return { facts: null, scope: null, version: 0n };
      return { facts: toKeyFacts(facts), scope: facts.organization_id, version: BigInt(version) };
    },
    isPriceDue() {
      if (clock.monotonicMs() < nextPriceAtMs) return false;
      nextPriceAtMs = Number.POSITIVE_INFINITY;
      return true;
    },
  };
}
