// Proves: organizations get the figures of the week that ended, once, with what was not added up yet; what providers answer is kept, and one that is down for good counts as broken.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { createDemoDatabase, type DemoDatabase } from '../database/facts/testing/demo-database.ts';
import { closePeriod } from './period-close.ts';
import { watchProviders } from './provider-health.ts';

let demo: DemoDatabase;
beforeAll(async () => {
  demo = await createDemoDatabase();
});
afterAll(() => demo.close());

/** Use of one day, as it was added up. */
async function addDay(
  plan: 'pro' | 'starter',
  day: string,
  use: { readonly model: string; readonly requests: number; readonly usd: number; readonly status?: string },
): Promise<void> {
  const { model, requests, usd, status = 'success' } = use;
  await demo.owner.query(
    `insert into weir.usage_daily (day, dimension_key, organization_id, user_id, model_id, provider, model_type, environment, status, events,
        requests, errors, trial_requests, unpriced_requests, fallback_requests, estimated_requests, input_tokens, output_tokens,
        cached_input_tokens, cache_write_tokens, reasoning_tokens, cost_nano_usd, provider_cost_nano_usd, latency_ms_sum, latency_count,
        first_token_ms_sum, first_token_count)
     values ($1, gen_random_uuid(), $2, $3, $4, 'p', 'catalog', 'production', $5, $6, $6, 0, 0, 0, 0, 0, 10, 5, 0, 0, 0, $7, 0, 0, 0, 0, 0)`,
    [day, demo.world.organizations[plan].id, demo.userIds.proMember, model, status, requests, usd * 1e9],
  );
}

/** A call of two dollars, booked now. */
async function addCall(
  organizationId: string,
  { at, provider, route }: { readonly at: string; readonly provider: string; readonly route: string },
): Promise<void> {
  await demo.owner.query(
    `insert into weir.usage_events (id, occurred_at, booked_at, sequence, organization_id, model_id, provider, model_type, environment, route,
        input_tokens, output_tokens, cached_input_tokens, cache_write_tokens, reasoning_tokens, cache_write_1h_tokens, usage_source, cost_nano_usd,
        status, streamed, trial, retries, fallback_used, latency_ms, counter_ids, amounts)
     values (gen_random_uuid(), $2, now(), 0, $1, 'a', $3, 'catalog', 'production', $4,
        100, 50, 0, 0, 0, 0, 'provider', 2000000000, 'success', false, false, 0, false, 1, '{}', '{}')`,
    [organizationId, at, provider, route],
  );
}

test('a week’s figures are those of its days, beside the week before, for whoever used anything', async () => {
  // The week of Monday, 2 February 2026.
  await addDay('pro', '2026-01-26', { model: 'a', requests: 1, usd: 0.25 });
  await addDay('pro', '2026-02-02', { model: 'a', requests: 2, usd: 1 });
  await addDay('pro', '2026-02-08', { model: 'b', requests: 5, usd: 0.5 });
  await addDay('pro', '2026-02-08', { model: 'c', requests: 50, usd: 0, status: 'denied' });
  await addDay('pro', '2026-02-09', { model: 'c', requests: 99, usd: 99 });
  await addDay('starter', '2026-01-27', { model: 'a', requests: 1, usd: 1 });
  const nowMs = Date.parse('2026-02-11T07:00:00Z');
  const runs = [await closePeriod(demo.runtime, 'weekly', nowMs), await closePeriod(demo.runtime, 'weekly', nowMs)];
  expect(runs).toEqual([
    { renewed: 0, digests: 1 },
    { renewed: 0, digests: 0 },
  ]);
  const { rows } = await demo.owner.query(
    `select organization_id, properties from weir.analytics_events where name = 'organization_digest'`,
  );
  expect(rows).toEqual([
    {
      organization_id: demo.world.organizations.pro.id,
      properties: {
        ...{ period: 'weekly', window_start: '2026-02-02T00:00:00Z', requests: 7, tokens: 45, people: 1 },
        ...{ cost_usd: 1.5, previous_cost_usd: 0.25, top_model: 'b' },
      },
    },
  ]);
});

test('a month’s figures hold the calls of its last minute, which no sum holds yet', async () => {
  const { id } = demo.world.organizations.enterprise;
  await addCall(id, { at: '2026-03-31T23:59:30Z', provider: 'p', route: 'chat_completions' });
  await closePeriod(demo.runtime, 'monthly', Date.parse('2026-04-01T00:00:00Z'));
  const { rows } = await demo.owner.query(
    `select properties from weir.analytics_events where name = 'organization_digest' and organization_id = $1`,
    [id],
  );
  expect(rows).toMatchObject([{ properties: { period: 'monthly', requests: 1, tokens: 150, cost_usd: 2 } }]);
});

test('a provider is broken after three failures in a row, and in order again with its next answer', async () => {
  const { rows } = await demo.owner.query<{ id: string }>(`select id from weir.providers where slug = 'openai'`);
  const providerId = rows[0]?.id ?? '';
  const look = async () =>
    (
      await demo.owner.query(
        'select status, consecutive_failures, last_latency_ms, error_rate::float8 from weir.providers where id = $1',
        [providerId],
      )
    ).rows[0];
  const watch = (isUp: boolean) =>
    watchProviders(
      { database: demo.runtime, askProviders: async () => [{ providerId, isUp, latencyMs: 12.4 }] },
      Date.parse('2026-02-11T07:00:00Z'),
    );
  // Whoever tells of a call says nothing of the provider.
  await addCall(demo.world.organizations.pro.id, { at: '2026-02-11T07:00:00Z', provider: 'openai', route: 'recorded' });
  expect(await watch(false)).toEqual({ asked: 1, failed: 1 });
  await watch(false);
  expect(await look()).toMatchObject({ status: 'active', consecutive_failures: 2, error_rate: 0.19 });
  await watch(false);
  expect(await look()).toMatchObject({ status: 'error', consecutive_failures: 3, last_latency_ms: 12 });
  await watch(true);
  expect(await look()).toMatchObject({ status: 'active', consecutive_failures: 0 });
  await demo.owner.query(`update weir.providers set status = 'inactive' where id = $1`, [providerId]);
  await watch(true);
  expect(await look()).toMatchObject({ status: 'inactive' });
});
