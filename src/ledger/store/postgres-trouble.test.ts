// Owns: what the Postgres ledger does while its database answers and does not take its batches: a lock that somebody holds, a statement that somebody cancels.
// Not: a database that can't be reached (postgres-outage.test.ts).

import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { connectDedicated } from '../../database/connection.ts';
import { createTestDatabase, type TestDatabase } from '../../database/testing/database.ts';
import { systemClock } from '../../primitives/clock.ts';
import { type ConformanceContext, expectAdmitted, openContext } from './conformance/conformance-context.ts';
import type { LedgerHarness } from './conformance/ledger-harness.ts';
import { openPostgresHarnesses, type PostgresHarnesses } from './conformance/postgres-harness.ts';
import { createPostgresStore, type PostgresStore } from './postgres-store.ts';

let database: TestDatabase;
let harnesses: PostgresHarnesses;
let harness: LedgerHarness;
let owner: pg.Client;
let admin: pg.Client;

beforeAll(async () => {
  database = await createTestDatabase();
  harnesses = await openPostgresHarnesses(database);
  harness = await harnesses.create(systemClock.nowMs());
  owner = new pg.Client({ connectionString: database.ownerUrl });
  // Within its transaction the owner would see the sessions of one moment.
  admin = new pg.Client({ connectionString: database.ownerUrl });
  await Promise.all([owner.connect(), admin.connect()]);
});

afterAll(async () => {
  await Promise.all([owner.end(), admin.end()]);
  await harness.close();
  await harnesses.close();
  await database.drop();
});

async function openStore(patienceMs: number): Promise<{ store: PostgresStore; at: ConformanceContext }> {
  const connect = () => connectDedicated({ url: database.url, role: 'weir_gateway', applicationName: 'troubled' });
  const store = createPostgresStore({ connect, clock: systemClock, lanes: 1, patienceMs });
  return { store, at: await openContext({ ...harness, store: () => store }) };
}

/** Runs `work` while nobody may write counters. */
async function whileLocked(work: () => Promise<void>): Promise<void> {
  await owner.query('begin; lock table weir.counters in exclusive mode');
  try {
    await work();
  } finally {
    await owner.query('rollback');
  }
}

/** Cancels a statement of the store that waits for the lock; gives whether there was one. */
async function cancelWaiting(): Promise<boolean> {
  const { rows } = await admin.query<{ cancelled: boolean }>(
    `select pg_cancel_backend(pid) as cancelled from pg_stat_activity where application_name = 'troubled' and wait_event_type = 'Lock'`,
  );
  return rows.some(({ cancelled }) => cancelled);
}

test('a statement that somebody cancels is sent again: a settle is booked', async () => {
  const { store, at } = await openStore(60_000);
  const meter = at.meter(10n);
  const hold = expectAdmitted(await store.reserve(await at.request({ meter, amount: 5n })));
  const settled: Promise<unknown>[] = [];
  await whileLocked(async () => {
    settled.push(at.settle(hold, [4n]));
    await expect.poll(cancelWaiting).toBe(true);
  });
  expect(await Promise.all(settled)).toEqual(['settled']);
  expect(await at.counter(meter)).toEqual({ used: 4n, held: 0n });
  await store.close();
});

test('a statement that somebody cancels is sent again: a reserve is admitted', async () => {
  const { store, at } = await openStore(60_000);
  const meter = at.meter(10n);
  const request = await at.request({ meter, amount: 1n });
  const reserved: Promise<unknown>[] = [];
  await whileLocked(async () => {
    reserved.push(store.reserve(request));
    await expect.poll(cancelWaiting).toBe(true);
  });
  expect(await Promise.all(reserved)).toMatchObject([{ outcome: 'admitted' }]);
  await store.close();
});

test('while somebody holds a lock the ledger says for how long it has been in trouble, and no more once it is gone', async () => {
  const { store, at } = await openStore(200);
  const meter = at.meter(10n);
  await store.read([meter]);
  expect(store.trouble()).toBeNull();
  const request = await at.request({ meter, amount: 1n });
  await whileLocked(async () => {
    await expect(store.reserve(request)).rejects.toMatchObject({ code: 'ledger_unavailable' });
    await expect.poll(store.trouble).toMatchObject({ forMs: expect.any(Number), cause: undefined });
  });
  await expect.poll(store.trouble).toBeNull();
  await store.close();
});
