// Owns: the database that everything is measured on: a Postgres of the benchmark's own, migrated and seeded, and what can be asked of it. Not: what
// is in it (populate.ts), or who uses it.

import { statfs } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../src/database/embedded/embedded-postgres.ts';
import { removeStore } from '../../src/database/embedded/store.ts';
import { silentLog } from '../../src/database/log.ts';
import { migrate } from '../../src/database/migrate.ts';
import { seedReference } from '../../src/database/seeds/index.ts';
import { makeScratchDirectory } from '../../src/database/testing/scratch-directory.ts';
import { systemClock } from '../../src/primitives/clock.ts';
import { type BenchOrganization, openPremiumModel, populate } from './populate.ts';

/** The database and the ways to it. */
export interface World {
  /** Where processes keep their files. */
  readonly directory: string;
  readonly postgres: EmbeddedPostgres;
  /** Past every policy. */
  readonly owner: pg.Client;
  /** For the load; the first is the hot one. */
  readonly organizations: readonly BenchOrganization[];
  /** Set when the data lie in memory, where a flush to disk costs nothing: durable figures are then worth nothing. */
  readonly isInMemory: boolean;
}

/** For the load over many organizations. */
const LOAD_ORGANIZATIONS = 100;

/** `TMPFS_MAGIC` and `RAMFS_MAGIC` of statfs(2). */
const MEMORY_FILE_SYSTEMS: ReadonlySet<number> = new Set([0x01021994, 0x858458f6]);

/** Starts it in a folder of the system's temporary ones; both are gone when `stops` are run. */
export async function createWorld(stops: AsyncDisposableStack): Promise<World> {
  const scratch = await makeScratchDirectory('weir-bench-');
  stops.defer(scratch.remove);
  const home = join(scratch.path, 'postgres');
  stops.defer(() => removeStore(home));
  const starting = startEmbeddedPostgres({ directory: home, log: silentLog });
  // Cut short while it starts, it is waited for: nobody else would stop it.
  stops.defer(() =>
    starting.then(
      (started) => started.stop(),
      () => {},
    ),
  );
  const postgres = await starting;
  await migrate({ connectionString: postgres.ownerUrl, log: silentLog });
  const owner = new pg.Client({ connectionString: postgres.ownerUrl });
  // Postgres may go first when all is cut short.
  owner.on('error', () => {});
  await owner.connect();
  stops.defer(() => owner.end());
  await seedReference(owner, { clock: systemClock, sandbox: false });
  await openPremiumModel(owner);
  const organizations = await populate(owner, LOAD_ORGANIZATIONS);
  const { type } = await statfs(home);
  return { directory: scratch.path, postgres, owner, organizations, isInMemory: MEMORY_FILE_SYSTEMS.has(type) };
}

/** Counters that are not what their events and holds say. */
export async function countDrift({ owner }: World): Promise<number> {
  return countOf(owner, 'select count(*)::int as count from weir_private.ledger_drift()');
}

/** Events of calls that ended well. */
export async function countSuccesses({ owner }: World): Promise<number> {
  return countOf(owner, "select count(*)::int as count from weir.usage_events where status = 'success'");
}

/** Holds that nobody has ended yet. */
export async function countHolds({ owner }: World): Promise<number> {
  return countOf(owner, 'select count(*)::int as count from weir.holds');
}

async function countOf(owner: pg.Client, text: string): Promise<number> {
  const { rows } = await owner.query<{ count: number }>(text);
  return rows[0]?.count ?? 0;
}
