// Owns: the face of the snapshot that the stages use. Not: its loading (snapshot-queries.ts), keeping (fact-cache.ts) or freshness (fact-scopes.ts).

import type { FactVersions } from '../../ledger/core/reservation.ts';
import type { KeyFacts, MemberFacts, OrganizationFacts, PlatformFacts } from './facts.ts';

/**
 * Facts in memory, fresh within 1 s of a change (LISTEN), 10 s if the notification is lost (version poll). In the steady state every
 * method answers synchronously from memory; a promise is given only when something has to be loaded. Unknown: null.
 */
export interface Snapshot {
  platform(): PlatformFacts | Promise<PlatformFacts>;
  organization(organizationId: string): OrganizationFacts | null | Promise<OrganizationFacts | null>;
  member(organizationId: string, userId: string): MemberFacts | null | Promise<MemberFacts | null>;
  /** By the key's SHA-256. Unknown hashes are remembered in a bounded negative cache. */
  key(hash: Buffer): KeyFacts | null | Promise<KeyFacts | null>;
  /**
   * Drops what is known of an organization and the platform after the ledger said `stale`; the next question loads. With the versions that the
   * call was decided from, only what still stands at them is dropped: many calls of one batch then cause one load.
   */
  invalidate(organizationId: string, seen?: FactVersions): void;
}
