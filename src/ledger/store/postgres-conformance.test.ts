// Owns: proof that the Postgres ledger keeps the promises of every store, on a real database.

import { readFile } from 'node:fs/promises';
import { afterAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../database/testing/database.ts';
import { HEADROOM_SHARE } from '../core/decide.ts';
import { describeLedgerStore } from './conformance/ledger-conformance.ts';
import { openPostgresHarnesses, type PostgresHarnesses } from './conformance/postgres-harness.ts';

let database: TestDatabase | undefined;
let harnesses: PostgresHarnesses | undefined;

describeLedgerStore('Postgres', async () => {
  database = await createTestDatabase();
  harnesses = await openPostgresHarnesses(database);
  return harnesses.create();
});

test('the share of the room that a worst case may take is the same in SQL as in the core', async () => {
  const migration = new URL('../../database/migrations/000052_ledger_apply_batch.sql', import.meta.url);
  const [, share] = /headroom_share constant bigint := (\d+);/.exec(await readFile(migration, 'utf8')) ?? [];
  expect(BigInt(share ?? '0')).toBe(HEADROOM_SHARE);
});

afterAll(async () => {
  await harnesses?.close();
  await database?.drop();
});
