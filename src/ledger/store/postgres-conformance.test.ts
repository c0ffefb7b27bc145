// Owns: proof that the Postgres ledger keeps the promises of every store, on a real database.

import { afterAll } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../database/testing/database.ts';
import { describeLedgerStore } from './conformance/ledger-conformance.ts';
import { openPostgresHarnesses, type PostgresHarnesses } from './conformance/postgres-harness.ts';

let database: TestDatabase | undefined;
let harnesses: PostgresHarnesses | undefined;

describeLedgerStore('Postgres', async () => {
  database = await createTestDatabase();
  harnesses = await openPostgresHarnesses(database);
  return harnesses.create();
});

afterAll(async () => {
  await harnesses?.close();
  await database?.drop();
});
