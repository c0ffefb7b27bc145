// Proves: three days without any background job change no limit: windows roll, budgets and credits renew, and what is for the month stays; whoever wakes then does
// everything once.

import { beforeAll, describe, expect, test } from 'vitest';
import { exchange, says } from '../../src/gateway/testing/exchanges.ts';
import {
  addBudget,
  addModel,
  addTemplate,
  createTenant,
  enableTemplate,
  type Tenant,
} from '../../src/gateway/testing/tenants.ts';
import { worldOfFile } from '../../src/gateway/testing/world-of-file.ts';
import { catchUp } from '../../src/jobs/job-queue.ts';
import { closePeriod } from '../../src/jobs/period-close.ts';
import { type JobName, SCHEDULE } from '../../src/jobs/schedule.ts';

const DAY_MS = 86_400_000;
let offsetMs = 0;
const world = worldOfFile({ ledgerOffsetMs: () => offsetMs });
let tenant: Tenant;

beforeAll(async () => {
  const { owner } = world();
  // The second of next month: three days later it is the same month, and not the same week's day.
  const now = new Date(world().store.nowMs());
  offsetMs += Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1, 2, 12) - now.getTime();
  const anchor = new Date(Math.floor(world().store.nowMs() / DAY_MS) * DAY_MS - 28 * DAY_MS);
  tenant = await createTenant(owner, { organization: { credit_anchor_at: anchor } });
  const templateId = await addTemplate(owner, {
    slug: 'daily',
    token_limit_period: 'daily',
    token_limit_amount: 250n,
  });
  await enableTemplate(owner, tenant.organizationId, { templateId });
  await addModel(owner, 'two-a-day', { rate_limit_messages_per_day: 2n });
  await addModel(owner, 'dear', { price: { output_nano_usd_per_million: '100000000000' } });
  await addBudget(owner, {
    ...{ organization_id: tenant.organizationId, name: 'A day', period: 'daily', enforcement: 'hard' },
    amount_nano_usd: 10_000_000n,
  });
  await world().inForce();
});
async function ask(model: string): Promise<string> {
  const body = { model, max_tokens: 40, ...says('hi') };
  const { status, json } = await exchange(`${world().url}/v1/chat/completions`, { key: tenant.key, body });
  await world().settled();
  return status === 200 ? 'answered' : json.weir.code;
}

async function askUntilRefused(model: string): Promise<string> {
  for (;;) {
    const answer = await ask(model);
    if (answer !== 'answered') return answer;
  }
}

const LIMITS = [
  ['template:daily', 'user_limit_exceeded'],
  ['two-a-day', 'daily_message_limit'],
  ['feature:goal_generation', 'insufficient_credits'],
  ['dear', 'budget_exceeded'],
] as const;

const quotaUsed = async (): Promise<number> => {
  const { rows } = await world().owner.query(
    `select coalesce(sum(used), 0)::integer as used from weir.counters where organization_id = $1 and kind = 'organization_quota'`,
    [tenant.organizationId],
  );
  return rows[0].used;
};

describe('after three days in which no job ran', () => {
  test('every limit is whole again, and the month goes on', async () => {
    for (const [model, code] of LIMITS) expect(await askUntilRefused(model)).toBe(code);
    const used = await quotaUsed();
    offsetMs += 3 * DAY_MS;
    for (const [model] of LIMITS) expect([model, await ask(model)]).toEqual([model, 'answered']);
    expect(await quotaUsed()).toBeGreaterThan(used);
    const { rows } = await world().owner.query(
      `select count(*)::integer as windows from weir.counters where organization_id = $1 and kind = 'organization_quota'`,
      [tenant.organizationId],
    );
    expect(rows).toEqual([{ windows: 1 }]);
    for (const [model, code] of LIMITS) expect(await askUntilRefused(model)).toBe(code);
  });

  test('every job is run once, however often it was due', async () => {
    const jobs = (Object.keys(SCHEDULE) as JobName[]).map((name) => ({ name, run: async () => ({}) }));
    const ranAt = new Date(world().store.nowMs() - 3 * DAY_MS);
    for (const { name } of jobs)
      await world().owner.query(
        `insert into weir.job_runs (job, cause, status, started_at, finished_at) values ($1, 'schedule', 'succeeded', $2, $2)`,
        [name, ranAt],
      );
    const missed = await catchUp(world().database, jobs, world().store.nowMs());
    // The week and the month did not end meanwhile, or did: by the calendar.
    expect(missed).toEqual(expect.arrayContaining(['day_close', 'credit_refresh', 'usage_rollup', 'retention']));
    await catchUp(world().database, jobs, world().store.nowMs());
    const { rows } = await world().owner.query(
      'select key, count(*)::integer as count from weir_queue.jobs group by key',
    );
    expect(rows.toSorted((a, b) => (a.key < b.key ? -1 : 1))).toEqual(
      missed.toSorted().map((key) => ({ key, count: 1 })),
    );
  });

  test('people whose limit was nearly used up yesterday are told, once, by however many replicas', async () => {
    offsetMs += DAY_MS;
    const nowMs = world().store.nowMs();
    const runs = await Promise.all([
      closePeriod(world().database, 'daily', nowMs),
      closePeriod(world().database, 'daily', nowMs),
    ]);
    expect(runs.map(({ renewed }) => renewed).toSorted()).toEqual([0, 1]);
    const { rows } = await world().owner.query(
      `select user_id, organization_id, properties from weir.analytics_events where name = 'limits_renewed'`,
    );
    expect(rows).toEqual([
      {
        ...{ user_id: tenant.userId, organization_id: tenant.organizationId },
        properties: { period: 'daily', template_ids: [expect.any(Number)] },
      },
    ]);
  });
});
