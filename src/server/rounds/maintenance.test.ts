// Proves: what is done from time to time does its work and nothing more.

import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createDatabase, type Database } from '../../database/pool.ts';
import { createTestDatabase, type TestDatabase } from '../../database/testing/database.ts';
import { createLog } from '../logging/log.ts';
import { createMeasurer, hasFewEvents } from '../metrics/measurements.ts';
import { PATIENCE_MS } from '../testing/calls.ts';
import { createMaintenance, removeMinuteCounters } from './maintenance.ts';

let testDatabase: TestDatabase;
let database: Database;
let owner: pg.Client;
beforeAll(async () => {
  testDatabase = await createTestDatabase();
  database = createDatabase({
    ...{ url: testDatabase.url, role: 'weir_service', max: 3, applicationName: 'maintenance test' },
    statementTimeoutMs: 0,
  });
  owner = new pg.Client({ connectionString: testDatabase.ownerUrl });
  await owner.connect();
});
afterAll(async () => {
  await database.close();
  await owner.end();
  await testDatabase.drop();
});

/** A counter whose window began so long ago, and how long that was. */
async function insertCounter(key: string, ago: string, length: string, amounts = { used: 0, held: 0 }): Promise<void> {
  await owner.query(
    `insert into weir.counters (meter_key, window_start, window_end, kind, unit, lock_rank, used, held)
     values ($1, now() - $2::interval, now() - $2::interval + $3::interval, 'key_requests', 'requests', 1, $4, $5)`,
    [key, ago, length, amounts.used, amounts.held],
  );
}

test('counters of minutes long past go; younger ones, longer ones and held ones stay', async () => {
  await insertCounter('old', '3 days', '1 minute', { used: 5, held: 0 });
  await insertCounter('older', '30 days', '1 minute');
  await insertCounter('young', '1 day', '1 minute');
  await insertCounter('month', '60 days', '1 month');
  await insertCounter('held', '3 days', '1 minute', { used: 0, held: 2 });
  expect(await removeMinuteCounters(database, 1)).toBe(1);
  expect(await removeMinuteCounters(database, 10)).toBe(1);
  expect(await removeMinuteCounters(database, 10)).toBe(0);
  const { rows } = await owner.query('select meter_key from weir.counters order by meter_key');
  expect(rows.map((row) => row.meter_key)).toEqual(['held', 'month', 'young']);
  await owner.query('delete from weir.counters');
});

test('drift, open holds and strays are measured, null before', async () => {
  const measurer = createMeasurer(database);
  expect(measurer.current()).toEqual({ holdsOpen: null, defaultPartitionRows: null, driftedCounters: null });
  await measurer.measure();
  expect(await measurer.measureDrift()).toBe(0);
  await insertCounter('drifted', '0 days', '1 minute', { used: 1, held: 0 });
  expect(await measurer.measureDrift()).toBe(1);
  expect(measurer.current()).toEqual({ holdsOpen: 0, defaultPartitionRows: 0, driftedCounters: 1 });
  expect(await hasFewEvents(database)).toBe(true);
  await owner.query('delete from weir.counters');
});

test('while another process compares the ledger, this one does not', async () => {
  await owner.query('begin; select pg_advisory_xact_lock(1986359913)');
  expect(await createMeasurer(database).measureDrift()).toBeNull();
  await owner.query('rollback');
});

test('expired holds are swept until none is left, and a fault of one task stops no other', async () => {
  const measurer = createMeasurer(database);
  const batches = [500, 500, 3];
  const swept = Promise.withResolvers<number>();
  const { log } = createLog({ logLevel: 'silent', logFormat: 'json' });
  const maintenance = createMaintenance({
    ...{ log, measurer, sweepIntervalMs: 1, ledgerTrouble: () => null },
    sweepHolds: async () => batches.shift() ?? 0,
    sweepIdempotency: () => Promise.reject(new Error('no')),
    onSweep: (ended) => swept.resolve(ended),
  });
  maintenance.start();
  expect(await swept.promise).toBe(1_003);
  await expect.poll(() => measurer.current().holdsOpen, { timeout: PATIENCE_MS }).toBe(0);
  await maintenance.stop();
});
