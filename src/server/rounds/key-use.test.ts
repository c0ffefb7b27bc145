// Proves: the last use of a key is noted together with others', once a round, never set back, and not lost to a database that is away for a while.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { createDatabase, type Database } from '../../database/pool.ts';
import type { CallReport } from '../../gateway/observer.ts';
import type { Log } from '../logging/log.ts';
import { startTestServer, type TestServer } from '../testing/running-server.ts';
import { createKeyUse } from './key-use.ts';

let server: TestServer;
let database: Database;
let ids: string[] = [];

beforeAll(async () => {
  server = await startTestServer();
  const url = server.environment.DATABASE_URL ?? '';
  database = createDatabase({ url, role: 'weir_gateway', max: 2, applicationName: 'test', statementTimeoutMs: 0 });
  ids = (await server.owner.query('select id from weir.virtual_keys order by id limit 2')).rows.map(({ id }) => id);
});
afterAll(async () => {
  await database.close();
  await server.close();
});

const START_MS = Date.parse('2031-05-01T12:00:00Z');

function createUse(nowMs: () => number, pool: Pick<Database, 'pool'> = database) {
  const told: unknown[] = [];
  const log = { info: () => {}, warn: () => {} } as unknown as Log;
  const clock = { nowMs, monotonicMs: nowMs };
  const keyUse = createKeyUse({ database: pool, clock, log, next: { onCall: (report) => void told.push(report) } });
  // Of a report only the key matters here.
  const call = (virtualKeyId: string | null | undefined) => keyUse.onCall({ virtualKeyId } as CallReport);
  return { call, told, rounds: keyUse.rounds };
}

const notes = async () => {
  const { rows } = await server.owner.query(
    'select last_used_at, (select version from weir.fact_versions where scope = organization_id::text) as version from weir.virtual_keys where id = any ($1) order by id',
    [ids],
  );
  return rows.map(({ last_used_at: at, version }) => [at?.getTime() ?? null, version]);
};

test('the last call of each key is noted by the next round, which tells no replica to read facts anew', async () => {
  const before = await notes();
  let nowMs = START_MS;
  const { call, told, rounds } = createUse(() => nowMs);
  for (const id of [ids[1], ids[0], ids[1], null]) {
    nowMs += 1_000;
    call(id);
  }
  expect(told).toHaveLength(4);
  expect(await notes()).toEqual(before);
  await rounds.runNow();
  const after = [
    [START_MS + 2_000, before[0]?.[1]],
    [START_MS + 3_000, before[1]?.[1]],
  ];
  expect(await notes()).toEqual(after);

  const late = createUse(() => START_MS);
  late.call(ids[0]);
  await late.rounds.stop();
  expect(await notes()).toEqual(after);
});

test('what could not be written is written by a later round, and at the end', async () => {
  let isAway = true;
  const query: Database['pool']['query'] = database.pool.query.bind(database.pool);
  const away = {
    query: async (...asked: unknown[]) =>
      isAway ? Promise.reject(new Error('away')) : Reflect.apply(query, null, asked),
  };
  const { call, rounds } = createUse(() => START_MS + 9_000, { pool: away as unknown as Database['pool'] });
  call(ids[0]);
  await rounds.runNow();
  isAway = false;
  await rounds.stop();
  expect((await notes())[0]?.[0]).toBe(START_MS + 9_000);
});
