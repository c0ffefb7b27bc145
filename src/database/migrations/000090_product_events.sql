-- Owns: what happened in the product, as typed events: the outbox that later domains react to, and what is forwarded to product analytics. Not: calls to models
-- (usage events) or who did what to what (audit log).

create table weir.analytics_events (
  id uuid primary key,
  name text not null check (name ~ '^[a-z][a-z0-9_]{1,98}$'),
  properties jsonb not null default '{}' check (jsonb_typeof(properties) = 'object'),
  organization_id uuid references weir.organizations (id) on delete cascade,
  user_id uuid references weir.users (id) on delete set null,
  handled_at timestamptz,
  created_at timestamptz not null default now()
);
comment on table weir.analytics_events is 'Typed product events (src/contracts/product-events.ts), written in the transaction of what they tell of.';
comment on column weir.analytics_events.handled_at is 'When notifications had reacted to it; null: not yet.';
create index analytics_events_unhandled_idx on weir.analytics_events (id) where handled_at is null;
create index analytics_events_name_idx on weir.analytics_events (name, created_at desc);
create index analytics_events_organization_id_idx on weir.analytics_events (organization_id, created_at desc);
create index analytics_events_user_id_idx on weir.analytics_events (user_id);

select weir_private.protect_table('weir.analytics_events');

grant select, insert, delete on weir.analytics_events to weir_service;
grant update (handled_at) on weir.analytics_events to weir_service;
grant select, insert on weir.analytics_events to authenticated;
create policy service_all on weir.analytics_events to weir_service using (true) with check (true);
create policy platform_read on weir.analytics_events for select to authenticated using ((select weir_private.is_platform_admin()));
create policy admin_read on weir.analytics_events for select to authenticated
  using (organization_id = any ((select weir_private.my_admin_organization_ids())::uuid[]));
-- An event names the person who caused it, in an organization of theirs or none.
create policy own_insert on weir.analytics_events for insert to authenticated
  with check (user_id = (select auth.uid()) and handled_at is null
    and (organization_id is null or organization_id = any ((select weir_private.my_organization_ids())::uuid[])
      or (select weir_private.is_platform_admin())));
