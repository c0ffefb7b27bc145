/** Owns: which errors count as unavailable or as a lost race. Does not own: what callers answer. */
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isDatabaseUnavailable, isRetryableConflict } from './failures.ts';
import { connectDedicated, createDatabase } from './pool.ts';
import { createTestDatabase, type TestDatabase } from './testing/database.ts';

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
});

afterAll(() => database.drop());

const withCode = (code: string): Error => Object.assign(new Error('said by the server'), { code });

/** What a promise rejects with. */
const failureOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  );

describe('isDatabaseUnavailable', () => {
  test.each([
    'ECONNREFUSED',
    'ECONNRESET',
    'EPIPE',
    'ENOENT',
    '08006',
    '57P01',
    '57P02',
    '57P03',
    '25006',
    '53300',
    '53100',
  ])('%s is', (code) => expect(isDatabaseUnavailable(withCode(code))).toBe(true));

  test.each(['23505', '42P01', '40001', '57014', 'ERR_ASSERTION'])('%s is not', (code) =>
    expect(isDatabaseUnavailable(withCode(code))).toBe(false),
  );

  test('a cause or an aggregated error counts; a text, null and a cycle of causes do not', () => {
    expect(isDatabaseUnavailable(new Error('outer', { cause: withCode('57P01') }))).toBe(true);
    expect(isDatabaseUnavailable(new AggregateError([new Error('x'), withCode('ECONNREFUSED')]))).toBe(true);
    const cycle = new Error('round');
    cycle.cause = cycle;
    for (const other of ['ECONNREFUSED', null, undefined, cycle]) expect(isDatabaseUnavailable(other)).toBe(false);
  });

  test('a missing socket is', async () => {
    const nowhere = createDatabase({
      url: 'postgresql://weir:x@localhost/weir?host=%2Fnonexistent',
      role: 'weir_gateway',
      max: 1,
      applicationName: 'test',
      statementTimeoutMs: 0,
    });
    expect(isDatabaseUnavailable(await failureOf(nowhere.pool.query('select 1')))).toBe(true);
    await nowhere.close();
  });

  test('a session ended under a running query is, and the pool goes on', async () => {
    const own = createDatabase({
      url: database.url,
      role: 'weir_gateway',
      max: 2,
      applicationName: 'victim',
      statementTimeoutMs: 0,
    });
    const running = failureOf(own.pool.query('select pg_sleep(20)'));
    const owner = new pg.Client({ connectionString: database.ownerUrl });
    await owner.connect();
    for (let ended = 0; ended === 0; ) {
      const { rowCount } = await owner.query(
        `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'victim' and query like 'select pg_sleep%'`,
      );
      ended = rowCount ?? 0;
    }
    expect(isDatabaseUnavailable(await running)).toBe(true);
    expect((await own.pool.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
    await own.close();
    await owner.end();
  });

  test('a session ended while idle in the hands of a caller is, at the next query', async () => {
    const client = await connectDedicated({ url: database.url, role: 'weir_gateway' });
    const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
    const ended = new Promise((resolve) => client.once('end', resolve));
    const owner = new pg.Client({ connectionString: database.ownerUrl });
    await owner.connect();
    await owner.query('select pg_terminate_backend($1)', [rows[0]?.pid]);
    await ended;
    expect(isDatabaseUnavailable(await failureOf(client.query('select 1')))).toBe(true);
    await owner.end();
  });

  test('a statement that took too long is not', async () => {
    const own = createDatabase({
      url: database.url,
      role: 'weir_gateway',
      max: 1,
      applicationName: 'test',
      statementTimeoutMs: 50,
    });
    const error = await failureOf(own.pool.query('select pg_sleep(20)'));
    expect(error).toMatchObject({ code: '57014' });
    expect(isDatabaseUnavailable(error)).toBe(false);
    await own.close();
  });
});

test('a deadlock and a serialization failure are retryable conflicts, a duplicate is not', () => {
  expect(isRetryableConflict(withCode('40P01'))).toBe(true);
  expect(isRetryableConflict(withCode('40001'))).toBe(true);
  expect(isRetryableConflict(withCode('23505'))).toBe(false);
});
