// Proves: one key means one call, in one process and in several, and what callers of a key are told in every other case.

import { createHash } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { silentLog } from '../../database/log.ts';
import { createDatabase, type Database } from '../../database/pool.ts';
import { createSecretBox, type SecretBox } from '../../database/secrets/secret-box.ts';
import { seedDemo, seedReference } from '../../database/seeds/index.ts';
import { createTestDatabase, type TestDatabase } from '../../database/testing/database.ts';
import { systemClock } from '../../primitives/clock.ts';
import { createUuidV7 } from '../../primitives/ids.ts';
import { createSystemRandom } from '../../primitives/random.ts';
import { createIdempotency } from './create-idempotency.ts';
import type { BegunCall, Idempotency, IdempotentCall, KeptAnswer } from './idempotency.ts';
import { sweepIdempotency } from './idempotency-queries.ts';
import { DEFAULT_IDEMPOTENCY_LIMITS, type IdempotencyLimits, KEPT_ANSWER_MAX } from './limits.ts';

const random = createSystemRandom();
const masterKey = Buffer.from(random.bytes(32));
const ANSWER: KeptAnswer = { status: 200, headers: { 'x-request-id': 'r1' }, body: Buffer.from('data: {"a":"ü"}\n\n') };

let testDatabase: TestDatabase;
let owner: pg.Client;
let owning: { readonly keyId: string; readonly organizationId: string };
const databases: Database[] = [];

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  owner = new pg.Client({ connectionString: testDatabase.ownerUrl });
  await owner.connect();
  await seedReference(owner, { clock: systemClock, sandbox: true });
  await seedDemo(owner, { clock: systemClock, random, hashPassword: async () => 'none' });
  const { rows } = await owner.query('select id, organization_id from weir.virtual_keys limit 1');
  owning = { keyId: rows[0].id, organizationId: rows[0].organization_id };
});

afterAll(async () => {
  for (const database of databases) await database.close();
  await owner.end();
  await testDatabase.drop();
});

/** One server process: its own pool and memory. */
function startProcess(limits: Partial<IdempotencyLimits> = {}, secrets: SecretBox = box()): Idempotency {
  const database = createDatabase({
    url: testDatabase.url,
    role: 'weir_gateway',
    max: 2,
    applicationName: 'idempotency test',
    statementTimeoutMs: 0,
  });
  databases.push(database);
  return createIdempotency({
    database,
    secrets,
    clock: systemClock,
    log: silentLog,
    limits: { ...DEFAULT_IDEMPOTENCY_LIMITS, lookFirstMs: 2, lookLongestMs: 10, ...limits },
  });
}

function box(): SecretBox {
  return createSecretBox({ masterKey, random });
}

function newId(): string {
  return createUuidV7(systemClock.nowMs(), random);
}

/** A call with a new key, or another call with the key of one. */
function call(more: Partial<IdempotentCall> & { readonly text?: string } = {}): IdempotentCall {
  const { text = 'the body', ...rest } = more;
  const requestHash = createHash('sha256').update(text).digest();
  return { ...owning, idempotencyKey: newId(), requestHash, requestId: newId(), ...rest };
}

function again(first: IdempotentCall, text?: string): IdempotentCall {
  return call({ idempotencyKey: first.idempotencyKey, ...(text === undefined ? {} : { text }) });
}

async function beginFresh(idempotency: Idempotency, first: IdempotentCall) {
  const begun = await idempotency.begin(first);
  if (begun.kind !== 'fresh') throw new Error('the key was taken');
  return begun.slot;
}

function replayOf(first: IdempotentCall, answer: KeptAnswer = ANSWER): BegunCall {
  return { kind: 'replay', requestId: first.requestId, ...answer };
}

test('fifty callers of one key over two processes are one call, and all others get the bytes of its answer', async () => {
  const processes = [startProcess(), startProcess()];
  const first = call();
  let fresh = 0;
  const outcomes = await Promise.all(
    Array.from({ length: 50 }, async (_, index) => {
      const begun = await processes[index % 2]?.begin({
        ...again(first),
        requestId: index === 0 ? first.requestId : newId(),
      });
      if (begun?.kind !== 'fresh') return begun;
      fresh += 1;
      await begun.slot.complete(ANSWER);
      return undefined;
    }),
  );
  expect(fresh).toBe(1);
  const replays = outcomes.filter((outcome) => outcome !== undefined);
  expect(replays).toHaveLength(49);
  for (const replay of replays) expect(replay).toMatchObject({ kind: 'replay', ...ANSWER });
});

test('an answer is given again by every process, byte for byte, with its headers and the id of its call', async () => {
  const first = call();
  const body = Buffer.from(random.bytes(70_000));
  await (await beginFresh(startProcess(), first)).complete({ ...ANSWER, body });
  expect(await startProcess().begin(again(first))).toEqual(replayOf(first, { ...ANSWER, body }));
});

test('an empty answer is given again too', async () => {
  const [idempotency, first] = [startProcess(), call()];
  const answer = { status: 204, headers: {}, body: Buffer.alloc(0) };
  await (await beginFresh(idempotency, first)).complete(answer);
  expect(await idempotency.begin(again(first))).toEqual(replayOf(first, answer));
});

test('another body with the key is refused, while the first call runs and after it, here and elsewhere', async () => {
  const [here, elsewhere, first] = [startProcess(), startProcess(), call()];
  const slot = await beginFresh(here, first);
  const refusal = { code: 'idempotency_mismatch', status: 409 };
  await expect(here.begin(again(first, 'other'))).rejects.toMatchObject(refusal);
  await expect(elsewhere.begin(again(first, 'other'))).rejects.toMatchObject(refusal);
  await slot.complete(ANSWER);
  await expect(here.begin(again(first, 'other'))).rejects.toMatchObject(refusal);
  await expect(elsewhere.begin(again(first, 'other'))).rejects.toMatchObject(refusal);
});

test('the same text under another virtual key is another idempotency key', async () => {
  const { rows } = await owner.query('select id, organization_id from weir.virtual_keys where id <> $1 limit 1', [
    owning.keyId,
  ]);
  const [idempotency, first] = [startProcess(), call()];
  await (await beginFresh(idempotency, first)).complete(ANSWER);
  const other = { ...again(first, 'other'), keyId: rows[0].id, organizationId: rows[0].organization_id };
  expect((await idempotency.begin(other)).kind).toBe('fresh');
});

test('a key whose call was charged nothing is free again, and exactly one of those who waited goes on', async () => {
  const [here, elsewhere, first] = [startProcess(), startProcess(), call()];
  const slot = await beginFresh(here, first);
  let fresh = 0;
  const waiting = Array.from({ length: 10 }, async (_, index) => {
    const begun = await (index % 2 === 0 ? here : elsewhere).begin(again(first));
    if (begun.kind === 'replay') return begun.body.toString();
    fresh += 1;
    await begun.slot.complete(ANSWER);
    return ANSWER.body.toString();
  });
  await slot.abandon();
  expect(new Set(await Promise.all(waiting))).toEqual(new Set([ANSWER.body.toString()]));
  expect(fresh).toBe(1);
});

test('who waits longer than the bound is told to come back, here and elsewhere', async () => {
  const first = call();
  const here = startProcess({ waitMs: 30 });
  const slot = await beginFresh(here, first);
  const refusal = { code: 'conflict', message: expect.stringContaining('still under way') };
  await expect(here.begin(again(first))).rejects.toMatchObject(refusal);
  await expect(startProcess({ waitMs: 30 }).begin(again(first))).rejects.toMatchObject(refusal);
  await slot.complete(ANSWER);
  expect(await here.begin(again(first))).toEqual(replayOf(first));
});

test('a key whose process died is refused once its call must have ended', async () => {
  const first = call();
  await beginFresh(startProcess(), first);
  await expect(startProcess({ underWayMs: 0 }).begin(again(first))).rejects.toMatchObject({
    code: 'conflict',
    message: expect.stringContaining('ended without an answer'),
    details: { first_request_id: first.requestId },
  });
});

test.each([
  ['too large to keep', { status: 200, headers: {}, body: Buffer.alloc(KEPT_ANSWER_MAX + 1) }],
  ['cut off', { status: 200, body: null }],
] as const)(
  'an answer that was %s is not asked for a second time: callers are told to use a new key',
  async (_, answer) => {
    const [idempotency, first] = [startProcess(), call()];
    await (await beginFresh(idempotency, first)).complete(answer);
    const refusal = { code: 'conflict', message: expect.stringContaining('was not kept') };
    await expect(idempotency.begin(again(first))).rejects.toMatchObject(refusal);
    await expect(startProcess().begin(again(first))).rejects.toMatchObject(refusal);
  },
);

test('the largest answer that fits is kept', async () => {
  const [idempotency, first] = [startProcess(), call()];
  const answer = { status: 200, headers: {}, body: Buffer.alloc(KEPT_ANSWER_MAX, 'x') };
  await (await beginFresh(idempotency, first)).complete(answer);
  const begun = await startProcess().begin(again(first));
  expect(begun.kind === 'replay' && begun.body.equals(answer.body)).toBe(true);
});

test.each([
  [
    'its answer',
    `response = set_byte(response, octet_length(response) - 1, get_byte(response, octet_length(response) - 1) # 1)`,
  ],
  ['the id of its call', `request_id = gen_random_uuid()`],
  ['its answer, cut short', `response = substring(response for 20)`],
  ['its answer, emptied', `response = ''`],
])('a row of which somebody changed %s is refused', async (_, change) => {
  const [idempotency, first] = [startProcess(), call()];
  await (await beginFresh(idempotency, first)).complete(ANSWER);
  await owner.query(`update weir.idempotency_keys set ${change} where key = $1`, [first.idempotencyKey]);
  await expect(idempotency.begin(again(first))).rejects.toMatchObject({ code: 'conflict' });
});

test('an answer that was put into the row of another key does not open there', async () => {
  const [idempotency, first, second] = [startProcess(), call(), call()];
  await (await beginFresh(idempotency, first)).complete(ANSWER);
  await (await beginFresh(idempotency, second)).complete({ ...ANSWER, body: Buffer.from('mine') });
  await owner.query(
    `update weir.idempotency_keys t set response = s.response, request_id = s.request_id from weir.idempotency_keys s
      where t.key = $1 and s.key = $2`,
    [first.idempotencyKey, second.idempotencyKey],
  );
  await expect(idempotency.begin(again(first))).rejects.toMatchObject({ code: 'conflict' });
});

test('nothing of an answer is readable in the table', async () => {
  const [idempotency, first] = [startProcess(), call()];
  await (await beginFresh(idempotency, first)).complete(ANSWER);
  const { rows } = await owner.query('select * from weir.idempotency_keys where key = $1', [first.idempotencyKey]);
  expect(rows[0]).toMatchObject({ state: 'completed', status: 200, headers: null });
  expect(rows[0].response.includes(ANSWER.body)).toBe(false);
});

test('a key past its time is free, before and after it is swept', async () => {
  const [idempotency, first, second] = [startProcess(), call(), call()];
  for (const each of [first, second]) await (await beginFresh(idempotency, each)).complete(ANSWER);
  const expire = (key: string) =>
    owner.query(`update weir.idempotency_keys set expires_at = now() - interval '1 second' where key = $1`, [key]);
  await expire(first.idempotencyKey);
  await beginFresh(idempotency, again(first, 'another body'));
  await expire(second.idempotencyKey);
  const [database] = databases;
  if (!database) throw new Error('no process was started');
  expect(await sweepIdempotency(database, 100)).toBe(1);
  expect(await sweepIdempotency(database, 100)).toBe(0);
  await beginFresh(idempotency, again(second));
});

test('a claim whose reply was lost is the same call when it is sent again', async () => {
  const first = call();
  await beginFresh(startProcess(), first);
  expect((await startProcess().begin(first)).kind).toBe('fresh');
});

test.each([
  ['empty', ''],
  ['too long', 'k'.repeat(256)],
  ['not printable', 'a\nb'],
  ['not ASCII', 'schlüssel'],
])('a key that is %s is refused', async (_, idempotencyKey) => {
  await expect(startProcess().begin(call({ idempotencyKey }))).rejects.toMatchObject({
    code: 'invalid_request',
    param: 'Idempotency-Key',
  });
});

test('a key of the longest length, quotes and spaces included, is taken', async () => {
  const idempotencyKey = `"${'k '.repeat(126)}x"`;
  expect(idempotencyKey).toHaveLength(255);
  await beginFresh(startProcess(), call({ idempotencyKey }));
});

test('without the database a call is refused for the time being, and a call that was answered does not fail for it', async () => {
  const url = testDatabase.url.replace(testDatabase.databaseName, 'weir_absent_database');
  const gone = createDatabase({
    url: unreachable(url),
    role: 'weir_gateway',
    max: 1,
    applicationName: 'none',
    statementTimeoutMs: 0,
  });
  databases.push(gone);
  const limits = { ...DEFAULT_IDEMPOTENCY_LIMITS, beginPatienceMs: 5, keepPatienceMs: 5, lookFirstMs: 2 };
  const absent = createIdempotency({ database: gone, secrets: box(), clock: systemClock, log: silentLog, limits });
  const first = call();
  const refused = await Promise.allSettled([
    absent.begin(first),
    absent.begin(again(first)),
    absent.begin(again(first)),
  ]);
  for (const each of refused)
    expect(each).toMatchObject({ status: 'rejected', reason: { code: 'ledger_unavailable' } });

  const database = createDatabase({
    url: testDatabase.url,
    role: 'weir_gateway',
    max: 1,
    applicationName: 'one',
    statementTimeoutMs: 0,
  });
  const told: string[] = [];
  const log = { ...silentLog, error: (_: unknown, message: string) => void told.push(message) };
  const slot = await beginFresh(
    createIdempotency({ database, secrets: box(), clock: systemClock, log, limits }),
    first,
  );
  await database.close();
  await slot.complete(ANSWER);
  expect(told).toHaveLength(1);
});

/** A port on which nobody answers. */
function unreachable(url: string): string {
  const parsed = new URL(url);
  parsed.host = '127.0.0.1:1';
  parsed.searchParams.delete('host');
  return parsed.toString();
}
