-- Owns: why calls were denied, kept for thirty days. Not: that they were (usage events), or what was asked (nobody keeps that).

create table weir.denial_traces (
  id uuid not null,
  denied_at timestamptz not null,
  organization_id uuid not null,
  user_id uuid,
  virtual_key_id uuid,
  route text not null check (length(route) <= 100),
  model text not null check (length(model) <= 300),
  feature text check (length(feature) <= 300),
  environment text not null check (length(environment) <= 300),
  code text not null check (length(code) <= 100),
  rule text check (length(rule) <= 100),
  message text not null check (length(message) <= 4000),
  meters jsonb not null default '[]' check (jsonb_typeof(meters) = 'array'),
  details jsonb not null default '{}' check (jsonb_typeof(details) = 'object'),
  created_at timestamptz not null default now(),
  primary key (id, denied_at)
) partition by range (denied_at);
comment on table weir.denial_traces is 'Why a call was denied: the rule, every meter without room. Kept for 30 days. No text of what was asked.';
comment on column weir.denial_traces.id is 'The call''s id: its x-request-id, its usage event, the explain_id of its answer.';
comment on column weir.denial_traces.model is 'As it was asked for: a model, a template, a feature, or nothing that there is.';
create index denial_traces_organization_idx on weir.denial_traces (organization_id, denied_at desc, id desc);
create index denial_traces_user_idx on weir.denial_traces (organization_id, user_id, denied_at desc, id desc);
create index denial_traces_denied_at_idx on weir.denial_traces (denied_at);
create table weir.denial_traces_default partition of weir.denial_traces default;

select weir_private.protect_table('weir.denial_traces');
select weir_private.protect_table('weir.denial_traces_default');
select weir_private.ensure_monthly_partitions('weir.denial_traces', 3);

create policy gateway_appends on weir.denial_traces for insert to weir_gateway with check (true);
create policy service_reads on weir.denial_traces for select to weir_service using (true);
create policy people_read on weir.denial_traces for select to authenticated using (
  organization_id = any ((select weir_private.my_admin_organization_ids())::uuid[])
  or (user_id = (select auth.uid()) and organization_id = any ((select weir_private.my_organization_ids())::uuid[])));
grant insert on weir.denial_traces to weir_gateway;
grant select on weir.denial_traces to weir_service, authenticated;

-- Drops months that lie wholly before p_before, then removes up to p_limit rows from before it. Gives how many rows it removed one by one.
create function weir.drop_old_denial_traces(p_before timestamptz, p_limit integer) returns integer
language plpgsql volatile security definer
set search_path = ''
set timezone = 'UTC'
as $$
declare
  v_name text;
  v_removed integer;
begin
  if p_before > now() - interval '30 days' then
    raise exception 'traces are kept for 30 days' using errcode = 'invalid_parameter_value';
  end if;
  for v_name in
    select c.relname from pg_catalog.pg_inherits i join pg_catalog.pg_class c on c.oid = i.inhrelid
     where i.inhparent = 'weir.denial_traces'::regclass and c.relname ~ '^denial_traces_\d{4}_\d{2}$'
       and to_date(right(c.relname, 7), 'YYYY_MM') + interval '1 month' <= p_before
  loop
    execute format('drop table weir.%I', v_name);
  end loop;
  delete from weir.denial_traces t
   where (t.id, t.denied_at) in (select o.id, o.denied_at from weir.denial_traces o where o.denied_at < p_before limit p_limit);
  get diagnostics v_removed = row_count;
  return v_removed;
end
$$;
grant execute on function weir.drop_old_denial_traces(timestamptz, integer) to weir_service;
