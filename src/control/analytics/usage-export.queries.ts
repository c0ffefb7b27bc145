// Owns: the rows of files, a page at a time: days, each with all that tells its calls apart. Not: single calls (usage-event.queries.ts), or the files.

import { sql } from 'kysely';
import type { DatabaseTransaction } from '../../database/pool.ts';
import { matchesFilter, type UsageFilter } from './usage-source.queries.ts';

/** A line of a day. Money in nano-US-dollars. */
export interface UsageDayRow {
  readonly day: string;
  /** All dimensions as one text: where the next page begins. */
  readonly place: string;
  readonly userId: string | null;
  readonly userName: string | null;
  readonly departmentId: string | null;
  readonly departmentName: string | null;
  readonly keyId: string | null;
  readonly keyName: string | null;
  readonly model: string;
  readonly modelName: string | null;
  readonly provider: string;
  readonly modelType: string;
  readonly template: string | null;
  readonly feature: string | null;
  readonly environment: string;
  readonly status: string;
  readonly requests: bigint;
  readonly inputTokens: bigint;
  readonly outputTokens: bigint;
  readonly cachedInputTokens: bigint;
  readonly cacheWriteTokens: bigint;
  readonly reasoningTokens: bigint;
  readonly costNanoUsd: bigint;
}

const DIMENSIONS = sql`s.user_id, s.department_id, s.virtual_key_id, s.model_id, s.provider, s.model_type, s.template_slug, s.feature,
  s.environment, s.status`;

/** Up to `limit` lines of one day, from after a place on. */
export async function listUsageOfDay(
  tx: DatabaseTransaction,
  filter: UsageFilter,
  page: { readonly day: string; readonly after: string; readonly limit: number },
): Promise<UsageDayRow[]> {
  const { day, after, limit } = page;
  const { rows } = await sql<UsageDayRow>`
    select ${day} as day, p.*, u.name as "userName", d.name as "departmentName", k.name as "keyName", m.display_name as "modelName"
      from (
        select row(${DIMENSIONS})::text collate "C" as place, s.user_id as "userId", s.department_id as "departmentId",
            s.virtual_key_id as "keyId", s.model_id as model, s.provider, s.model_type as "modelType", s.template_slug as template,
            s.feature, s.environment, s.status, sum(s.requests)::bigint as requests, sum(s.input_tokens)::bigint as "inputTokens",
            sum(s.output_tokens)::bigint as "outputTokens", sum(s.cached_input_tokens)::bigint as "cachedInputTokens",
            sum(s.cache_write_tokens)::bigint as "cacheWriteTokens", sum(s.reasoning_tokens)::bigint as "reasoningTokens",
            sum(s.cost_nano_usd)::bigint as "costNanoUsd"
          from weir.usage_days s
         where s.day = ${day}::date and ${matchesFilter(filter)}
         group by ${DIMENSIONS}
        having row(${DIMENSIONS})::text collate "C" > ${after}
         order by 1 limit ${limit}) p
      left join weir.users u on u.id = p."userId"
      left join weir.departments d on d.id = p."departmentId"
      left join weir.virtual_keys k on k.id = p."keyId"
      left join weir.models m on m.id = p.model
     order by p.place`.execute(tx);
  return rows;
}

/** The days with use, `YYYY-MM-DD`, in order: one line of each is read, however much was used. */
export async function listDaysOfUse(tx: DatabaseTransaction, organizationId: string): Promise<string[]> {
  const { rows } = await sql<{ day: string }>`
    select to_char(f.day, 'YYYY-MM-DD') as day from weir.usage_daily_facets f
     where f.organization_id = ${organizationId}::uuid and f.facet = 'all'
    union
    select to_char(s.occurred_at at time zone 'UTC', 'YYYY-MM-DD') from weir.usage_unfolded s where s.organization_id = ${organizationId}::uuid
     order by day`.execute(tx);
  return rows.map(({ day }) => day);
}

/** What an organization is called. */
export async function findOrganizationName(tx: DatabaseTransaction, organizationId: string): Promise<string> {
  const { rows } = await sql<{ name: string }>`
    select o.name from weir.organizations o where o.id = ${organizationId}::uuid`.execute(tx);
  return rows[0]?.name ?? '';
}
