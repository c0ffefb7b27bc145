// Owns: getting to a database that this code may serve with: embedded or given, migrated, its schema and login checked. Not: seeds or pools.

import { startEmbeddedPostgres } from '../../database/embedded/embedded-postgres.ts';
import { checkSchema, migrate } from '../../database/migrate.ts';
import type { Log } from '../logging/log.ts';
import type { Config } from '../settings/config.ts';
import { DatabaseLoginError, describeLoginFaults } from './database-checks.ts';

/** A database that answers. */
export interface StartedDatabase {
  /** As the run-time login. */
  readonly url: string;
  /** As the login that migrates; null where this process has none. */
  readonly migrationUrl: string | null;
  readonly isEmbedded: boolean;
  /** Ends an embedded server; nothing for one that was given. */
  stop(): Promise<void>;
}

/** Starts the embedded PostgreSQL, or takes the one that the settings name. Throws `EmbeddedPostgresError` with what to do. */
export async function startDatabase(options: {
  readonly config: Pick<Config, 'database'>;
  readonly directory: string;
  readonly log: Log;
}): Promise<StartedDatabase> {
  const { config, directory, log } = options;
  if (config.database !== null) return { ...config.database, isEmbedded: false, stop: async () => {} };
  const postgres = await startEmbeddedPostgres({ directory, log });
  return { url: postgres.url, migrationUrl: postgres.ownerUrl, isEmbedded: true, stop: () => postgres.stop() };
}

/**
 * Migrates where this process has the login for it, and checks that the schema is this code's and, in production, that the run-time login has no more rights
 * than it needs. Throws with what to do.
 */
export async function prepareSchema(options: {
  readonly database: StartedDatabase;
  readonly mode: Config['mode'];
  readonly log: Log;
}): Promise<void> {
  const { database, mode, log } = options;
  if (database.migrationUrl !== null) await migrate({ connectionString: database.migrationUrl, log });
  if (mode === 'production') {
    const faults = await describeLoginFaults(database.url);
    if (faults.length > 0)
      throw new DatabaseLoginError(`DATABASE_URL may not be used in production: ${faults.join('; ')}`);
  }
  const version = await checkSchema({ connectionString: database.url });
  if (version.state === 'newer-compatible')
    log.warn({ unknown: version.unknown }, 'the database is of a newer release that works with this one');
}
