// Owns: long simulations from the command line: `node src/ledger/store/simulator/main.ts --seeds 20000 --from 0 --store postgres`.
// `--database-url` names a server by a login that may create databases; without it a throw-away one is started. Not: the runs (simulation-batch.ts).

import { parseArgs } from 'node:util';
import pg from 'pg';
import { withDatabaseName } from '../../../database/testing/database-url.ts';
import { startTestCluster } from '../../../database/testing/test-cluster.ts';
import { createMemoryHarness, HARNESS_START_MS } from '../conformance/memory-harness.ts';
import { openPostgresHarnesses } from '../conformance/postgres-harness.ts';
import { describeFailure, type HarnessMaker, simulateSeeds } from './simulation-batch.ts';

/** Runs under way at once; more gain nothing on a small machine. */
const AT_ONCE = 6;
const FAILURES_MAX = 3;
const PROGRESS_EVERY = 500;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      seeds: { type: 'string', default: '1000' },
      from: { type: 'string', default: '0' },
      store: { type: 'string', default: 'memory' },
      'database-url': { type: 'string' },
    },
  });
  const postgres = values.store === 'postgres';
  const setting = postgres
    ? await startDatabases(values['database-url'])
    : { makers: [async () => createMemoryHarness()], close: async () => undefined };
  try {
    const failing = await simulateSeeds({
      firstSeed: Number(values.from),
      seeds: Number(values.seeds),
      startMs: HARNESS_START_MS,
      makers: setting.makers,
      failuresMax: FAILURES_MAX,
      onProgress: (done) => {
        if (done % PROGRESS_EVERY === 0) process.stdout.write(`${done} seeds\n`);
      },
    });
    for (const one of failing) process.stdout.write(`${describeFailure(one, postgres ? 'postgres' : 'memory')}\n\n`);
    process.stdout.write(`${values.seeds} seeds from ${values.from} on ${values.store}: ${failing.length} failed\n`);
    process.exitCode = failing.length > 0 ? 1 : 0;
  } finally {
    await setting.close();
  }
}

async function startDatabases(
  databaseUrl: string | undefined,
): Promise<{ makers: HarnessMaker[]; close: () => Promise<void> }> {
  const { cluster, close } = await startTestCluster(databaseUrl);
  const admin = new pg.Client({ connectionString: cluster.adminUrl });
  await admin.connect();
  const names = Array.from({ length: AT_ONCE }, (_, index) => `${cluster.prefix}_simulation_${index}`);
  for (const name of names) await admin.query(`create database ${name} template ${cluster.template}`);
  const harnesses = await Promise.all(
    names.map((name) => {
      const url = withDatabaseName(cluster.loginUrl, name);
      return openPostgresHarnesses({ url, ownerUrl: withDatabaseName(cluster.adminUrl, name), lanes: 1 });
    }),
  );
  return {
    makers: harnesses.map((each) => () => each.create()),
    async close() {
      for (const each of harnesses) await each.close();
      for (const name of names) await admin.query(`drop database if exists ${name} with (force)`);
      await admin.end();
      await close();
    },
  };
}

await main();
