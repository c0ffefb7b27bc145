// Owns: proof that the Postgres ledger, on a real database, does what the reference does under seeded faults.

import { afterAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../database/testing/database.ts';
import { HARNESS_START_MS } from '../conformance/memory-harness.ts';
import { openPostgresHarnesses, type PostgresHarnesses } from '../conformance/postgres-harness.ts';
import { describeFailure, type HarnessMaker, simulateSeeds } from './simulation-batch.ts';
import { seedsFromEnvironment } from './simulation-seeds.ts';

/** Runs under way at once, each on a database of its own: a sweep ends the holds of everybody in it. */
const AT_ONCE = 6;
/** Far beyond what the runs need; a test never measures time. */
const PATIENCE_MS = 3_600_000;

const databases: TestDatabase[] = [];
const harnesses: PostgresHarnesses[] = [];

test(
  'the Postgres ledger does what the reference does over the seeded runs',
  async () => {
    const makers: HarnessMaker[] = [];
    for (let place = 0; place < AT_ONCE; place += 1) {
      const database = await createTestDatabase();
      databases.push(database);
      const made = await openPostgresHarnesses({ ...database, lanes: 1 });
      harnesses.push(made);
      makers.push(() => made.create());
    }
    const failing = await simulateSeeds({
      ...seedsFromEnvironment(),
      startMs: HARNESS_START_MS,
      makers,
      failuresMax: 1,
    });
    expect(failing.map((one) => describeFailure(one, 'postgres'))).toEqual([]);
  },
  PATIENCE_MS,
);

afterAll(async () => {
  for (const each of harnesses) await each.close();
  for (const database of databases) await database.drop();
});
