// Owns: sums of the use of templates by days up to now (`weir.usage_days`: the roll-up and the newest events). Not: who may ask for whose (row level security, and
// the ids that services pass).

import { type RawBuilder, sql } from 'kysely';
import type { DatabaseTransaction } from '../../../database/pool.ts';

/** Whose use of which templates. */
export interface UseQuestion {
  readonly templateIds: readonly number[];
  /** Null: of all organizations. */
  readonly organizationId: string | null;
  /** Null: of everybody. */
  readonly userId: string | null;
  /** The beginning of a UTC day; null: from the beginning. */
  readonly since: Date | null;
}

/** What is added up. Money in nano-US-dollars. */
export interface UseSums {
  readonly requests: bigint;
  readonly errors: bigint;
  readonly denied: bigint;
  readonly inputTokens: bigint;
  readonly outputTokens: bigint;
  readonly costNanoUsd: bigint;
  readonly activeUsers: bigint;
}

/** An amount of tokens by somebody or something. */
export interface UseShare {
  readonly id: string;
  readonly name: string;
  readonly tokens: bigint;
}

/** The rows that a question is about. */
function use({ templateIds, organizationId, userId, since }: UseQuestion): RawBuilder<unknown> {
  const conditions = [
    sql`u.template_id = any (${templateIds.map(String)}::bigint[])`,
    ...(since === null ? [] : [sql`u.day >= ${since.toISOString().slice(0, 10)}::date`]),
    ...(organizationId === null ? [] : [sql`u.organization_id = ${organizationId}::uuid`]),
    ...(userId === null ? [] : [sql`u.user_id = ${userId}::uuid`]),
  ];
  return sql`(select u.* from weir.usage_days u where ${sql.join(conditions, sql` and `)}) as use`;
}

const TOKENS = sql`coalesce(sum(use.input_tokens + use.output_tokens), 0)::bigint`;
const REQUESTS = sql`coalesce(sum(use.requests), 0)::bigint`;
const ACTIVE = sql`count(distinct use.user_id) filter (where use.status <> 'denied')`;

/** All of it. */
export async function sumTemplateUse(tx: DatabaseTransaction, question: UseQuestion): Promise<UseSums> {
  const { rows } = await sql<UseSums>`select ${REQUESTS} as requests, coalesce(sum(use.errors), 0)::bigint as errors,
      coalesce(sum(use.requests) filter (where use.status = 'denied'), 0)::bigint as denied,
      coalesce(sum(use.input_tokens), 0)::bigint as "inputTokens", coalesce(sum(use.output_tokens), 0)::bigint as "outputTokens",
      coalesce(sum(use.cost_nano_usd), 0)::bigint as "costNanoUsd", ${ACTIVE} as "activeUsers"
    from ${use(question)}`.execute(tx);
  const [row] = rows;
  if (row === undefined) throw new Error('a sum without groups gave no row');
  return row;
}

/** Day by day, those with use alone, the latest of them. */
export async function listTemplateDays(
  tx: DatabaseTransaction,
  question: UseQuestion,
  limit: number,
): Promise<
  { readonly day: string; readonly requests: bigint; readonly tokens: bigint; readonly activeUsers: bigint }[]
> {
  const { rows } = await sql<{ day: string; requests: bigint; tokens: bigint; activeUsers: bigint }>`
    select to_char(use.day, 'YYYY-MM-DD') as day, ${REQUESTS} as requests, ${TOKENS} as tokens, ${ACTIVE} as "activeUsers"
      from ${use(question)} group by use.day order by use.day desc limit ${limit}`.execute(tx);
  return rows.reverse();
}

/** Who used most, and how many there are. Who has gone is there without a name. */
export async function listTopUsers(
  tx: DatabaseTransaction,
  question: UseQuestion,
  limit: number,
): Promise<{ readonly people: UseShare[]; readonly count: number }> {
  const { rows } = await sql<UseShare & { readonly count: bigint }>`
    select use.user_id as id, coalesce(min(p.name), 'A former member') as name, ${TOKENS} as tokens, count(*) over () as count
      from ${use(question)} left join weir.users p on p.id = use.user_id
     where use.user_id is not null and use.status <> 'denied'
     group by use.user_id order by tokens desc, use.user_id limit ${limit}`.execute(tx);
  return { people: rows.map(({ id, name, tokens }) => ({ id, name, tokens })), count: Number(rows[0]?.count ?? 0n) };
}

/** Which organizations used most. */
export async function listTopOrganizations(
  tx: DatabaseTransaction,
  question: UseQuestion,
  limit: number,
): Promise<UseShare[]> {
  const { rows } = await sql<UseShare>`
    select use.organization_id as id, coalesce(min(o.name), 'A former organization') as name, ${TOKENS} as tokens
      from ${use(question)} left join weir.organizations o on o.id = use.organization_id
     group by use.organization_id order by tokens desc, use.organization_id limit ${limit}`.execute(tx);
  return rows;
}

/** Tokens by template. */
export async function sumTokensByTemplate(
  tx: DatabaseTransaction,
  question: UseQuestion,
): Promise<Map<number, bigint>> {
  if (question.templateIds.length === 0) return new Map();
  const { rows } = await sql<{ id: bigint; tokens: bigint }>`select use.template_id as id, ${TOKENS} as tokens
    from ${use(question)} group by use.template_id`.execute(tx);
  return new Map(rows.map(({ id, tokens }) => [Number(id), tokens]));
}

/** An organization that set something of a template or used it. */
export interface UsingOrganization {
  readonly id: string;
  readonly name: string;
  readonly slug: string;
  readonly businessType: string | null;
  readonly pricingPlan: string;
  readonly isEnabledForUsers: boolean;
  readonly tokenLimitPerUser: bigint | null;
  readonly people: number;
  readonly used: bigint;
}

/** Up to `limit` of them, by name; `question` names one template and the window that is told. For platform roles. */
export async function listUsingOrganizations(
  tx: DatabaseTransaction,
  question: UseQuestion,
  page: { readonly limit: number; readonly after: readonly [name: string, id: string] | null },
): Promise<UsingOrganization[]> {
  const after = page.after === null ? sql`true` : sql`(o.name, o.id) > (${page.after[0]}, ${page.after[1]}::uuid)`;
  const { rows } = await sql<UsingOrganization>`
    with used as (select use.organization_id, ${TOKENS} as tokens from ${use(question)} group by use.organization_id)
    select o.id, o.name, o.slug, o.business_type as "businessType", o.pricing_plan as "pricingPlan",
           coalesce(c.is_enabled_for_users, false) as "isEnabledForUsers", c.token_limit_per_user as "tokenLimitPerUser",
           (select count(*) from weir.members m where m.organization_id = o.id)::integer as people, coalesce(used.tokens, 0) as used
      from weir.organizations o
      left join weir.org_system_model_config c on c.organization_id = o.id and c.template_id = any (${question.templateIds.map(String)}::bigint[])
      left join used on used.organization_id = o.id
     where (c.id is not null or used.organization_id is not null) and ${after}
     order by o.name, o.id limit ${page.limit}`.execute(tx);
  return rows;
}
