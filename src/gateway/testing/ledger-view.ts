// Owns: what the ledger holds after calls, as tests look at it. Not: the ledger.

import type pg from 'pg';
import { expect } from 'vitest';
import type { GatewayWorld } from './gateway-world.ts';

/** A usage event as tests compare it. Amounts are bigint. */
export interface SeenEvent {
  readonly id: string;
  readonly status: string;
  readonly errorCode: string | null;
  readonly source: string;
  readonly input: bigint;
  readonly output: bigint;
  readonly cachedInput: bigint;
  readonly cacheWrite: bigint;
  readonly cost: bigint | null;
  readonly providerCost: bigint | null;
  readonly model: string;
  readonly modelType: string;
  readonly provider: string;
  readonly feature: string | null;
  readonly environment: string;
  readonly template: string | null;
  readonly userId: string | null;
  readonly personaId: string | null;
  readonly promptVersionId: string | null;
  readonly streamed: boolean;
  readonly trial: boolean;
  readonly retries: number;
  readonly fallbackUsed: boolean;
  readonly tags: unknown;
  readonly overruns: readonly bigint[] | null;
}

/** A row as Postgres gives it: amounts as text. */
type EventRow = Omit<SeenEvent, AmountName | 'overruns'> &
  Readonly<Record<AmountName, string | null>> & { readonly overruns: readonly string[] | null };
type AmountName = 'input' | 'output' | 'cachedInput' | 'cacheWrite' | 'cost' | 'providerCost';

const EVENTS = `select id, status, error_code as "errorCode", usage_source as source, input_tokens::text as input,
  output_tokens::text as output, cached_input_tokens::text as "cachedInput", cache_write_tokens::text as "cacheWrite",
  cost_nano_usd::text as cost, provider_cost_nano_usd::text as "providerCost", model_id as model, model_type as "modelType", provider,
  feature, environment, template_slug as template, user_id as "userId", persona_id as "personaId",
  prompt_version_id as "promptVersionId", streamed, trial, retries, fallback_used as "fallbackUsed", tags, overruns::text[] as overruns
  from weir.usage_events where organization_id = $1 order by id, sequence`;

/** The events of an organization, oldest first, once every call under way is over. */
export async function eventsOf(world: GatewayWorld, organizationId: string): Promise<SeenEvent[]> {
  await world.settled();
  const { rows } = await world.owner.query<EventRow>(EVENTS, [organizationId]);
  return rows.map(toEvent);
}

/** The only event of an organization; fails when there are more or none. */
export async function onlyEventOf(world: GatewayWorld, organizationId: string): Promise<SeenEvent> {
  const events = await eventsOf(world, organizationId);
  expect(events).toHaveLength(1);
  return events[0] as SeenEvent;
}

function toEvent(row: EventRow): SeenEvent {
  return {
    ...row,
    input: BigInt(row.input ?? 0),
    output: BigInt(row.output ?? 0),
    cachedInput: BigInt(row.cachedInput ?? 0),
    cacheWrite: BigInt(row.cacheWrite ?? 0),
    cost: row.cost === null ? null : BigInt(row.cost),
    providerCost: row.providerCost === null ? null : BigInt(row.providerCost),
    overruns: row.overruns === null ? null : row.overruns.map(BigInt),
  };
}

/** A meter's counter in its newest window. */
export interface SeenCounter {
  readonly key: string;
  readonly kind: string;
  readonly used: bigint;
  readonly held: bigint;
}

/** The counters of an organization by kind: `organization_quota`, `budget`, … */
export async function countersOf(owner: pg.Client, organizationId: string): Promise<SeenCounter[]> {
  const { rows } = await owner.query(
    `select meter_key as key, kind, used::text as used, held::text as held from weir.counters
      where organization_id = $1 order by meter_key, window_start`,
    [organizationId],
  );
  return rows.map((row) => ({ key: row.key, kind: row.kind, used: BigInt(row.used), held: BigInt(row.held) }));
}

/** Fails unless every hold has ended, each call has one event, counters equal their events, and no fault of ours was told. */
export async function expectBooksInOrder(world: GatewayWorld): Promise<void> {
  await world.settled();
  const { rows: holds } = await world.owner.query('select id from weir.holds');
  expect(holds, 'open holds').toEqual([]);
  const { rows: doubled } = await world.owner.query(
    'select id from weir.usage_events where sequence = 0 group by id having count(*) > 1',
  );
  expect(doubled, 'calls with two events').toEqual([]);
  const { rows: drift } = await world.owner.query('select * from weir_private.ledger_drift()');
  expect(drift, 'counters that differ from their events').toEqual([]);
  expect(world.faults, 'faults of our own').toEqual([]);
}
