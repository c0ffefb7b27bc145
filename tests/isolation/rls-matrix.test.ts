// Proves: the database's own wall: for every table, as every identity, which rows each command reaches; that a table nobody thought of is reported; and that
// without a context there is nothing.

import { sql } from 'kysely';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createDatabase, type Database } from '../../src/database/pool.ts';
import { withPrincipal } from '../../src/database/principal.ts';
import { createTestDatabase, type TestDatabase } from '../../src/database/testing/database.ts';
import { readTables, type Table } from './rls-catalogue.ts';
import { EXPECTATIONS } from './rls-expectations.ts';
import { ORGANIZATIONS, PEOPLE } from './rls-identities.ts';
import { checkTable, findUnlisted } from './rls-matrix.ts';
import { installProbe } from './rls-probe.ts';
import { buildWorld, keyExpression, type World } from './rls-world.ts';

let testDatabase: TestDatabase;
let client: pg.Client;
/** One connection, so that whatever a transaction leaves behind meets the next one. */
let runtime: Database;
let tables: Table[];
let world: World;

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  client = new pg.Client({ connectionString: testDatabase.ownerUrl });
  await client.connect();
  tables = await readTables(client);
  world = await buildWorld(client, tables);
  await installProbe(client);
  runtime = createDatabase({
    ...{ url: testDatabase.url, role: 'authenticated', max: 1, applicationName: 'weir tests', statementTimeoutMs: 0 },
  });
});

afterAll(async () => {
  await runtime.close();
  await client.end();
  await testDatabase.drop();
});

const adminOfA = {
  userId: PEOPLE.adminA.id,
  organizationId: ORGANIZATIONS.A,
  organizationRole: 'admin',
  platformRole: 'user',
  impersonatorId: null,
} as const;

test('every table has a line and rows, and every line a table', () => {
  expect(findUnlisted(tables, EXPECTATIONS, world)).toEqual([]);
});

test.each(Object.keys(EXPECTATIONS))(
  '%s: every identity reaches what its line says, with every command',
  async (name) => {
    const table = tables.find((each) => each.name === name);
    const line = EXPECTATIONS[name];
    if (table === undefined || line === undefined) throw new Error(`${name} is no table`);
    expect(await checkTable(client, table, line, world)).toEqual([]);
  },
);

describe('the check itself', () => {
  /** Runs with a schema changed by `statements`, which is gone afterwards. */
  async function withSchema<T>(statements: string, work: (changed: pg.Client) => Promise<T>): Promise<T> {
    await client.query(`set role weir_owner; ${statements}; reset role`);
    try {
      return await work(client);
    } finally {
      await client.query(
        'set role weir_owner; drop table if exists weir.unheard_of; drop policy if exists leak on weir.budgets; reset role',
      );
    }
  }

  test('reports a table without a line', async () => {
    const create =
      "create table weir.unheard_of (id uuid primary key); select weir_private.protect_table('weir.unheard_of')";
    const faults = await withSchema(create, async (changed) =>
      findUnlisted(await readTables(changed), EXPECTATIONS, world),
    );
    expect(faults).toEqual(['unheard_of has no line in rls-expectations.ts', 'no row of unheard_of was made']);
  });

  test('reports a line without a table', () => {
    expect(findUnlisted(tables, { ...EXPECTATIONS, gone: {} }, world)).toEqual(['gone has a line, but is no table']);
  });

  const budgets = () => tables.find(({ name }) => name === 'budgets') as Table;

  test.each([
    [
      "a policy that shows another tenant's rows",
      'create policy leak on weir.budgets for select to authenticated using (organization_id is not null)',
      'budgets: member may select [], did [A, B]',
    ],
    [
      'a policy that lets them be changed',
      `create policy leak on weir.budgets to authenticated using (organization_id = '${ORGANIZATIONS.B}') with check (true)`,
      'budgets: admin may update [A], did [A, B]',
    ],
  ])('reports %s', async (_name, policy, fault) => {
    const faults = await withSchema(policy, (changed) =>
      checkTable(changed, budgets(), EXPECTATIONS.budgets ?? {}, world),
    );
    expect(faults).toContain(fault);
  });

  test('reports a right that a line promises and nobody has', async () => {
    const faults = await checkTable(client, budgets(), { ...EXPECTATIONS.budgets, member: { select: 'all' } }, world);
    expect(faults).toContain('budgets: member may select [A, B, platform], did []');
  });
});

/** Keys of the rows that a query gives; none where the role may not even ask. */
async function keysOf(reading: Promise<{ rows: { key: string }[] }>): Promise<string[]> {
  try {
    return (await reading).rows.map(({ key }) => key);
  } catch (error) {
    if ((error as { code?: string }).code === '42501') return [];
    throw error;
  }
}

const everyKey = (table: Table) =>
  sql.raw<{ key: string }>(`select ${keyExpression(table, 't')} as key from weir.${table.name} t`);

describe('without a context', () => {
  async function tablesWithRows(): Promise<string[]> {
    const seen: string[] = [];
    for (const table of tables)
      if ((await keysOf(everyKey(table).execute(runtime.kysely))).length > 0) seen.push(table.name);
    return seen;
  }

  test('no table has a row for a connection that nobody has claimed', async () => {
    expect(await tablesWithRows()).toEqual([]);
  });

  test('a pooled connection carries nothing over, neither after a commit nor after an aborted transaction', async () => {
    const seen = await withPrincipal(runtime, adminOfA, (tx) => tx.selectFrom('budgets').select('id').execute());
    expect(seen).toHaveLength(1);
    expect(await tablesWithRows()).toEqual([]);
    await expect(withPrincipal(runtime, adminOfA, (tx) => sql`select 1 / 0`.execute(tx))).rejects.toThrow('division');
    expect(await tablesWithRows()).toEqual([]);
  });

  test('the role of nobody may not even name a table', async () => {
    await client.query('begin; set local role anon');
    for (const { name } of tables) {
      await client.query('savepoint one');
      await expect(client.query(`select 1 from weir.${name}`)).rejects.toMatchObject({ code: '42501' });
      await client.query('rollback to savepoint one');
    }
    await client.query('rollback');
  });
});

test('claims of an organization, a role or the platform that the tables do not know open nothing', async () => {
  const forged = { organizationId: ORGANIZATIONS.B, organizationRole: 'owner', platformRole: 'superadmin' } as const;
  const forger = { ...adminOfA, ...forged, userId: PEOPLE.memberA.id };
  const foreign: string[] = [];
  for (const table of tables) {
    const keys = await keysOf(withPrincipal(runtime, forger, (tx) => everyKey(table).execute(tx)));
    const rows = (world.get(table.name) ?? []).filter(({ key }) => keys.includes(key));
    foreign.push(...rows.filter((row) => row.organization !== null && row.user !== 'memberA').map(() => table.name));
  }
  expect(foreign).toEqual([]);
});
