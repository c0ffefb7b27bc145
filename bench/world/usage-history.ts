// Owns: a quarter of use as its roll-ups would hold it, written by SQL, and calls of the last moments that they don't hold yet. Not: what is asked of it.

import type pg from 'pg';

const DAYS = 90;
/** The share of all calls that the largest organization makes. */
const HOT_SHARE = 0.1;
/** Calls that differ in nothing, on average: one line of a day. */
const CALLS_A_LINE = 25;
/** People of the largest organization. */
const HOT_PEOPLE = 500;
const RECENT_CALLS = 2_000;

/** How much was written. */
export interface UsageHistory {
  readonly hotLines: number;
  readonly lines: number;
  readonly calls: number;
}

/** Writes it for the organizations, the first of which is the largest. What was there of sums is gone. */
export async function writeUsageHistory(
  owner: pg.Client,
  organizations: readonly string[],
  calls: number,
): Promise<UsageHistory> {
  await owner.query(
    'truncate weir.usage_hourly, weir.usage_daily, weir.usage_daily_facets, weir.usage_daily_slices, weir.usage_platform_daily, weir.usage_activity',
  );
  const linesADay = calls / DAYS / CALLS_A_LINE;
  const hotLinesADay = Math.max(1, Math.round(linesADay * HOT_SHARE));
  const otherLinesADay = Math.max(1, Math.round((linesADay * (1 - HOT_SHARE)) / Math.max(1, organizations.length - 1)));
  for (let day = 0; day < DAYS; day += 1)
    await owner.query(LINES, [organizations, hotLinesADay, otherLinesADay, day, HOT_PEOPLE, CALLS_A_LINE]);
  for (let day = 0; day < DAYS; day += 1) await owner.query(addFurther(day));
  // Hours of the last three days, from their days' lines.
  await owner.query(HOURS);
  await owner.query(
    'vacuum analyze weir.usage_daily, weir.usage_hourly, weir.usage_daily_facets, weir.usage_daily_slices, weir.usage_platform_daily, weir.usage_activity',
  );
  const { rows } = await owner.query<{ lines: number; hot: number; calls: number }>(
    `select count(*)::int as lines, count(*) filter (where organization_id = $1)::int as hot, sum(requests)::int as calls from weir.usage_daily`,
    [organizations[0]],
  );
  return { lines: rows[0]?.lines ?? 0, hotLines: rows[0]?.hot ?? 0, calls: rows[0]?.calls ?? 0 };
}

/** Calls of the largest organization in the last seconds, past what is added up. */
export async function writeRecentCalls(owner: pg.Client, organizationId: string): Promise<void> {
  await owner.query(CALLS, [organizationId, RECENT_CALLS, HOT_PEOPLE, 60]);
}

/** Calls of the last day that are told of now. */
export async function writeCallsToFold(owner: pg.Client, organizationId: string, count: number): Promise<void> {
  await owner.query(CALLS, [organizationId, count, HOT_PEOPLE, 86_400]);
}

const PERSON = (number: string): string => `('00000000-0000-4000-8000-' || lpad(to_hex(${number}), 12, '0'))::uuid`;
const MODEL = (number: string): string =>
  `(array['gpt-4o-mini', 'gpt-4o', 'claude-3-5-haiku', 'claude-3-opus'])[1 + ${number} % 4]`;
const PROVIDER = (number: string): string => `(array['openai', 'openai', 'anthropic', 'anthropic'])[1 + ${number} % 4]`;

const LINES = `
  insert into weir.usage_daily (day, dimension_key, organization_id, user_id, department_id, virtual_key_id, model_id, provider, model_type,
    template_id, template_slug, feature, environment, persona_id, status, error_code, events, requests, errors, trial_requests, unpriced_requests,
    fallback_requests, estimated_requests, input_tokens, output_tokens, cached_input_tokens, cache_write_tokens, reasoning_tokens, cost_nano_usd,
    provider_cost_nano_usd, latency_ms_sum, latency_count, first_token_ms_sum, first_token_count, latency_buckets)
  select current_date - $4::int, gen_random_uuid(), o.id::uuid, ${PERSON('n % $5::int')}, ${PERSON('n % 12')}, ${PERSON('n % 40')},
    ${MODEL('n')}, ${PROVIDER('n')}, 'catalog', null, null, (array['summary', 'search', null, 'chat'])[1 + n / 4 % 4], 'production', null,
    case when n % 50 = 0 then 'error' else 'success' end, null, c.calls, c.calls, case when n % 50 = 0 then c.calls else 0 end, 0, 0, 0, 0, c.calls * 900, c.calls * 300, 0, 0, 0,
    c.calls * 1000000, c.calls * 1000000, c.calls * 1200, c.calls, c.calls * 300, c.calls,
    array[0, 0, 0, 1, 2, 3, 4, 5, 4, 3, 2, 1, 0, 0, 0, 0]::bigint[]
    from (select $6::bigint as calls) as c cross join unnest($1::text[]) with ordinality as o(id, place)
   cross join lateral generate_series(1, case when o.place = 1 then $2::int else $3::int end) as n`;

/** The columns of a line of an hour, but its hour. */
const LINE = `d.dimension_key, d.organization_id, d.user_id, d.department_id, d.virtual_key_id, d.model_id, d.provider, d.model_type, d.template_id,
  d.template_slug, d.feature, d.environment, d.persona_id, d.status, d.error_code, d.events, d.requests, d.errors, d.trial_requests,
  d.unpriced_requests, d.fallback_requests, d.estimated_requests, d.input_tokens, d.output_tokens, d.cached_input_tokens, d.cache_write_tokens,
  d.reasoning_tokens, d.cost_nano_usd, d.provider_cost_nano_usd, d.latency_ms_sum, d.latency_count, d.first_token_ms_sum, d.first_token_count,
  d.latency_buckets, now()`;

/** What else adding up keeps of a day, out of the day's lines as it takes them. */
const addFurther = (day: number): string => `
  do $further$
  declare
    v_lines weir.usage_hourly[] := array(
      select row(d.day::timestamp at time zone 'UTC', ${LINE})::weir.usage_hourly from weir.usage_daily d where d.day = current_date - ${day});
  begin
    insert into weir.usage_daily_facets select f.* from weir_private.usage_facets(v_lines) as f;
    insert into weir.usage_daily_slices select s.* from weir_private.usage_slices(v_lines) as s;
    insert into weir.usage_platform_daily select p.* from weir_private.usage_of_platform(v_lines) as p;
    insert into weir.usage_activity as t select a.* from weir_private.usage_active_days(v_lines) as a
    on conflict (facet, month, organization_id, value, user_id) do update set days = t.days | excluded.days;
  end
  $further$`;

const HOURS = `
  insert into weir.usage_hourly
  select d.day::timestamp at time zone 'UTC' + (abs(hashtext(d.dimension_key::text)) % 24) * interval '1 hour', ${LINE}
    from weir.usage_daily d where d.day > current_date - 3`;

const CALLS = `
  insert into weir.usage_events (id, occurred_at, booked_at, organization_id, user_id, environment, model_id, provider, model_type, route,
    input_tokens, output_tokens, cached_input_tokens, cache_write_tokens, reasoning_tokens, usage_source, cost_nano_usd, provider_cost_nano_usd,
    status, streamed, trial, retries, fallback_used, latency_ms, time_to_first_token_ms, counter_ids, amounts)
  select gen_random_uuid(), clock_timestamp() - random() * $4::int * interval '1 second', clock_timestamp(), $1::uuid, ${PERSON('n % $3::int')}, 'production', ${MODEL('n')}, ${PROVIDER('n')},
    'catalog', 'chat_completions', 900, 300, 0, 0, 0, 'provider', 1000000, 1000000, 'success', false, false, 0, false, 1200, 300, '{}', '{}'
    from generate_series(1, $2::int) as n`;
