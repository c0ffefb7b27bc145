/** Owns: a database of a test file's own, cloned from the migrated template. Does not own: the cluster (`test-cluster.ts`). */
import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { inject } from 'vitest';
import { withDatabaseName } from './database-url.ts';
import type { TestCluster } from './test-cluster.ts';

export interface TestDatabase {
  /** Run-time login: pass to `createDatabase` with a role. */
  url: string;
  /** The migrating login (a superuser, unless DATABASE_URL says otherwise): for setting up rows past every policy. */
  ownerUrl: string;
  databaseName: string;
  /** Ends every session in it and removes it. */
  drop(): Promise<void>;
}

/**
 * Clones the migrated template, some 40 ms; drop it in `afterAll`. `from: 'nothing'` gives a database without migrations
 * instead. What is not dropped goes with the run.
 */
export async function createTestDatabase(options: { from?: 'template' | 'nothing' } = {}): Promise<TestDatabase> {
  const cluster = inject('testCluster');
  const databaseName = `${cluster.prefix}_${randomBytes(4).toString('hex')}`;
  const source = options.from === 'nothing' ? 'template0' : cluster.template;
  await asAdmin(cluster, `create database ${databaseName} template ${source} strategy file_copy`);
  return {
    url: withDatabaseName(cluster.loginUrl, databaseName),
    ownerUrl: withDatabaseName(cluster.adminUrl, databaseName),
    databaseName,
    drop: () => asAdmin(cluster, `drop database if exists ${databaseName} with (force)`),
  };
}

async function asAdmin(cluster: TestCluster, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: cluster.adminUrl, application_name: 'weir tests' });
  client.on('error', () => {});
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
