// Owns: how a command finds the database: DATABASE_URL, else the embedded one of the server that runs here, else started for the command's time. Not: what the
// command does with it.

import { resolve } from 'node:path';
import pg from 'pg';
import { CONNECT_TIMEOUT_MS } from '../../database/connection.ts';
import { startDatabase } from '../lifecycle/database-start.ts';
import { readServerFile } from '../lifecycle/state-files.ts';
import type { Log } from '../logging/log.ts';
import type { Config } from '../settings/config.ts';

/** A database for the time of a command. */
export interface CommandDatabase {
  /** As the run-time login. */
  readonly url: string;
  /** As the login that migrates; the run-time one where the settings name no other. */
  readonly migrationUrl: string;
  /** Where it came from, for people. */
  readonly origin: 'DATABASE_URL' | 'the running server' | 'started for this command';
}

/** Runs `work` with the database and ends what was started for it. Throws what the start throws. */
export async function withCommandDatabase<T>(
  { config, log }: { config: Pick<Config, 'database' | 'directory'>; log: Log },
  work: (database: CommandDatabase) => Promise<T>,
): Promise<T> {
  const { database } = config;
  if (database !== null) {
    return work({ url: database.url, migrationUrl: database.migrationUrl ?? database.url, origin: 'DATABASE_URL' });
  }
  const directory = resolve(config.directory);
  const running = (await readServerFile(directory))?.database ?? null;
  if (running !== null && (await answers(running.url))) return work({ ...running, origin: 'the running server' });

  const started = await startDatabase({ config, directory, log });
  try {
    return await work({
      url: started.url,
      migrationUrl: started.migrationUrl ?? started.url,
      origin: 'started for this command',
    });
  } finally {
    await started.stop();
  }
}

async function answers(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: CONNECT_TIMEOUT_MS });
  client.on('error', () => {});
  try {
    await client.connect();
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => {});
  }
}
