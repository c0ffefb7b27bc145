/**
 * Owns: writing what is generated from the migrations: the row types and the readable schema. Does not own: their content.
 * Run it after adding a migration: `node src/database/generate.ts`; a test compares both files with the migrations.
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { dumpSchema } from './generation/dump.ts';
import { describeRows } from './generation/rows.ts';
import { withDatabaseName } from './testing/database-url.ts';
import { startTestCluster } from './testing/test-cluster.ts';

/** The committed files, and how each is made. */
export const GENERATED: readonly { path: string; make: (client: pg.Client) => Promise<string> }[] = [
  { path: join(import.meta.dirname, 'rows.generated.ts'), make: describeRows },
  { path: join(import.meta.dirname, 'schema.sql'), make: dumpSchema },
];

/** Writes every generated file from a migrated throw-away cluster. */
async function generate(): Promise<void> {
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
