// Proves: a job runs once at a time over all replicas, each run leaves a row, a failure is kept without secrets, and what was lost is no obstacle.

import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createDatabase, type Database } from '../database/pool.ts';
import { withPlatform } from '../database/principal.ts';
import { createTestDatabase, type TestDatabase } from '../database/testing/database.ts';
import { createManualClock, type ManualClock } from '../primitives/clock.ts';
import { createUuidV7 } from '../primitives/ids.ts';
import { createSystemRandom } from '../primitives/random.ts';
import { findDrift, listLateJobs } from './alert-sources.ts';
import { inBatches, type Job, type JobCounts } from './job.ts';
import { deleteRuns, listHistories, listRuns } from './job-run.queries.ts';
import { createJobRunner, type JobRunner } from './job-runner.ts';
import { listScheduled } from './schedule.ts';

const MINUTE_MS = 60_000;
const START_MS = Date.parse('2026-02-10T12:00:00Z');
let testDatabase: TestDatabase;
let database: Database;
let clock: ManualClock;
let runner: JobRunner;
let lines: string[];
beforeAll(async () => {
  testDatabase = await createTestDatabase();
  database = createDatabase({
    ...{ url: testDatabase.url, role: 'weir_service', max: 3, applicationName: 'jobs test', statementTimeoutMs: 0 },
  });
});
beforeEach(async () => {
  await withPlatform(database, 'begin anew', (tx) => tx.deleteFrom('job_runs').execute());
  clock = createManualClock(START_MS);
  lines = [];
  const write = (_fields: unknown, line: string) => void lines.push(line);
  const log = { debug: write, info: write, warn: write };
  runner = createJobRunner({ database, clock, random: createSystemRandom(), log, isStopping: () => false });
});
afterAll(async () => {
  await database.close();
  await testDatabase.drop();
});

const job = (run: () => Promise<JobCounts>, name: Job['name'] = 'retention'): Job => ({ name, run });
const schedule = { cause: 'schedule', attempt: 1 } as const;
const runs = (name: string = 'retention') =>
  withPlatform(database, 'look', (tx) => listRuns(tx, name, { limit: 10, after: null, status: undefined }));

test('what it did is kept with when and why', async () => {
  const outcome = await runner.run(
    job(async () => {
      clock.advance(1_500);
      return { mail: 3 };
    }),
    { cause: 'manual', attempt: 2 },
  );
  expect(outcome).toEqual({ status: 'succeeded', counts: { mail: 3 } });
  expect(await runs()).toMatchObject([
    {
      ...{ job: 'retention', cause: 'manual', status: 'succeeded', attempt: 2, counts: { mail: 3 }, error: null },
      ...{ startedAt: new Date(START_MS), finishedAt: new Date(START_MS + 1_500) },
    },
  ]);
});

test('while one replica runs it, another does not', async () => {
  const begun = Promise.withResolvers<void>();
  const end = Promise.withResolvers<JobCounts>();
  const slow = runner.run(
    job(() => {
      begun.resolve();
      return end.promise;
    }),
    schedule,
  );
  await begun.promise;
  expect(
    await runner.run(
      job(async () => ({})),
      schedule,
    ),
  ).toEqual({ status: 'skipped' });
  expect(
    await runner.run(
      job(async () => ({}), 'expiries'),
      schedule,
    ),
  ).toMatchObject({ status: 'succeeded' });
  end.resolve({});
  expect(await slow).toMatchObject({ status: 'succeeded' });
  expect(
    await runner.run(
      job(async () => ({})),
      schedule,
    ),
  ).toMatchObject({ status: 'succeeded' });
});

test('a run that nobody ended is lost after its patience, and its late end changes nothing', async () => {
  const begun = Promise.withResolvers<void>();
  const end = Promise.withResolvers<JobCounts>();
  const hanging = runner.run(
    job(() => {
      begun.resolve();
      return end.promise;
    }),
    schedule,
  );
  await begun.promise;
  clock.advance(61 * MINUTE_MS);
  expect(
    await runner.run(
      job(async () => ({ done: 1 })),
      schedule,
    ),
  ).toMatchObject({ status: 'succeeded' });
  end.resolve({ done: 2 });
  await hanging;
  expect((await runs()).map(({ status, counts }) => [status, counts])).toEqual([
    ['succeeded', { done: 1 }],
    ['lost', {}],
  ]);
});

test('a run that nobody ended holds up no other when the clock is set back', async () => {
  await withPlatform(database, 'leave a run without an end', (tx) =>
    tx
      .insertInto('job_runs')
      .values({
        ...{ id: createUuidV7(START_MS, createSystemRandom()), job: 'retention', cause: 'schedule', attempt: 1 },
        started_at: new Date(START_MS + 24 * 60 * MINUTE_MS),
      })
      .execute(),
  );
  expect(
    await runner.run(
      job(async () => ({})),
      schedule,
    ),
  ).toMatchObject({ status: 'succeeded' });
});

test('a failure is kept without the secret in it, and told once until it is over', async () => {
  const broken = job(() => Promise.reject(new Error('no way in with sk-proj-abcdefghijklmnop0123456789')));
  for (let attempt = 1; attempt <= 2; attempt += 1)
    expect((await runner.run(broken, { cause: 'schedule', attempt })).status).toBe('failed');
  const [run] = await runs();
  expect(run).toMatchObject({ status: 'failed', error: expect.stringMatching(/^Error: no way in with \[redacted\]$/) });
  await runner.run(
    job(async () => ({})),
    schedule,
  );
  expect(lines).toEqual(['a job failed; trying again', 'the job works again']);
});

test('a job is late once it should have succeeded; what the ledger was found to be is remembered', async () => {
  const late = () => withPlatform(database, 'look', (tx) => listLateJobs(tx, clock.nowMs(), listScheduled(null)));
  const drift = () => withPlatform(database, 'look', findDrift);
  expect([await late(), await drift()]).toEqual([[], null]);
  await runner.run(
    job(async () => ({ drifted: 2 }), 'ledger_verify'),
    schedule,
  );
  clock.advance(MINUTE_MS);
  await runner.run(
    job(async () => ({}), 'ledger_verify'),
    schedule,
  );
  expect([await late(), await drift()]).toEqual([[], 2]);
  clock.advance(20 * MINUTE_MS);
  // Nobody was there: whoever is back catches up before anything is late.
  expect(await late()).toEqual([]);
  await runner.run(
    job(async () => ({}), 'expiries'),
    schedule,
  );
  clock.advance(10 * MINUTE_MS);
  expect((await late()).map(({ job: name }) => name)).toEqual([
    ...['usage_rollup', 'provider_health', 'alert_rules', 'notifications'],
  ]);
});

test('old runs go, but for the last success of each job', async () => {
  for (let day = 0; day < 3; day += 1) {
    await runner.run(
      job(async () => ({})),
      schedule,
    );
    clock.advance(24 * 60 * MINUTE_MS);
  }
  const remove = (limit: number) =>
    withPlatform(database, 'look', (tx) => deleteRuns(tx, new Date(clock.nowMs()), limit));
  expect([await remove(1), await remove(10), await remove(10)]).toEqual([1, 1, 0]);
  const histories = await withPlatform(database, 'look', (tx) => listHistories(tx, ['retention', 'partitions']));
  expect(histories.get('retention')?.succeededAt).toEqual(new Date(START_MS + 2 * 24 * 60 * MINUTE_MS));
  expect(histories.get('partitions')).toEqual({ last: null, succeededAt: null });
});

test('batches end when one is not full, when enough is done, or when the process ends', async () => {
  const bounds = { size: 10, batches: 3 };
  const left = (amount: number) => {
    let rest = amount;
    return async (limit: number) => {
      const done = Math.min(limit, rest);
      rest -= done;
      return done;
    };
  };
  const going = { isStopping: () => false };
  expect(await inBatches(going, bounds, left(25))).toBe(25);
  expect(await inBatches(going, bounds, left(100))).toBe(30);
  expect(await inBatches({ isStopping: () => true }, bounds, left(100))).toBe(0);
});
