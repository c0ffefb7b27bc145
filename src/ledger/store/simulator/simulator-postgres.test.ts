// Owns: proof that the Postgres ledger, on a real database, does what the reference does under seeded faults.

import { afterAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../database/testing/database.ts';
import { HARNESS_START_MS } from '../conformance/memory-harness.ts';
import { createPostgresHarness } from '../conformance/postgres-harness.ts';
import { describeFailure, type HarnessMaker, simulateSeeds } from './simulation-batch.ts';
import { seedsFromEnvironment } from './simulation-seeds.ts';

/** Runs under way at once, each on a database of its own: a sweep ends the holds of everybody in it. */
const AT_ONCE = 6;
/** Far beyond what the runs need; a test never measures time. */
const PATIENCE_MS = 3_600_000;

const databases: TestDatabase[] = [];

test(
  'the Postgres ledger does what the reference does over the seeded runs',
  async () => {
    const makers: HarnessMaker[] = [];
    for (let maker = 0; maker < AT_ONCE; maker += 1) {
      const database = await createTestDatabase();
      databases.push(database);
      makers.push(() => createPostgresHarness({ ...database, lanes: 1 }));
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
  for (const database of databases) await database.drop();
});
