-- Owns: what is sold, who bought it and who may use what. Not: prices of calls (catalog) or charging cards (Stripe).

create table weir.products (
  id uuid primary key,
  type text not null check (type in ('model', 'plan', 'credit_pack')),
  name text not null check (length(name) between 1 and 200),
  model_id text references weir.models (id) on update cascade on delete cascade,
  plan_slug text references weir.plans (slug) on update cascade on delete cascade,
  credit_type text references weir.credit_types (slug) on update cascade on delete cascade,
  credit_amount bigint check (credit_amount > 0),
  price_cents bigint not null check (price_cents >= 0),
  currency text not null default 'usd' check (currency ~ '^[a-z]{3}$'),
  stripe_product_id text,
  stripe_price_id text,
  active boolean not null default true,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint products_type_names_its_reference check (
    num_nonnulls(model_id, plan_slug, credit_type) = 1
    and (type = 'model') = (model_id is not null)
    and (type = 'plan') = (plan_slug is not null)
    and (type = 'credit_pack') = (credit_type is not null)
    and (credit_type is null) = (credit_amount is null))
);
create index products_model_id_idx on weir.products (model_id);
create index products_plan_slug_idx on weir.products (plan_slug);
create index products_credit_type_idx on weir.products (credit_type);

create table weir.purchases (
  id uuid primary key,
  user_id uuid references weir.users (id) on delete set null,
  organization_id uuid references weir.organizations (id) on delete set null,
  product_id uuid references weir.products (id) on delete set null,
  product_name text not null,
  amount_cents bigint not null check (amount_cents >= 0),
  currency text not null default 'usd' check (currency ~ '^[a-z]{3}$'),
  stripe_session_id text unique,
  stripe_payment_intent_id text unique,
  status text not null default 'pending' check (status in ('pending', 'completed', 'refunded', 'failed')),
  completed_at timestamptz,
  refunded_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
comment on column weir.purchases.product_name is 'As sold; the product may go.';
create index purchases_user_id_idx on weir.purchases (user_id);
create index purchases_organization_id_idx on weir.purchases (organization_id);
create index purchases_product_id_idx on weir.purchases (product_id);

create table weir.entitlements (
  id uuid primary key,
  user_id uuid references weir.users (id) on delete cascade,
  organization_id uuid references weir.organizations (id) on delete cascade,
  model_id text references weir.models (id) on update cascade on delete cascade,
  product_id uuid references weir.products (id) on delete cascade,
  source text not null check (source in ('purchase', 'admin_grant', 'trial', 'plan')),
  purchase_id uuid references weir.purchases (id) on delete set null,
  granted_by uuid references weir.users (id) on delete set null,
  notes text not null default '' check (length(notes) <= 2000),
  granted_at timestamptz not null default now(),
  expires_at timestamptz,
  revoked_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint entitlements_one_holder check (num_nonnulls(user_id, organization_id) = 1),
  constraint entitlements_one_object check (num_nonnulls(model_id, product_id) = 1),
  constraint entitlements_end_after_start check (expires_at > granted_at)
);
create unique index entitlements_unique_while_active on weir.entitlements (user_id, organization_id, model_id, product_id)
  nulls not distinct where revoked_at is null;
create index entitlements_user_id_idx on weir.entitlements (user_id);
create index entitlements_organization_id_idx on weir.entitlements (organization_id);
create index entitlements_model_id_idx on weir.entitlements (model_id);
create index entitlements_product_id_idx on weir.entitlements (product_id);
create index entitlements_purchase_id_idx on weir.entitlements (purchase_id);
create index entitlements_granted_by_idx on weir.entitlements (granted_by);

-- An index can't look at the clock: what has run out is closed when the same right is given again.
create function weir_private.close_expired_entitlements() returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
  update weir.entitlements e set revoked_at = e.expires_at
  where e.revoked_at is null and e.expires_at <= now()
    and (e.user_id = new.user_id or e.organization_id = new.organization_id)
    and (e.model_id = new.model_id or e.product_id = new.product_id);
  return new;
end
$$;
create trigger entitlements_close_expired before insert on weir.entitlements
  for each row execute function weir_private.close_expired_entitlements();

-- A model that somebody has a right to is not deleted under them.
create function weir_private.refuse_delete_of_entitled_model() returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
  if exists (select 1 from weir.entitlements e where e.model_id = old.id and e.revoked_at is null
      and (e.expires_at is null or e.expires_at > now())) then
    raise exception 'model % has active entitlements', old.id
      using errcode = 'foreign_key_violation', constraint = 'entitlements_model_id_fkey', schema = 'weir', table = 'entitlements';
  end if;
  return old;
end
$$;
create trigger models_keep_while_entitled before delete on weir.models
  for each row execute function weir_private.refuse_delete_of_entitled_model();
