-- Owns: tenants, their people, departments, invitations and domains. Not: what they use or have used (token_usage_current is read from the counters).

create table weir.organizations (
  id uuid primary key,
  name text not null check (length(name) between 1 and 200),
  slug text not null unique check (slug ~ '^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$'),
  logo text,
  business_type text not null references weir.business_types (slug) on update cascade,
  pricing_plan text not null default 'free' references weir.plans (slug) on update cascade,
  status text not null default 'active' check (status in ('active', 'suspended')),
  status_reason text,
  token_quota_monthly bigint check (token_quota_monthly >= 0),
  can_create_custom_models boolean not null default true,
  max_custom_models integer not null default 10 check (max_custom_models >= 0),
  default_model_id text,
  stripe_customer_id text unique,
  billing_email text check (length(billing_email) <= 320),
  settings jsonb not null default '{}' check (jsonb_typeof(settings) = 'object'),
  credit_anchor_at timestamptz not null default now(),
  deletion_requested_at timestamptz,
  delete_after timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint organizations_deletion_comes_together check ((deletion_requested_at is null) = (delete_after is null))
);
comment on column weir.organizations.token_quota_monthly is 'Null: the plan''s.';
comment on column weir.organizations.credit_anchor_at is 'Anniversary from which the 30-day credit periods are counted.';
create index organizations_business_type_idx on weir.organizations (business_type);
create index organizations_pricing_plan_idx on weir.organizations (pricing_plan);
create index organizations_default_model_id_idx on weir.organizations (default_model_id);

alter table weir.sessions add constraint sessions_active_organization_id_fkey
  foreign key (active_organization_id) references weir.organizations (id) on delete set null;
create index sessions_active_organization_id_idx on weir.sessions (active_organization_id);

create table weir.departments (
  id uuid primary key,
  organization_id uuid not null references weir.organizations (id) on delete cascade,
  name text not null check (length(name) between 1 and 200),
  cost_centre_code text check (length(cost_centre_code) <= 100),
  manager_user_id uuid references weir.users (id) on delete set null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (organization_id, name),
  unique (organization_id, id)
);
create index departments_manager_user_id_idx on weir.departments (manager_user_id);

create table weir.members (
  id uuid primary key,
  organization_id uuid not null references weir.organizations (id) on delete cascade,
  user_id uuid not null references weir.users (id) on delete cascade,
  role text not null check (role in ('owner', 'admin', 'member')),
  department_id uuid,
  status text not null default 'active' check (status in ('active', 'paused')),
  paused_until timestamptz,
  pause_reason text check (length(pause_reason) <= 2000),
  joined_at timestamptz not null default now(),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (organization_id, user_id),
  constraint members_department_of_same_organization foreign key (organization_id, department_id)
    references weir.departments (organization_id, id) on delete set null (department_id),
  constraint members_pause_only_while_paused check (status = 'paused' or (paused_until is null and pause_reason is null))
);
create index members_user_id_idx on weir.members (user_id);
create index members_department_idx on weir.members (organization_id, department_id);

-- At least one owner at all times: checked at commit, under a lock of the organization, so that two owners can't leave past each other.
create function weir_private.check_organization_has_owner() returns trigger
language plpgsql security definer
set search_path = ''
as $$
declare
  organization uuid := coalesce(to_jsonb(old) ->> 'organization_id', to_jsonb(new) ->> 'id')::uuid;
begin
  perform 1 from weir.organizations o where o.id = organization for no key update;
  if found and not exists (select 1 from weir.members m where m.organization_id = organization and m.role = 'owner') then
    raise exception 'an organization needs at least one owner'
      using errcode = 'check_violation', constraint = 'organizations_have_an_owner', schema = 'weir', table = 'members';
  end if;
  return null;
end
$$;
create constraint trigger organizations_have_an_owner after insert on weir.organizations
  deferrable initially deferred for each row execute function weir_private.check_organization_has_owner();
create constraint trigger members_keep_an_owner after update of role, organization_id or delete on weir.members
  deferrable initially deferred for each row when (old.role = 'owner')
  execute function weir_private.check_organization_has_owner();

create table weir.invitations (
  id uuid primary key,
  organization_id uuid not null references weir.organizations (id) on delete cascade,
  email text not null check (email = lower(email) and length(email) between 3 and 320),
  role text not null default 'member' check (role in ('owner', 'admin', 'member')),
  department_id uuid,
  token_hash bytea not null unique check (octet_length(token_hash) = 32),
  inviter_id uuid references weir.users (id) on delete set null,
  status text not null default 'pending' check (status in ('pending', 'accepted', 'revoked', 'expired')),
  expires_at timestamptz not null,
  sent_count integer not null default 1 check (sent_count > 0),
  last_sent_at timestamptz not null default now(),
  accepted_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint invitations_department_of_same_organization foreign key (organization_id, department_id)
    references weir.departments (organization_id, id) on delete set null (department_id)
);
create unique index invitations_one_pending_per_email on weir.invitations (organization_id, email) where status = 'pending';
create index invitations_department_idx on weir.invitations (organization_id, department_id);
create index invitations_inviter_id_idx on weir.invitations (inviter_id);
create index invitations_email_idx on weir.invitations (email) where status = 'pending';

create table weir.organization_domains (
  id uuid primary key,
  organization_id uuid not null references weir.organizations (id) on delete cascade,
  domain text not null check (domain = lower(domain) and domain ~ '^[a-z0-9.-]{1,252}\.[a-z0-9-]{2,63}$'),
  verification_token text not null,
  method text not null check (method in ('dns_txt', 'http_file')),
  auto_join boolean not null default false,
  verified_at timestamptz,
  last_checked_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (organization_id, domain),
  constraint organization_domains_join_only_when_verified check (not auto_join or verified_at is not null)
);
create unique index organization_domains_verified_once on weir.organization_domains (domain) where verified_at is not null;
