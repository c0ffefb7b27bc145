/**
 * Owns: writing what is generated from the migrations: their list, the row types and the readable schema. Does not own: their content.
 * Run it after adding a migration: `node src/database/generate.ts`; tests compare the files with the migrations.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { dumpSchema } from './generation/dump.ts';
import { extendMigrationList } from './generation/migration-list.ts';
import { describeRows } from './generation/rows.ts';
import { readMigrations } from './migration-files.ts';
import { withDatabaseName } from './testing/database-url.ts';
import { startTestCluster } from './testing/test-cluster.ts';

/** All migrations in the order in which they were added. */
export const MIGRATION_LIST = join(import.meta.dirname, 'migrations.lock');

/** The other committed files, and how each is made. */
export const GENERATED: readonly { path: string; make: (client: pg.Client) => Promise<string> }[] = [
  { path: join(import.meta.dirname, 'rows.generated.ts'), make: describeRows },
  { path: join(import.meta.dirname, 'schema.sql'), make: dumpSchema },
];

/** Writes every generated file, the schema's from a migrated throw-away cluster. Throws where a migration does not go forward. */
async function generate(): Promise<void> {
  const list = await readFile(MIGRATION_LIST, 'utf8');
  await writeFile(MIGRATION_LIST, extendMigrationList(list, await readMigrations()));
  const { cluster, close } = await startTestCluster(undefined);
  const client = new pg.Client({ connectionString: withDatabaseName(cluster.adminUrl, cluster.template) });
  try {
    await client.connect();
    for (const { path, make } of GENERATED) await writeFile(path, await make(client));
  } finally {
    await client.end();
    await close();
  }
}

if (import.meta.main) await generate();
