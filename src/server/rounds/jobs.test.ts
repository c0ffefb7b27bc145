// Proves: a server runs its background jobs: what it missed at once, one asked for by hand, each recorded; two replicas run each once; and it ends in good order.

import { afterAll, beforeAll, expect, it } from 'vitest';
import { systemClock } from '../../primitives/clock.ts';
import { createSystemRandom } from '../../primitives/random.ts';
import { startServer } from '../lifecycle/start.ts';
import { createLog } from '../logging/log.ts';
import { type ApiPerson, createApiPerson } from '../testing/api-person.ts';
import { PATIENCE_MS } from '../testing/calls.ts';
import { startTestServer, type TestServer } from '../testing/running-server.ts';

let server: TestServer;
let superadmin: ApiPerson;
beforeAll(async () => {
  server = await startTestServer({ WEIR_JOBS: 'on' });
  superadmin = await createApiPerson(server, { platformRole: 'superadmin' });
});
afterAll(() => server.close());

interface Job {
  readonly name: string;
  readonly is_late: boolean;
  readonly next_run_at: string;
  readonly last_run: { readonly status: string; readonly cause: string; readonly error: string | null } | null;
}
const listJobs = async (): Promise<Job[]> => (await superadmin.request('GET', '/api/admin/jobs')).body.data;

it('runs every job that was due while it was away, once, and says how each went', async () => {
  const unfinished = async () =>
    (await listJobs()).filter(({ last_run: run }) => run === null || run.status === 'running').map(({ name }) => name);
  await expect.poll(unfinished, { timeout: PATIENCE_MS, interval: 50 }).toEqual([]);
  const jobs = await listJobs();
  expect(jobs.map(({ name }) => name)).toContain('usage_rollup');
  expect(jobs.filter(({ last_run: run }) => run?.status !== 'succeeded')).toEqual([]);
  expect(jobs.filter(({ is_late: isLate }) => isLate)).toEqual([]);
  for (const job of jobs) expect(Date.parse(job.next_run_at)).toBeGreaterThan(systemClock.nowMs() - 60_000);
});

it('runs a job that a superadmin asks for, and keeps who asked', async () => {
  const asked = await superadmin.request('POST', '/api/admin/jobs/partitions/run');
  expect([asked.status, asked.body]).toEqual([202, { data: { job: 'partitions', queued: true } }]);
  const manual = async () => {
    const { body } = await superadmin.request('GET', '/api/admin/jobs/partitions/runs?status=succeeded&limit=10');
    return body.data.filter((run: { cause: string }) => run.cause === 'manual').length;
  };
  await expect.poll(manual, { timeout: PATIENCE_MS, interval: 50 }).toBe(1);
  const { rows } = await server.owner.query(`select actor_id, target_id from weir.audit_logs where action = 'job.run'`);
  expect(rows).toEqual([{ actor_id: superadmin.userId, target_id: 'partitions' }]);
});

it('pages through runs, and knows no job that is none', async () => {
  const first = await superadmin.request('GET', '/api/admin/jobs/partitions/runs?limit=1');
  const second = await superadmin.request(
    'GET',
    `/api/admin/jobs/partitions/runs?limit=1&cursor=${first.body.next_cursor}`,
  );
  expect([first, second].map(({ body }) => body.data[0].cause)).toEqual(['manual', 'catch_up']);
  for (const [method, path] of [
    ['GET', '/api/admin/jobs/nothing/runs'],
    ['POST', '/api/admin/jobs/nothing/run'],
  ] as const)
    expect((await superadmin.request(method, path)).status).toBe(404);
});

it('shares the queue with another replica, which finds nothing missed and ends at once', async () => {
  const countRuns = async (condition: string): Promise<number> =>
    (await server.owner.query(`select count(*)::integer as count from weir.job_runs where ${condition}`)).rows[0].count;
  const { log, lines } = createLog(server.config);
  const replica = await startServer({
    config: { ...server.config, demo: false },
    ...{ log, logLines: lines, clock: systemClock, random: createSystemRandom() },
  });
  await superadmin.request('POST', '/api/admin/jobs/expiries/run');
  const isRun = () => countRuns(`job = 'expiries' and cause = 'manual' and status = 'succeeded'`);
  await expect.poll(isRun, { timeout: PATIENCE_MS, interval: 50 }).toBe(1);
  await replica.stop();
  expect(await countRuns(`job in ('day_close', 'month_close') and cause = 'catch_up'`)).toBe(2);
});

it('goes on after its connections were cut', async () => {
  await server.owner.query(
    `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'weir jobs' and datname = current_database()`,
  );
  await superadmin.request('POST', '/api/admin/jobs/retention/run');
  const runs = async () =>
    (await superadmin.request('GET', '/api/admin/jobs/retention/runs?status=succeeded')).body.data.map(
      (run: { cause: string }) => run.cause,
    );
  await expect.poll(runs, { timeout: PATIENCE_MS, interval: 50 }).toContain('manual');
});

it('shows the queue and the last successes to Prometheus', async () => {
  const page = async () => (await fetch(`${server.url}/metrics`)).text();
  const text = await page();
  expect(text).toContain('weir_job_last_success_timestamp_seconds');
  expect(text).toContain('weir_jobs_queued');
});
