// Owns: how much models were used, by everybody: up to now. Not: which days are asked for, or a person's own use.

import { sql } from 'kysely';
import type { DatabaseTransaction } from '../../../database/pool.ts';

/** From the first of these days (UTC, `YYYY-MM-DD`) to before the other. */
export interface DayRange {
  readonly from: string;
  readonly before: string;
}

/** Somebody's use of a model. */
export interface Use {
  readonly messages: bigint;
  readonly costNanoUsd: bigint;
  /** The last day (UTC) of it. */
  readonly lastDay: string;
}

/** A person with their use. */
export interface UserUse extends Use {
  readonly id: string;
  readonly name: string;
  readonly email: string;
}

/** An organization with its use. */
export interface OrganizationUse extends Use {
  readonly id: string;
  readonly name: string;
  readonly slug: string;
}

// Messages are calls that were not denied.
const uses = (modelId: string, { from, before }: DayRange) => sql`(
  select d.day, d.user_id, d.organization_id, d.requests as messages, d.cost_nano_usd as cost from weir.usage_days d
   where d.model_id = ${modelId} and d.day >= ${from}::date and d.day < ${before}::date and d.status <> 'denied')`;

// The same of everybody together, which is few lines a day.
const usesOfAll = (modelIds: readonly string[], { from, before }: DayRange) => sql`(
  select d.model_id, d.day, d.requests as messages, d.cost_nano_usd as cost from weir.usage_platform_daily d
   where d.model_id = any (${modelIds}::text[]) and d.day >= ${from}::date and d.day < ${before}::date and d.status <> 'denied'
  union all
  select e.model_id, (e.occurred_at at time zone 'UTC')::date, e.requests, e.cost_nano_usd from weir.usage_unfolded e
   where e.model_id = any (${modelIds}::text[]) and e.status <> 'denied'
     and e.occurred_at >= ${from}::date::timestamp at time zone 'UTC' and e.occurred_at < ${before}::date::timestamp at time zone 'UTC')`;

/** Messages by model; one without any is not in it. One query for a page. */
export async function countMessages(
  tx: DatabaseTransaction,
  modelIds: readonly string[],
  days: DayRange,
): Promise<ReadonlyMap<string, number>> {
  if (modelIds.length === 0) return new Map();
  const { rows } = await sql<{ modelId: string; messages: bigint }>`
    select u.model_id as "modelId", sum(u.messages)::bigint as messages from ${usesOfAll(modelIds, days)} u group by 1`.execute(
    tx,
  );
  return new Map(rows.map(({ modelId, messages }) => [modelId, Number(messages)]));
}

/** Messages and cost of a model by day. */
export async function listDays(
  tx: DatabaseTransaction,
  modelId: string,
  days: DayRange,
): Promise<{ readonly day: string; readonly messages: bigint; readonly costNanoUsd: bigint }[]> {
  const { rows } = await sql<{ day: string; messages: bigint; costNanoUsd: bigint }>`
    select to_char(u.day, 'YYYY-MM-DD') as day, sum(u.messages)::bigint as messages, sum(u.cost)::bigint as "costNanoUsd"
      from ${usesOfAll([modelId], days)} u group by u.day`.execute(tx);
  return rows;
}

const SUMS = sql`sum(u.messages)::bigint as messages, sum(u.cost)::bigint as "costNanoUsd", to_char(max(u.day), 'YYYY-MM-DD') as "lastDay"`;

/** Who used a model most. */
export async function listTopUsers(
  tx: DatabaseTransaction,
  modelId: string,
  { days, limit }: { readonly days: DayRange; readonly limit: number },
): Promise<UserUse[]> {
  const { rows } = await sql<UserUse>`
    select p.id, p.name, p.email, t.messages, t."costNanoUsd", t."lastDay"
      from (select u.user_id, ${SUMS} from ${uses(modelId, days)} u where u.user_id is not null group by 1
            having sum(u.messages) > 0) t
      join weir.users p on p.id = t.user_id
     order by t.messages desc, t."costNanoUsd" desc, p.id limit ${limit}`.execute(tx);
  return rows;
}

/** Which organizations used a model most. */
export async function listTopOrganizations(
  tx: DatabaseTransaction,
  modelId: string,
  { days, limit }: { readonly days: DayRange; readonly limit: number },
): Promise<OrganizationUse[]> {
  const { rows } = await sql<OrganizationUse>`
    select o.id, o.name, o.slug, t.messages, t."costNanoUsd", t."lastDay"
      from (select u.organization_id, ${SUMS} from ${uses(modelId, days)} u group by 1 having sum(u.messages) > 0) t
      join weir.organizations o on o.id = t.organization_id
     order by t.messages desc, t."costNanoUsd" desc, o.id limit ${limit}`.execute(tx);
  return rows;
}

/** How many people and organizations used a model. */
export async function countUsers(
  tx: DatabaseTransaction,
  modelId: string,
  days: DayRange,
): Promise<{ readonly people: number; readonly organizations: number }> {
  const { rows } = await sql<{ people: number; organizations: number }>`
    select count(distinct u.user_id)::integer as people, count(distinct u.organization_id)::integer as organizations
      from ${uses(modelId, days)} u where u.messages > 0`.execute(tx);
  return rows[0] ?? { people: 0, organizations: 0 };
}

/** Whether a model was ever called, denied calls included: its name is then in events that stay. */
export async function wasUsed(tx: DatabaseTransaction, modelId: string): Promise<boolean> {
  const { rows } = await sql<{ used: boolean }>`
    select exists (select 1 from weir.usage_platform_daily d where d.model_id = ${modelId})
      or exists (select 1 from weir.usage_unfolded e where e.model_id = ${modelId}) as used`.execute(tx);
  return rows[0]?.used ?? false;
}
