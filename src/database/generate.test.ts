/** Owns: that the committed generated files are what the migrations give. Does not own: the generators' wording. */
import { readFile } from 'node:fs/promises';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { GENERATED } from './generate.ts';
import { createTestDatabase, type TestDatabase } from './testing/database.ts';

let database: TestDatabase;
let client: pg.Client;

beforeAll(async () => {
  database = await createTestDatabase();
  client = new pg.Client({ connectionString: database.ownerUrl });
  await client.connect();
});

afterAll(async () => {
  await client.end();
  await database.drop();
});

test.each(GENERATED)(
  '$path equals what the migrations give (else: node src/database/generate.ts)',
  async ({ path, make }) => {
    expect(await readFile(path, 'utf8')).toBe(await make(client));
  },
);
