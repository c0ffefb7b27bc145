// Owns: finding changes whose notification was lost, by comparing the versions in memory with the database's. Not: notifications.
// Every scope in memory is compared by its key rather than by time of change: a transaction that stays open longer than any overlap commits
// with an old time, and a time misses it. It costs one index lookup a scope, only in intervals of seconds.

import type { Database } from '../../database/pool.ts';
import type { FactScopes } from './fact-scopes.ts';
import type { SnapshotLimits } from './limits.ts';
import { listChangedVersions } from './snapshot-queries.ts';

/** Compares all scopes in memory and drops what has changed. Rejects when the database can't be asked; nothing is dropped then. */
export async function checkVersions(
  database: Database,
  scopes: FactScopes,
  limits: Pick<SnapshotLimits, 'scopesPerCheckMax'>,
): Promise<void> {
  const known = scopes.versions();
  for (let from = 0; from < known.length; from += limits.scopesPerCheckMax) {
    const changed = await listChangedVersions(database, known.slice(from, from + limits.scopesPerCheckMax));
    for (const { name, sent, found } of changed) scopes.differs(name, sent, found);
  }
}
