// Proves: two databases are told apart, and one is known again, with the rights that the gateway has.

import { expect, test } from 'vitest';
import { createDatabase } from '../../database/pool.ts';
import { createTestDatabase } from '../../database/testing/database.ts';
import { findLedgerId } from './ledger-id.ts';

test('each database has an id of its own, the same over every connection', async () => {
  const databases = [await createTestDatabase(), await createTestDatabase()];
  const ids = [];
  for (const { url } of databases) {
    const options = {
      url,
      role: 'weir_gateway',
      max: 1,
      applicationName: 'ledger id test',
      statementTimeoutMs: 0,
    } as const;
    for (let round = 0; round < 2; round += 1) {
      const database = createDatabase(options);
      ids.push(await findLedgerId(database));
      await database.close();
    }
  }
  expect(ids[0]).toMatch(/^\d+\/\d+$/);
  expect(ids[1]).toBe(ids[0]);
  expect(ids[3]).toBe(ids[2]);
  expect(ids[2]).not.toBe(ids[0]);
  for (const database of databases) await database.drop();
});
