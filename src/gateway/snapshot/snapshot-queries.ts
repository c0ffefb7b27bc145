// Owns: the SQL that reads facts. Not: the shapes of its rows (fact-rows.ts), what they mean (platform-facts.ts, organization-facts.ts), caching.
// Each kind of facts is one statement, so facts and version come from one database snapshot and one round trip: the version that goes to the
// ledger is never newer than the facts. Amounts travel as text, because JSON numbers end at 2^53.

import type { Database } from '../../database/pool.ts';
import type { AskedRow, KeyRow, MemberRow, MissingRow, OrganizationRow, PlatformRow } from './fact-rows.ts';

/** Rows of one kind as one JSON array. */
const list = (row: string, from: string, order: string): string =>
  `coalesce((select jsonb_agg(${row} order by ${order}) from ${from}), '[]'::jsonb)`;
const ms = (time: string): string => `(extract(epoch from ${time}) * 1000)::bigint`;
const versionOf = (scope: string): string =>
  `coalesce((select version from weir.fact_versions where scope = ${scope}), 0)::text`;

const TEMPLATE = `jsonb_build_object('id', t.id, 'scope', t.scope, 'organization_id', t.organization_id, 'owner_user_id', t.owner_user_id,
  'slug', t.slug, 'name', t.name, 'system_message', t.system_message, 'model_id', t.model_id, 'max_tokens', t.max_tokens,
  'temperature', t.temperature, 'parameters', t.parameters, 'business_types', t.business_types, 'required_plan', t.required_plan,
  'endpoint', case when t.endpoint_base_url is null then null else (
    select jsonb_build_object('base_url', t.endpoint_base_url, 'model', t.endpoint_model, 'created_at_ms', ${ms('t.created_at')},
      'ciphertext', encode(s.ciphertext, 'base64'), 'key_id', s.key_id, 'origin', s.origin)
    from (select 1) one left join lateral weir_private.template_endpoint_secret(t.id) s on true) end,
  'token_limit_period', t.token_limit_period, 'token_limit_amount', t.token_limit_amount::text, 'is_free', t.is_free,
  'is_trial', t.is_trial, 'trial_expires_days', t.trial_expires_days, 'is_active', t.is_active)`;
// One whose model was deleted, or whose own endpoint names none, could not be called.
const TEMPLATE_IS_SERVED =
  '(case when t.endpoint_base_url is null then t.model_id is not null else t.endpoint_model is not null end)';
const PERSONA = `jsonb_build_object('id', p.id, 'slug', p.slug, 'organization_id', p.organization_id, 'system_prompt', p.system_prompt,
  'default_model_id', p.default_model_id)`;
const BUDGET = `jsonb_build_object('id', b.id, 'name', b.name, 'scope', b.scope, 'period', b.period, 'enforcement', b.enforcement,
  'limit_nano_usd', greatest(0, w.whole - w.opening)::text, 'whole_nano_usd', w.whole::text, 'opening_nano_usd', w.opening::text,
  'reference', coalesce(b.department_id::text, f.name, b.user_id::text, b.virtual_key_id::text))`;
const BUDGETS = `weir.budgets b left join weir.features f on f.id = b.feature_id cross join lateral (
    select b.amount_nano_usd + weir.budget_carried(b, now()) as whole, weir.budget_opening(b, now()) as opening offset 0) w`;
// As BUDGET has it, with the raised amount in place of the ordinary one.
const LIMIT_OVERRIDE = `jsonb_build_object('kind', l.kind, 'target', coalesce(l.template_id::text, l.model_id, l.budget_id::text, ''),
  'limit', (case when b.id is null then l.amount
    else greatest(0, greatest(l.amount, b.amount_nano_usd) + weir.budget_carried(b, now()) - weir.budget_opening(b, now())) end)::text,
  'starts_at_ms', ${ms('l.starts_at')}, 'ends_at_ms', ${ms('l.ends_at')})`;
const LIMIT_OVERRIDES = 'weir.limit_overrides l left join weir.budgets b on b.id = l.budget_id';
const LIMIT_OVERRIDE_IS_OPEN = 'l.revoked_at is null and (l.ends_at is null or l.ends_at > now())';
// What the window before left, or what came before the counter, is another amount in the next window, without anybody changing a row then.
const nextRoll = (
  budgets: string,
): string => `(select (extract(epoch from min(weir.budget_window_end(b.period, now())) - now()) * 1000)::float8
  from weir.budgets b where ${budgets} and b.is_active and (b.rollover or b.opening_window_start is not null))`;
const CREDENTIAL = `jsonb_build_object('id', c.id, 'provider_id', c.provider_id, 'ciphertext', encode(s.ciphertext, 'base64'),
  'key_id', s.key_id, 'origin', s.origin)`;
const CREDENTIALS = `weir.provider_credentials c cross join lateral weir_private.provider_credential_secret(c.id) s`;
const YOUNGEST_FIRST = 'c.created_at desc, c.id desc';
const ENTITLEMENT = `jsonb_build_object('model_id', coalesce(e.model_id, p.model_id), 'user_id', e.user_id, 'source', e.source,
  'expires_at_ms', ${ms('e.expires_at')})`;
const ENTITLEMENTS = 'weir.entitlements e left join weir.products p on p.id = e.product_id';
const ENTITLEMENT_IS_OPEN = `e.revoked_at is null and (e.expires_at is null or e.expires_at > now()) and coalesce(e.model_id, p.model_id) is not null`;

const PLATFORM = `select ${versionOf("'platform'")} as version,
  ${list(
    `to_jsonb(v) || jsonb_build_object('credentials', ${list(CREDENTIAL, `${CREDENTIALS} where c.provider_id = v.id and c.organization_id is null`, YOUNGEST_FIRST)})`,
    `(select id, slug, type, base_url, status, config, connect_timeout_ms, first_byte_timeout_ms, idle_timeout_ms, total_timeout_ms
      from weir.providers where archived_at is null) v`,
    'v.slug',
  )} as providers,
  ${list(
    `jsonb_build_object('id', m.id, 'provider_id', m.provider_id, 'provider_model_id', m.provider_model_id, 'display_name', m.display_name,
      'model_type', m.model_type, 'tier', m.tier, 'status', m.status, 'enabled', m.enabled, 'is_system_default', m.is_system_default,
      'capabilities', m.capabilities, 'context_window', m.context_window, 'max_output_tokens', m.max_output_tokens,
      'price_cents', m.price_cents, 'messages_per_day', m.rate_limit_messages_per_day::text, 'trial_messages', m.trial_messages_allowed::text,
      'fallback_model_ids', m.fallback_model_ids, 'sort_order', m.sort_order, 'created_at_ms', ${ms('m.created_at')},
      'retires_at_ms', ${ms('m.retires_at')}, 'replacement_model_id', m.replacement_model_id, 'price', price.value)`,
    `weir.models m left join lateral (
      select jsonb_build_object('id', p.id, 'input', p.input_nano_usd_per_million::text, 'output', p.output_nano_usd_per_million::text,
        'cached_input', p.cached_input_nano_usd_per_million::text, 'cache_write', p.cache_write_nano_usd_per_million::text,
        'cache_write_1h', p.cache_write_1h_nano_usd_per_million::text, 'reasoning', p.reasoning_nano_usd_per_million::text,
        'per_request', p.request_nano_usd::text, 'long_above', p.long_context_above_tokens::text,
        'long_input', p.long_context_input_nano_usd_per_million::text, 'long_output', p.long_context_output_nano_usd_per_million::text,
        'long_cached_input', p.long_context_cached_input_nano_usd_per_million::text,
        'long_cache_write', p.long_context_cache_write_nano_usd_per_million::text,
        'long_cache_write_1h', p.long_context_cache_write_1h_nano_usd_per_million::text) as value
      from weir.model_prices p where p.model_id = m.id and p.effective_from <= now() order by p.effective_from desc limit 1
    ) price on true where m.archived_at is null`,
    'm.sort_order, m.id',
  )} as models,
  ${list(
    `jsonb_build_object('slug', p.slug, 'level', p.level, 'token_quota_monthly', p.token_quota_monthly::text, 'can_use_credits', p.can_use_credits,
      'allocations', coalesce((select jsonb_object_agg(a.credit_type, a.amount::text) from weir.plan_credit_allocations a where a.plan_slug = p.slug), '{}'))`,
    'weir.plans p',
    'p.level',
  )} as plans,
  ${list(TEMPLATE, `weir.templates t where t.scope = 'system' and ${TEMPLATE_IS_SERVED}`, 't.sort_order, t.id')} as templates,
  ${list(
    `jsonb_build_object('id', f.id, 'name', f.name, 'status', f.status, 'credit_type', f.credit_type, 'credits_per_action', f.credits_per_action::text,
      'deployments', ${list(
        `jsonb_build_object('environment', d.environment, 'model_id', d.model_id, 'prompt_version_id', d.prompt_version_id,
          'config_overrides', d.config_overrides, 'content_type', w.content_type, 'content', w.content, 'parameters', w.parameters)`,
        'weir.deployments d left join weir.prompt_versions w on w.id = d.prompt_version_id where d.feature_id = f.id and d.is_active',
        'd.environment',
      )})`,
    'weir.features f',
    'f.name',
  )} as features,
  ${list(PERSONA, `weir.personas p where p.scope = 'platform' and p.is_active`, 'p.sort_order, p.id')} as personas,
  ${list(BUDGET, `${BUDGETS} where b.organization_id is null and b.is_active`, 'b.id')} as budgets,
  coalesce((select jsonb_object_agg(key, value) from weir.system_config), '{}') as config,
  (select (extract(epoch from min(effective_from) - now()) * 1000)::float8 from weir.model_prices where effective_from > now()) as next_price_in_ms,
  ${nextRoll('b.organization_id is null')} as budgets_roll_in_ms`;

// The version comes for an id that nobody has too, so that its absence can be remembered.
const ORGANIZATION = `select ${versionOf('asked.id::text')} as version, o.id, o.slug, o.name, o.business_type, o.pricing_plan, o.status,
  o.token_quota_monthly::text as token_quota_monthly, o.default_model_id, ${ms('o.credit_anchor_at')}::float8 as anniversary_ms,
  ${list(TEMPLATE, `weir.templates t where t.organization_id = o.id and t.scope = 'organization' and ${TEMPLATE_IS_SERVED}`, 't.sort_order, t.id')} as templates,
  ${list(
    `jsonb_build_object('template_id', g.template_id, 'is_enabled_for_users', g.is_enabled_for_users, 'token_limit_per_user', g.token_limit_per_user::text)`,
    'weir.org_system_model_config g where g.organization_id = o.id',
    'g.template_id',
  )} as template_configs,
  ${list(ENTITLEMENT, `${ENTITLEMENTS} where e.organization_id = o.id and ${ENTITLEMENT_IS_OPEN}`, 'e.id')} as entitlements,
  ${list(BUDGET, `${BUDGETS} where b.organization_id = o.id and b.is_active`, 'b.id')} as budgets,
  ${list(LIMIT_OVERRIDE, `${LIMIT_OVERRIDES} where l.organization_id = o.id and l.user_id is null and ${LIMIT_OVERRIDE_IS_OPEN}`, 'l.id')} as limit_overrides,
  ${nextRoll('b.organization_id = o.id')} as budgets_roll_in_ms,
  ${list(PERSONA, 'weir.personas p where p.organization_id = o.id and p.is_active', 'p.sort_order, p.id')} as personas,
  ${list(CREDENTIAL, `${CREDENTIALS} where c.organization_id = o.id`, YOUNGEST_FIRST)} as credentials
  from (select $1::uuid as id) as asked left join weir.organizations o on o.id = asked.id`;

// The rows of the people asked for, in the order asked; the version comes for strangers too, so that their absence can be remembered.
const MEMBERS = `select ${versionOf('asked.organization_id::text')} as version, case when m.user_id is null then null else jsonb_build_object(
    'role', m.role, 'status', m.status, 'paused_until_ms', ${ms('m.paused_until')}, 'department_id', m.department_id,
    'banned', u.banned, 'ban_expires_ms', ${ms('u.ban_expires')},
    'default_model_id', r.default_model_id, 'persona_model_overrides', r.persona_model_overrides,
    'entitlements', ${list(ENTITLEMENT, `${ENTITLEMENTS} where e.user_id = m.user_id and ${ENTITLEMENT_IS_OPEN}`, 'e.id')},
    'templates', ${list(TEMPLATE, `weir.templates t where t.owner_user_id = m.user_id and t.organization_id = m.organization_id and t.scope = 'user' and ${TEMPLATE_IS_SERVED}`, 't.sort_order, t.id')},
    'limit_overrides', ${list(LIMIT_OVERRIDE, `${LIMIT_OVERRIDES} where l.organization_id = m.organization_id and l.user_id = m.user_id and ${LIMIT_OVERRIDE_IS_OPEN}`, 'l.id')}
  ) end as facts
  from unnest($1::uuid[], $2::uuid[]) with ordinality as asked (organization_id, user_id, position)
  left join weir.members m on m.organization_id = asked.organization_id and m.user_id = asked.user_id
  left join weir.users u on u.id = m.user_id
  left join weir.profiles r on r.user_id = m.user_id
  order by asked.position`;

const KEYS = `select ${versionOf('k.organization_id::text')} as version, case when k.id is null then null else jsonb_build_object(
    'id', k.id, 'organization_id', k.organization_id, 'user_id', k.user_id, 'department_id', k.department_id, 'name', k.name,
    'environment', k.environment, 'allowed_models', k.allowed_models, 'allowed_templates', k.allowed_templates,
    'allowed_features', k.allowed_features, 'allowed_routes', k.allowed_routes, 'ip_ranges', k.ip_ranges,
    'requests_per_minute', k.requests_per_minute::text, 'tokens_per_minute', k.tokens_per_minute::text,
    'can_act_for_members', k.can_act_for_members, 'expires_at_ms', ${ms('k.expires_at')}, 'revoked_at_ms', ${ms('k.revoked_at')},
    'grace_until_ms', ${ms('k.grace_until')}, 'ancestor_ids', case when k.rotated_from is null then '[]'::jsonb else (
      with recursive line as (
        select k.rotated_from as id union select p.rotated_from from line join weir.virtual_keys p on p.id = line.id where p.rotated_from is not null
      ) select jsonb_agg(id) from line) end) end as facts
  from unnest($1::bytea[]) with ordinality as asked (key_hash, position)
  left join weir.virtual_keys k on k.key_hash = asked.key_hash
  order by asked.position`;

/** All that holds for every organization. */
export async function getPlatformRow(database: Database): Promise<PlatformRow> {
  const { rows } = await database.pool.query<PlatformRow>(PLATFORM);
  const row = rows[0];
  if (row === undefined) throw new Error('a select without a table gave no row');
  return row;
}

/** One organization with what is its own; without an id when there is none. */
export async function getOrganizationRow(
  database: Database,
  organizationId: string,
): Promise<OrganizationRow | MissingRow> {
  const { rows } = await database.pool.query<OrganizationRow | MissingRow>(ORGANIZATION, [organizationId]);
  const row = rows[0];
  if (row === undefined) throw new Error('a left join from one row gave none');
  return row;
}

/** People in organizations, answered in the order asked. Ids are UUIDs. */
export async function listMemberRows(
  database: Database,
  asked: readonly { organizationId: string; userId: string }[],
): Promise<AskedRow<MemberRow>[]> {
  const values = [asked.map((one) => one.organizationId), asked.map((one) => one.userId)];
  const { rows } = await database.pool.query<AskedRow<MemberRow>>(MEMBERS, values);
  return rows;
}

/** Virtual keys by their SHA-256, answered in the order asked. */
export async function listKeyRows(database: Database, hashes: readonly Buffer[]): Promise<AskedRow<KeyRow>[]> {
  const { rows } = await database.pool.query<AskedRow<KeyRow>>(KEYS, [hashes]);
  return rows;
}

/** Those of the given scopes whose version is another by now, with the version they have. */
export async function listChangedVersions(
  database: Database,
  known: readonly { name: string; version: bigint }[],
): Promise<{ name: string; sent: bigint; found: bigint }[]> {
  const { rows } = await database.pool.query<{ name: string; sent: bigint; found: bigint }>(
    `select known.name, known.version as sent, coalesce(f.version, 0) as found
     from unnest($1::text[], $2::bigint[]) as known (name, version)
     left join weir.fact_versions f on f.scope = known.name
     where coalesce(f.version, 0) <> known.version`,
    [known.map((scope) => scope.name), known.map((scope) => scope.version)],
  );
  return rows;
}
