-- Owns: what members learn and owners do of their organization past the columns that roles are granted. Not: rows and columns (000013, 000022).

-- The organization's tokens of the running month, used and held, for each of its members: the counters themselves are for admins. The gateway names the meter so
-- (organizationQuota); it counts calendar months in UTC. No row for anybody else.
create function weir.organization_tokens(organization uuid)
returns table (used bigint, resets_at timestamptz)
language sql stable security definer
set search_path = ''
as $$
  select coalesce((select c.used + c.held from weir.counters c
           where c.meter_key = 'organization:' || organization::text || ':tokens' and c.window_start = month.start), 0)::bigint,
         month.ends
    from (select date_trunc('month', now() at time zone 'UTC') at time zone 'UTC' as start,
                 (date_trunc('month', now() at time zone 'UTC') + interval '1 month') at time zone 'UTC' as ends) as month
   where organization = any ((select weir_private.my_organization_ids())::uuid[]) or (select weir_private.is_platform_admin())
$$;

-- Owners alone ask for the end of their organization, or take it back (null). Asked for twice, the first time counts. Says whether there was anything to change.
create function weir.schedule_organization_deletion(organization uuid, moment timestamptz) returns boolean
language plpgsql volatile security definer
set search_path = ''
as $$
begin
  update weir.organizations o
     set deletion_requested_at = case when moment is null then null else now() end, delete_after = moment
   where o.id = organization and (moment is null) <> (o.delete_after is null)
     and (o.id = any ((select weir_private.my_owner_organization_ids())::uuid[]) or (select weir_private.is_platform_admin()));
  return found;
end
$$;

grant execute on function weir.organization_tokens(uuid), weir.schedule_organization_deletion(uuid, timestamptz) to authenticated;
