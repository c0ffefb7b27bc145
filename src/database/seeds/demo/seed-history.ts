// Owns: the calls that the demo's pro organization seems to have made this month, so that its budget is near its threshold and
// pages have something to show. Events and counters agree, as the ledger's verification demands. Not: how real calls are booked.

import { divRoundHalfEven, TOKENS_PER_PRICE_UNIT } from '../../../primitives/amounts.ts';
import { createUuidV7 } from '../../../primitives/ids.ts';
import { insertMissing, type SeedClient, type SeedRow } from '../seed-client.ts';
import type { SeedTools } from '../seed-tools.ts';
import type { DemoIds } from './demo-world.ts';

/** Free to use and dear enough to be seen in a budget of two dollars. */
const MODEL = 'claude-haiku-4-5';
const CALLS = 12;
/** Of each call: at $1 and $5 a million, twelve calls cost $1.56 of the $2.00 budget: 78 %. */
const TOKENS_IN = 20_000n;
const TOKENS_OUT = 22_000n;
/** Places of the scope class organization in the order in which the ledger locks counters. */
const ORGANIZATION_LOCK_RANK = 4;

interface InForce {
  price_id: string;
  provider: string;
  input: string;
  output: string;
  key_id: string;
}

/** Books the calls as the data plane, whose tables they are, and stays so until the transaction ends: the last step. Does nothing when the model has no price (any more). */
export async function seedHistory(
  client: SeedClient,
  tools: SeedTools,
  world: { ids: DemoIds; budgetId: string },
): Promise<void> {
  const organizationId = world.ids.organizations.pro;
  const inForce = await findInForce(client, organizationId, new Date(tools.nowMs));
  if (!inForce) return;
  const cost = lineCost(TOKENS_IN, inForce.input) + lineCost(TOKENS_OUT, inForce.output);
  const tokens = TOKENS_IN + TOKENS_OUT;
  const month = monthOf(tools.nowMs);
  await client.query('set local role weir_gateway');
  const counterIds = await insertCounters(client, { month, organizationId }, [
    { key: `organization:${organizationId}:tokens`, kind: 'organization_quota', unit: 'tokens', amount: tokens },
    { key: `budget:${world.budgetId}:nano_usd:monthly`, kind: 'budget', unit: 'nano_usd', amount: cost },
  ]);
  const events = Array.from({ length: CALLS }, (_, call): SeedRow => {
    // Spread over the month so far; the id tells the event's time.
    const atMs = month.startMs + Math.floor(((tools.nowMs - month.startMs) * (call + 1)) / (CALLS + 1));
    const at = new Date(atMs);
    return {
      id: createUuidV7(atMs, tools.random),
      occurred_at: at,
      booked_at: at,
      ...dimensionsOf(world.ids, inForce),
      ...outcomeOf(call, cost),
      counter_ids: counterIds,
      amounts: [tokens, cost].map(String),
    };
  });
  await insertMissing(client, 'usage_events', events);
}

async function findInForce(client: SeedClient, organizationId: string, now: Date): Promise<InForce | undefined> {
  const { rows } = await client.query<InForce>(
    `select p.id::text as price_id, v.slug as provider, p.input_nano_usd_per_million::text as input,
       p.output_nano_usd_per_million::text as output, k.id as key_id
     from weir.models m join weir.providers v on v.id = m.provider_id join weir.model_prices p on p.model_id = m.id
     join weir.virtual_keys k on k.organization_id = $3
     where m.id = $1 and p.effective_from <= $2 order by p.effective_from desc limit 1`,
    [MODEL, now, organizationId],
  );
  return rows[0];
}

function dimensionsOf(ids: DemoIds, inForce: InForce): SeedRow {
  return {
    organization_id: ids.organizations.pro,
    department_id: ids.departments.get('pro/Marketing') ?? null,
    user_id: ids.users.proMember,
    virtual_key_id: inForce.key_id,
    environment: 'production',
    model_id: MODEL,
    provider: inForce.provider,
    model_type: 'catalog',
    price_id: inForce.price_id,
    route: 'chat_completions',
  };
}

function outcomeOf(call: number, cost: bigint): SeedRow {
  return {
    input_tokens: TOKENS_IN,
    output_tokens: TOKENS_OUT,
    cached_input_tokens: 0,
    cache_write_tokens: 0,
    reasoning_tokens: 0,
    usage_source: 'provider',
    cost_nano_usd: cost,
    provider_cost_nano_usd: cost,
    status: 'success',
    streamed: true,
    trial: false,
    retries: 0,
    fallback_used: false,
    latency_ms: 3000 + call * 100,
    time_to_first_token_ms: 300 + call * 10,
    tags: { demo: true },
  };
}

function lineCost(tokens: bigint, nanoUsdPerMillion: string): bigint {
  return divRoundHalfEven(tokens * BigInt(nanoUsdPerMillion), TOKENS_PER_PRICE_UNIT);
}

function monthOf(nowMs: number): { startMs: number; endMs: number } {
  const now = new Date(nowMs);
  return {
    startMs: Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), 1),
    endMs: Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1, 1),
  };
}

interface CounterSeed {
  key: string;
  kind: string;
  unit: string;
  /** What each call added. */
  amount: bigint;
}

/** The keys are those that the gateway gives its meters (src/gateway/admission/meters.ts). Gives the ids, in order. */
async function insertCounters(
  client: SeedClient,
  scope: { month: { startMs: number; endMs: number }; organizationId: string },
  counters: readonly CounterSeed[],
): Promise<string[]> {
  const opens = new Date(scope.month.startMs);
  const rows = counters.map(({ key, kind, unit, amount }) => ({
    meter_key: key,
    window_start: opens,
    window_end: new Date(scope.month.endMs),
    organization_id: scope.organizationId,
    kind,
    unit,
    lock_rank: ORGANIZATION_LOCK_RANK,
    used: amount * BigInt(CALLS),
  }));
  await insertMissing(client, 'counters', rows);
  const ids = await client.query<{ id: string }>(
    `select c.id::text from weir.counters c join unnest($1::text[]) with ordinality as q (key, place) on q.key = c.meter_key
     where c.window_start = $2 order by q.place`,
    [counters.map((counter) => counter.key), opens],
  );
  return ids.rows.map((row) => row.id);
}
