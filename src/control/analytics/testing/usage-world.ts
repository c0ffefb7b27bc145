// Owns: a database with usage events for the tests of analytics, whose organizations nobody else knows: events name them without a reference. Not: what is expected of them.

import pg from 'pg';
import { createDatabase, type Database } from '../../../database/pool.ts';
import { createTestDatabase } from '../../../database/testing/database.ts';
import { createUuidV7 } from '../../../primitives/ids.ts';
import { createSystemRandom } from '../../../primitives/random.ts';

const random = createSystemRandom();

/** What a test says of an event; the rest is usual. Names are columns. */
export interface SampleUse {
  readonly at: Date;
  /** Left out: by the database's clock, as it is written. */
  readonly bookedAt?: Date;
  readonly organizationId: string;
  readonly columns?: Readonly<Record<string, unknown>>;
}

/** A database with events. */
export interface UsageWorld {
  /** As `weir_service`. */
  readonly database: Database;
  /** Past every policy. */
  readonly owner: pg.Client;
  /** Another connection like it. */
  connect(): Promise<pg.Client>;
  close(): Promise<void>;
}

/** Makes it. */
export async function createUsageWorld(): Promise<UsageWorld> {
  const testDatabase = await createTestDatabase();
  const options = { applicationName: 'test', statementTimeoutMs: 0, max: 4, url: testDatabase.url };
  const database = createDatabase({ ...options, role: 'weir_service' });
  const clients: pg.Client[] = [];
  const connect = async (): Promise<pg.Client> => {
    const client = new pg.Client({ connectionString: testDatabase.ownerUrl });
    await client.connect();
    clients.push(client);
    return client;
  };
  const owner = await connect();
  return {
    ...{ database, owner, connect },
    async close() {
      await database.close();
      for (const client of clients) await client.end();
      await testDatabase.drop();
    },
  };
}

/** A row of usage_events; booked null: now. */
function useRow({ at, bookedAt, organizationId, columns = {} }: SampleUse): Record<string, unknown> {
  return {
    ...{
      id: createUuidV7(at.getTime(), random),
      occurred_at: at,
      booked_at: bookedAt ?? null,
      organization_id: organizationId,
    },
    ...{ environment: 'production', model_id: 'gpt-4o-mini', provider: 'openai', model_type: 'catalog' },
    ...{ route: 'chat_completions', input_tokens: 100, output_tokens: 50, cached_input_tokens: 0 },
    ...{ cache_write_tokens: 0, reasoning_tokens: 0, usage_source: 'provider', cost_nano_usd: 1_000 },
    ...{ provider_cost_nano_usd: 1_000, status: 'success', streamed: false, trial: false, retries: 0 },
    ...{ fallback_used: false, latency_ms: 500, time_to_first_token_ms: 100, counter_ids: '{}', amounts: '{}' },
    ...columns,
  };
}

/** Writes events in one statement. */
export async function insertUse(client: pg.Client, uses: readonly SampleUse[]): Promise<void> {
  if (uses.length === 0) return;
  const rows = uses.map((use) => ({ sequence: 0, cache_write_1h_tokens: 0, ...useRow(use) }));
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  await client.query(
    `insert into weir.usage_events (${names.join(', ')})
     select ${names.map((name) => (name === 'booked_at' ? 'coalesce(booked_at, clock_timestamp())' : name)).join(', ')}
       from jsonb_populate_recordset(null::weir.usage_events, $1::jsonb)`,
    [JSON.stringify(rows)],
  );
}
