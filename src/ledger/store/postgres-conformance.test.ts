// Owns: proof that the Postgres ledger keeps the promises of every store, on a real database.

import { afterAll } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../database/testing/database.ts';
import { describeLedgerStore } from './conformance/ledger-conformance.ts';
import { createPostgresHarness } from './conformance/postgres-harness.ts';

let database: TestDatabase | undefined;

describeLedgerStore('Postgres', async () => {
  database = await createTestDatabase();
  return createPostgresHarness(database);
});

afterAll(async () => {
  await database?.drop();
});
