// Owns: reading single calls, each with its correction. Not: sums (usage-sums.queries.ts), or who may see which: row level security, and the filter services pass.

import { sql } from 'kysely';
import type { DatabaseTransaction } from '../../database/pool.ts';
import type { JsonValue } from '../../database/rows.generated.ts';
import { matchesFilter, type UsageFilter } from './usage-source.queries.ts';

/** A call as it came out: where the truth was told late, with it. Money in nano-US-dollars. */
export interface UsageEventRow {
  readonly id: string;
  readonly occurredAt: Date;
  readonly userId: string | null;
  readonly userName: string | null;
  readonly departmentId: string | null;
  readonly keyId: string | null;
  readonly keyName: string | null;
  readonly model: string;
  readonly provider: string;
  readonly modelType: 'system' | 'org_default' | 'user' | 'catalog';
  readonly template: string | null;
  readonly feature: string | null;
  readonly environment: string;
  readonly personaId: string | null;
  readonly route: string;
  readonly status: 'success' | 'error' | 'timeout' | 'cancelled' | 'denied';
  readonly errorCode: string | null;
  readonly inputTokens: bigint;
  readonly outputTokens: bigint;
  readonly cachedInputTokens: bigint;
  readonly cacheWriteTokens: bigint;
  readonly cacheWrite1hTokens: bigint;
  readonly reasoningTokens: bigint;
  readonly tokenSource: 'provider' | 'counted' | 'estimated';
  readonly isCorrected: boolean;
  readonly priceId: string | null;
  readonly costNanoUsd: bigint | null;
  readonly latencyMs: number | null;
  readonly firstTokenMs: number | null;
  readonly streamed: boolean;
  readonly trial: boolean;
  readonly retries: number;
  readonly fallbackUsed: boolean;
  readonly tags: JsonValue | null;
}

const COLUMNS = sql`s.id, s.occurred_at as "occurredAt", s.user_id as "userId", u.name as "userName", s.department_id as "departmentId",
  s.virtual_key_id as "keyId", k.name as "keyName", s.model_id as model, s.provider, s.model_type as "modelType", s.template_slug as template,
  s.feature, s.environment, s.persona_id as "personaId", s.route, coalesce(c.status, s.status) as status,
  case when c.id is null then s.error_code else c.error_code end as "errorCode",
  s.input_tokens + coalesce(c.input_tokens, 0) as "inputTokens", s.output_tokens + coalesce(c.output_tokens, 0) as "outputTokens",
  s.cached_input_tokens + coalesce(c.cached_input_tokens, 0) as "cachedInputTokens",
  s.cache_write_tokens + coalesce(c.cache_write_tokens, 0) as "cacheWriteTokens",
  s.cache_write_1h_tokens + coalesce(c.cache_write_1h_tokens, 0) as "cacheWrite1hTokens",
  s.reasoning_tokens + coalesce(c.reasoning_tokens, 0) as "reasoningTokens", coalesce(c.usage_source, s.usage_source) as "tokenSource",
  c.id is not null as "isCorrected", s.price_id as "priceId",
  case when c.id is null then s.cost_nano_usd else coalesce(s.cost_nano_usd, 0) + coalesce(c.cost_nano_usd, 0) end as "costNanoUsd",
  coalesce(c.latency_ms, s.latency_ms) as "latencyMs", coalesce(c.time_to_first_token_ms, s.time_to_first_token_ms) as "firstTokenMs",
  s.streamed, s.trial, s.retries, s.fallback_used as "fallbackUsed", s.tags`;

// A correction is found by its key, one for each row of the page.
const SOURCE = sql`weir.usage_events s
  left join weir.usage_events c on c.id = s.id and c.sequence = 1 and c.occurred_at = s.occurred_at
  left join weir.users u on u.id = s.user_id
  left join weir.virtual_keys k on k.id = s.virtual_key_id`;

/** Up to `limit` calls, newest first. */
export async function listUsageEvents(
  tx: DatabaseTransaction,
  filter: UsageFilter,
  page: {
    readonly from: Date;
    readonly to: Date;
    readonly limit: number;
    readonly after: readonly [at: string, id: string] | null;
  },
): Promise<UsageEventRow[]> {
  const { from, to, limit, after } = page;
  const isAfter =
    after === null ? sql`true` : sql`(s.occurred_at, s.id) < (${after[0]}::timestamptz, ${after[1]}::uuid)`;
  const { rows } = await sql<UsageEventRow>`
    select ${COLUMNS} from ${SOURCE}
     where s.sequence = 0 and s.occurred_at >= ${from} and s.occurred_at < ${to} and ${matchesFilter(filter)} and ${isAfter}
     order by s.occurred_at desc, s.id desc limit ${limit}`.execute(tx);
  return rows;
}

/** One call; `at` is the time in its id. */
export async function findUsageEvent(
  tx: DatabaseTransaction,
  { id, at, organizationId }: { readonly id: string; readonly at: Date; readonly organizationId: string },
): Promise<UsageEventRow | undefined> {
  const { rows } = await sql<UsageEventRow>`
    select ${COLUMNS} from ${SOURCE}
     where s.id = ${id}::uuid and s.sequence = 0 and s.occurred_at = ${at} and ${matchesFilter({ organizationId })}`.execute(
    tx,
  );
  return rows[0];
}
