/** Owns: the guarantees of the two doors to a query. Does not own: what each table's policies let through. */
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createDatabase, type Database, type DatabaseTransaction } from './pool.ts';
import { type Caller, withPlatform, withPrincipal } from './principal.ts';
import { createTestDatabase, type TestDatabase } from './testing/database.ts';

const CALLER: Caller = {
  userId: '01920000-0000-7000-8000-000000000001',
  organizationId: '01920000-0000-7000-8000-0000000000aa',
  organizationRole: 'admin',
  platformRole: 'user',
  impersonatorId: null,
};

interface Identity {
  role: string;
  uid: string | null;
  claims: string;
  reason: string;
}

async function identityIn(tx: DatabaseTransaction | Database['kysely']): Promise<Identity | undefined> {
  const { rows } = await sql<Identity>`select current_user::text as role, auth.uid()::text as uid,
    coalesce(current_setting('request.jwt.claims', true), '') as claims,
    coalesce(current_setting('weir.platform_reason', true), '') as reason`.execute(tx);
  return rows[0];
}

describe('withPrincipal', () => {
  let testDatabase: TestDatabase;
  let database: Database;

  beforeAll(async () => {
    testDatabase = await createTestDatabase();
    // One connection, so that what a transaction leaves behind meets the next one.
    database = createDatabase({
      url: testDatabase.url,
      role: 'weir_service',
      max: 1,
      applicationName: 'test',
      statementTimeoutMs: 0,
    });
  });

  afterAll(async () => {
    await database.close();
    await testDatabase.drop();
  });

  test('runs as authenticated with the person readable as auth.uid()', async () => {
    const seen = await withPrincipal(database, CALLER, identityIn);
    expect(seen).toMatchObject({ role: 'authenticated', uid: CALLER.userId });
    expect(JSON.parse(seen?.claims ?? '')).toEqual({
      sub: CALLER.userId,
      role: 'authenticated',
      organization_id: CALLER.organizationId,
      organization_role: 'admin',
      platform_role: 'user',
      impersonator: null,
    });
  });

  test('nothing of a person carries over to the connection after a commit', async () => {
    await withPrincipal(database, CALLER, identityIn);
    expect(await identityIn(database.kysely)).toEqual({ role: 'weir_service', uid: null, claims: '', reason: '' });
  });

  test('nothing of a person carries over after an aborted transaction', async () => {
    const failing = withPrincipal(database, CALLER, (tx) => sql`select 1 / 0`.execute(tx));
    await expect(failing).rejects.toThrow('division by zero');
    expect(await identityIn(database.kysely)).toEqual({ role: 'weir_service', uid: null, claims: '', reason: '' });
  });

  test('nothing of a person carries over when the work throws between queries', async () => {
    const failing = withPrincipal(database, CALLER, async () => {
      throw new Error('changed my mind');
    });
    await expect(failing).rejects.toThrow('changed my mind');
    expect(await identityIn(database.kysely)).toMatchObject({ role: 'weir_service', uid: null });
  });

  test('a platform transaction sees no person and carries its reason', async () => {
    await withPrincipal(database, CALLER, identityIn);
    const seen = await withPlatform(database, 'sweep expired holds', identityIn);
    expect(seen).toEqual({ role: 'weir_service', uid: null, claims: '', reason: 'sweep expired holds' });
    expect(await identityIn(database.kysely)).toMatchObject({ reason: '' });
  });

  test('the platform door does not open without a reason', () => {
    expect(() => withPlatform(database, '  ', identityIn)).toThrow('needs a reason');
  });

  test.each(['40P01', '40001'])(
    'a transaction that lost to another one (%s) is run again, from its beginning',
    async (code) => {
      let runs = 0;
      const done = withPlatform(database, 'lose twice', async (tx) => {
        runs += 1;
        if (runs < 3) await fail(tx, code);
        return identityIn(tx);
      });
      expect((await done)?.role).toBe('weir_service');
      expect(runs).toBe(3);
    },
  );

  test('one that loses again and again is given up, and one that fails otherwise is not repeated', async () => {
    const runs = { lost: 0, refused: 0 };
    const lost = withPrincipal(database, CALLER, (tx) => {
      runs.lost += 1;
      return fail(tx, '40P01');
    });
    await expect(lost).rejects.toMatchObject({ code: '40P01' });
    const refused = withPrincipal(database, CALLER, (tx) => {
      runs.refused += 1;
      return fail(tx, '23505');
    });
    await expect(refused).rejects.toMatchObject({ code: '23505' });
    expect(runs).toEqual({ lost: 5, refused: 1 });
  });
});

/** Fails as the database would. */
async function fail(tx: DatabaseTransaction, code: string): Promise<void> {
  await sql`do ${sql.lit(`begin raise exception 'lost' using errcode = '${code}'; end`)}`.execute(tx);
}
