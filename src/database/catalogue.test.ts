/** Owns: holding the migrated schema against the catalogue rules. Does not own: the rules (`catalogue/rules.ts`). */
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type CatalogueRule, OBJECT_RULES, PLATFORM_TABLES, ROW_RULES } from './catalogue/rules.ts';
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

// Each test runs in a transaction that is rolled back, so what breaks one rule is gone for the next; roles included.
beforeEach(() => client.query('begin'));
afterEach(() => client.query('rollback'));

async function offendersOf(rule: CatalogueRule): Promise<string[]> {
  const { rows } = await client.query<{ offender: string }>(rule.query);
  return rows.map((row) => row.offender).sort();
}

describe.each([...ROW_RULES, ...OBJECT_RULES])('$name', (rule) => {
  test('holds for every object of the migrated schema', async () => {
    expect(await offendersOf(rule)).toEqual([]);
  });

  test('an object that breaks it is reported', async () => {
    await client.query('set local role weir_owner');
    await client.query(rule.breakIt);
    expect(await offendersOf(rule)).toContain(rule.offender);
  });
});

test("the platform's own tables exist, each with its reason", async () => {
  const { rows } = await client.query<{ name: string }>(
    `select relname as name from pg_class where relnamespace = 'weir'::regnamespace and relkind in ('r', 'p')`,
  );
  const present = rows.map((row) => row.name);
  for (const [table, reason] of Object.entries(PLATFORM_TABLES)) {
    expect(present).toContain(table);
    expect(reason.length).toBeGreaterThan(20);
  }
});
