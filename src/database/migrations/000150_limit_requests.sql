-- Owns: asking for higher limits, and limits that were raised for a time. Not: the ordinary limits (templates, models, budgets, plans) or counters.
-- Why raised limits are facts of their own: docs/decisions/0058-limits-and-denials.md.

create table weir.limit_requests (
  id uuid primary key,
  organization_id uuid not null,
  user_id uuid not null,
  kind text not null check (kind in ('template_limit', 'organization_quota', 'budget', 'daily_messages')),
  template_id bigint references weir.templates (id) on delete cascade,
  model_id text references weir.models (id) on delete cascade,
  budget_id uuid references weir.budgets (id) on delete cascade,
  requested bigint not null check (requested > 0),
  limit_then bigint not null check (limit_then >= 0),
  reason text not null check (length(reason) between 1 and 2000),
  status text not null default 'open' check (status in ('open', 'approved', 'denied')),
  decided_by uuid references weir.users (id) on delete set null,
  decided_at timestamptz,
  decision_reason text check (length(decision_reason) between 1 and 2000),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint limit_requests_of_a_member foreign key (organization_id, user_id)
    references weir.members (organization_id, user_id) on delete cascade,
  constraint limit_requests_one_target check ((kind = 'template_limit') = (template_id is not null)
    and (kind = 'daily_messages') = (model_id is not null) and (kind = 'budget') = (budget_id is not null)),
  constraint limit_requests_decided_has_time check ((status = 'open') = (decided_at is null))
);
comment on table weir.limit_requests is 'A person asks for a higher limit. Gone with the membership; what was decided stays in the audit log.';
comment on column weir.limit_requests.requested is 'The limit asked for, in the unit of its kind: tokens, messages, nano-USD.';
comment on column weir.limit_requests.limit_then is 'The limit in force when it was asked.';
-- Asking twice for the same is what this prevents.
create unique index limit_requests_one_open on weir.limit_requests (organization_id, user_id, kind, template_id, model_id, budget_id)
  nulls not distinct where status = 'open';
create index limit_requests_organization_idx on weir.limit_requests (organization_id, id desc);
create index limit_requests_kind_idx on weir.limit_requests (kind, id desc) where kind = 'organization_quota';
create index limit_requests_template_id_idx on weir.limit_requests (template_id);
create index limit_requests_model_id_idx on weir.limit_requests (model_id);
create index limit_requests_budget_id_idx on weir.limit_requests (budget_id);
create index limit_requests_decided_by_idx on weir.limit_requests (decided_by);

-- Between its two times an override is the limit where it is higher than the ordinary one; nothing has to run for it to end.
create table weir.limit_overrides (
  id uuid primary key,
  organization_id uuid not null references weir.organizations (id) on delete cascade,
  user_id uuid,
  kind text not null check (kind in ('template_limit', 'organization_quota', 'budget', 'daily_messages')),
  template_id bigint references weir.templates (id) on delete cascade,
  model_id text references weir.models (id) on delete cascade,
  budget_id uuid references weir.budgets (id) on delete cascade,
  amount bigint not null check (amount > 0),
  starts_at timestamptz not null,
  ends_at timestamptz,
  request_id uuid references weir.limit_requests (id) on delete set null,
  granted_by uuid references weir.users (id) on delete set null,
  revoked_at timestamptz,
  revoked_by uuid references weir.users (id) on delete set null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint limit_overrides_of_a_member foreign key (organization_id, user_id)
    references weir.members (organization_id, user_id) on delete cascade,
  constraint limit_overrides_once_a_request unique (request_id),
  constraint limit_overrides_for_a_person check ((kind = 'organization_quota') = (user_id is null)),
  constraint limit_overrides_one_target check ((kind = 'template_limit') = (template_id is not null)
    and (kind = 'daily_messages') = (model_id is not null) and (kind = 'budget') = (budget_id is not null)),
  constraint limit_overrides_end_after_start check (ends_at > starts_at)
);
comment on table weir.limit_overrides is 'A limit that was raised for one person, or an organization''s quota that was raised, for a time. Ends by itself.';
comment on column weir.limit_overrides.amount is 'The whole limit, not what is added, in the unit of its kind.';
comment on column weir.limit_overrides.ends_at is 'Null: until it is revoked.';
create index limit_overrides_person_idx on weir.limit_overrides (organization_id, user_id) where revoked_at is null;
create index limit_overrides_organization_idx on weir.limit_overrides (organization_id, id desc);
create index limit_overrides_template_id_idx on weir.limit_overrides (template_id);
create index limit_overrides_model_id_idx on weir.limit_overrides (model_id);
create index limit_overrides_budget_id_idx on weir.limit_overrides (budget_id);
create index limit_overrides_granted_by_idx on weir.limit_overrides (granted_by);
create index limit_overrides_revoked_by_idx on weir.limit_overrides (revoked_by);

select weir_private.protect_table('weir.limit_requests');
select weir_private.protect_table('weir.limit_overrides');

-- The gateway decides by them.
create trigger bump_facts_on_insert after insert on weir.limit_overrides referencing new table as new_rows
  for each statement execute function weir_private.bump_fact_versions('organization_id', '');
create trigger bump_facts_on_update after update on weir.limit_overrides referencing old table as old_rows new table as new_rows
  for each statement execute function weir_private.bump_fact_versions('organization_id', '');
create trigger bump_facts_on_delete after delete on weir.limit_overrides referencing old table as old_rows
  for each statement execute function weir_private.bump_fact_versions('organization_id', '');

create policy gateway_reads on weir.limit_overrides for select to weir_gateway using (true);
create policy service_reads on weir.limit_overrides for select to weir_service using (true);
create policy service_reads on weir.limit_requests for select to weir_service using (true);
grant select on weir.limit_overrides to weir_gateway;
grant select on weir.limit_requests, weir.limit_overrides to weir_service;

-- People ask for themselves; admins decide what concerns people, the platform what concerns an organization's quota. The platform sees nothing else.
create policy people_read on weir.limit_requests for select to authenticated using (
  organization_id = any ((select weir_private.my_admin_organization_ids())::uuid[])
  or (user_id = (select auth.uid()) and organization_id = any ((select weir_private.my_organization_ids())::uuid[]))
  or (kind = 'organization_quota' and (select weir_private.is_platform_admin())));
create policy own_insert on weir.limit_requests for insert to authenticated with check (
  user_id = (select auth.uid()) and status = 'open' and organization_id = any ((select weir_private.my_organization_ids())::uuid[]));
create policy admin_update on weir.limit_requests for update to authenticated
  using (organization_id = any ((select weir_private.my_admin_organization_ids())::uuid[]))
  with check (organization_id = any ((select weir_private.my_admin_organization_ids())::uuid[])
    and (kind <> 'organization_quota' or status <> 'approved'));
create policy platform_update on weir.limit_requests for update to authenticated
  using (kind = 'organization_quota' and (select weir_private.is_platform_admin()))
  with check (kind = 'organization_quota' and (select weir_private.is_platform_admin()));
grant select, insert (id, organization_id, user_id, kind, template_id, model_id, budget_id, requested, limit_then, reason),
  update (status, decided_by, decided_at, decision_reason) on weir.limit_requests to authenticated;

create policy people_read on weir.limit_overrides for select to authenticated using (
  organization_id = any ((select weir_private.my_admin_organization_ids())::uuid[])
  or (user_id = (select auth.uid()) and organization_id = any ((select weir_private.my_organization_ids())::uuid[]))
  or (kind = 'organization_quota' and (select weir_private.is_platform_admin())));
create policy admin_insert on weir.limit_overrides for insert to authenticated with check (
  organization_id = any ((select weir_private.my_admin_organization_ids())::uuid[]) and kind <> 'organization_quota');
create policy admin_update on weir.limit_overrides for update to authenticated
  using (organization_id = any ((select weir_private.my_admin_organization_ids())::uuid[]) and kind <> 'organization_quota')
  with check (organization_id = any ((select weir_private.my_admin_organization_ids())::uuid[]) and kind <> 'organization_quota');
create policy platform_insert on weir.limit_overrides for insert to authenticated
  with check (kind = 'organization_quota' and (select weir_private.is_platform_admin()));
create policy platform_update on weir.limit_overrides for update to authenticated
  using (kind = 'organization_quota' and (select weir_private.is_platform_admin()))
  with check (kind = 'organization_quota' and (select weir_private.is_platform_admin()));
grant select, insert (id, organization_id, user_id, kind, template_id, model_id, budget_id, amount, starts_at, ends_at, request_id, granted_by),
  update (revoked_at, revoked_by) on weir.limit_overrides to authenticated;
