// Owns: what a person used of models, day by day. Not: limits (counters), adding use up, or reports over organizations (analytics).

import { type RawBuilder, sql } from 'kysely';
import type { DatabaseTransaction } from '../../database/pool.ts';
import type { Person } from './person.ts';

/** One day, UTC. */
export interface DailyUse {
  /** `2026-05-01`. */
  readonly date: string;
  /** Messages that were answered, also in part. */
  readonly messages: bigint;
  readonly inputTokens: bigint;
  readonly outputTokens: bigint;
  readonly costNanoUsd: bigint;
}

/** A person's sums by day and model since a day; null for every model. */
function usedSince({ organizationId, userId }: Person, firstDay: string, modelId: string | null): RawBuilder<unknown> {
  const ofModel = modelId === null ? sql`true` : sql`model_id = ${modelId}`;
  const ofPerson = userId === null ? sql`user_id is null` : sql`user_id = ${userId}::uuid`;
  return sql`
    select day, model_id, coalesce(sum(requests) filter (where status in ('success', 'cancelled')), 0) as messages,
           sum(input_tokens) as input_tokens, sum(output_tokens) as output_tokens, sum(cost_nano_usd) as cost_nano_usd
      from weir.usage_days
     where organization_id = ${organizationId} and ${ofPerson} and ${ofModel} and day >= ${firstDay}::date and status <> 'denied'
     group by day, model_id`;
}

const dayOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);
const DAY_MS = 86_400_000;

/** Every one of the last days of one model, the oldest first; days without use are there too. */
export async function listDailyUse(
  tx: DatabaseTransaction,
  person: Person,
  { modelId, days, nowMs }: { readonly modelId: string; readonly days: number; readonly nowMs: number },
): Promise<DailyUse[]> {
  const firstDay = dayOf(nowMs - (days - 1) * DAY_MS);
  const { rows } = await sql<DailyUse>`
    select to_char(d.day, 'YYYY-MM-DD') as "date", coalesce(u.messages, 0)::bigint as "messages",
           coalesce(u.input_tokens, 0)::bigint as "inputTokens", coalesce(u.output_tokens, 0)::bigint as "outputTokens",
           coalesce(u.cost_nano_usd, 0)::bigint as "costNanoUsd"
      from (select generate_series(${firstDay}::date, ${dayOf(nowMs)}::date, interval '1 day')::date as day) d
      left join (${usedSince(person, firstDay, modelId)}) u using (day)
     order by d.day`.execute(tx);
  return rows;
}

/** Messages of the running day by model, for models whose messages no counter counts because nothing limits them. */
export async function listMessagesToday(
  tx: DatabaseTransaction,
  person: Person,
  nowMs: number,
): Promise<ReadonlyMap<string, bigint>> {
  const { rows } = await sql<{ model_id: string; messages: bigint }>`
    select model_id, messages::bigint from (${usedSince(person, dayOf(nowMs), null)}) u`.execute(tx);
  return new Map(rows.map(({ model_id, messages }) => [model_id, messages]));
}
