// Owns: the proof of what the product API's own tables promise: rates that are kept exactly, and mail that goes with its act. Not: who reads them
// (tests/isolation).

import { sql } from 'kysely';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createDatabase, type Database } from '../pool.ts';
import { type Caller, withPlatform, withPrincipal } from '../principal.ts';
import { createTestDatabase, type TestDatabase } from '../testing/database.ts';

let testDatabase: TestDatabase;
let owner: pg.Client;
/** Looks on while `owner` is in a transaction, whose picture of what others do stands still. */
let onlooker: pg.Client;
let service: Database;

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  owner = new pg.Client({ connectionString: testDatabase.ownerUrl });
  await owner.connect();
  onlooker = new pg.Client({ connectionString: testDatabase.ownerUrl });
  await onlooker.connect();
  service = createDatabase({
    ...{ url: testDatabase.url, role: 'weir_service', max: 10, applicationName: 'weir tests', statementTimeoutMs: 0 },
  });
});

afterAll(async () => {
  await service.close();
  await owner.end();
  await onlooker.end();
  await testDatabase.drop();
});

interface Taken {
  allowed: boolean;
  remaining: number;
  resets_at: Date;
}

async function take(key: string, limit = 3, seconds = 60): Promise<Taken> {
  const { rows } = await sql<Taken>`select * from weir.take_rate_token(${key}, ${limit}, ${seconds})`.execute(
    service.kysely,
  );
  return rows[0] as Taken;
}

test('a window gives as many tokens as its limit, says what is left, and when it ends', async () => {
  const taken = [await take('a'), await take('a'), await take('a'), await take('a')];
  expect(taken.map(({ allowed, remaining }) => [allowed, remaining])).toEqual([
    [true, 2],
    [true, 1],
    [true, 0],
    [false, 0],
  ]);
  expect(new Set(taken.map((each) => each.resets_at.getTime())).size).toBe(1);
});

test('40 at once get exactly the limit', async () => {
  const taken = await Promise.all(Array.from({ length: 40 }, () => take('at once', 10)));
  expect(taken.filter(({ allowed }) => allowed)).toHaveLength(10);
});

test('an attempt that began before another and comes after it finds its window, and does not begin it anew', async () => {
  await take('overtaken', 1);
  await owner.query(`update weir.rate_limit_windows set resets_at = now() - interval '1 second', window_start = now() - interval '1 hour'
    where key = 'overtaken'`);
  await owner.query('begin');
  await owner.query(`select from weir.rate_limit_windows where key = 'overtaken' for update`);
  const waiting = take('overtaken', 1);
  const waits = `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
  await expect.poll(async () => (await onlooker.query(waits)).rowCount).toBe(1);
  const { rows } = await owner.query<Taken>(`select allowed from weir.take_rate_token('overtaken', 1, 60)`);
  await owner.query('commit');
  expect(rows).toEqual([{ allowed: true }]);
  expect((await waiting).allowed).toBe(false);
});

test('what is refused changes nothing, so that trying on does not prolong the wait', async () => {
  await take('refused', 1);
  const read = async () => (await owner.query("select * from weir.rate_limit_windows where key = 'refused'")).rows;
  const before = await read();
  for (let attempt = 0; attempt < 5; attempt += 1) expect((await take('refused', 1)).allowed).toBe(false);
  expect(await read()).toEqual(before);
});

test.each([
  ['ended', "resets_at = now() - interval '1 second', window_start = now() - interval '1 hour'"],
  ['was begun by a clock that was ahead', "resets_at = now() + interval '1 day'"],
])('a window that %s begins anew', async (name, change) => {
  await take(name, 1);
  await owner.query(`update weir.rate_limit_windows set ${change} where key = $1`, [name]);
  const again = await take(name, 1);
  expect(again.allowed).toBe(true);
  expect((await take(name, 1)).allowed).toBe(false);
});

test.each([
  [0, 60],
  [5, 0],
  [5, 86_401],
])('a rate of %i in %i seconds is refused', async (limit, seconds) => {
  await expect(take('odd', limit, seconds)).rejects.toMatchObject({ code: '22023' });
});

test('windows that ended are removed, so many at a time', async () => {
  for (const name of ['old-1', 'old-2', 'old-3']) await take(name);
  await owner.query(`update weir.rate_limit_windows set resets_at = now() - interval '1 second', window_start = now() - interval '1 hour'
    where key like 'old-%'`);
  const clear = async () =>
    (await sql<{ n: number }>`select weir.clear_rate_limit_windows(2) as n`.execute(service.kysely)).rows[0]?.n;
  expect([await clear(), await clear(), await clear()]).toEqual([2, 1, 0]);
});

const nobody: Caller = {
  ...{ userId: '01920000-0000-7000-8000-000000000001', organizationId: null, organizationRole: null },
  ...{ platformRole: 'user', impersonatorId: null },
};

const enqueue = (to: string, subject = 'Hello') =>
  sql<{ id: string }>`select weir.enqueue_mail('test', ${to}, ${subject}, 'text', null) as id`;

test('mail goes with its act: written in its transaction, gone with it', async () => {
  await withPrincipal(service, nobody, (tx) => enqueue('kept@people.example').execute(tx));
  const aborted = withPrincipal(service, nobody, async (tx) => {
    await enqueue('lost@people.example').execute(tx);
    throw new Error('changed my mind');
  });
  await expect(aborted).rejects.toThrow('changed my mind');
  const { rows } = await owner.query('select to_address, status, attempts from weir.mail_outbox');
  expect(rows).toEqual([{ to_address: 'kept@people.example', status: 'pending', attempts: 0 }]);
});

test.each([
  ['a line break in its address', 'a@b.example\r\nBcc: c@d.example', 'Hello'],
  ['a line break in its subject', 'a@b.example', 'Hello\nBcc: c@d.example'],
  ['no end to its subject', 'a@b.example', 'x'.repeat(501)],
])('mail with %s is refused', async (_name, to, subject) => {
  const writing = withPlatform(service, 'test', (tx) => enqueue(to, subject).execute(tx));
  await expect(writing).rejects.toMatchObject({ code: '23514' });
});
