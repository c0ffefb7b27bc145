-- Owns: the questions that policies ask about the caller, and the one door to a provider's secret. Not: the policies.
-- All read the tables rather than the claims: a claim outlives a revoked role by as long as its session lasts. The claim of
-- an organization only narrows: a person who acts in one organization sees nothing of the others.

create function weir_private.is_platform_admin() returns boolean
language sql stable security definer parallel safe
set search_path = ''
as $$
  select exists (select 1 from weir.users u where u.id = (select auth.uid())
    and u.platform_role in ('platform_admin', 'superadmin')
    and not (u.banned and (u.ban_expires is null or u.ban_expires > now())))
$$;

create function weir_private.my_organization_ids_as(roles text[]) returns uuid[]
language sql stable security definer parallel safe
set search_path = ''
as $$
  select coalesce(array_agg(m.organization_id), '{}') from weir.members m
  where m.user_id = (select auth.uid()) and m.role = any (roles)
    and (weir_private.claim('organization_id') is null or m.organization_id = weir_private.claim('organization_id')::uuid)
$$;

create function weir_private.my_organization_ids() returns uuid[]
language sql stable security definer parallel safe
set search_path = ''
as $$ select weir_private.my_organization_ids_as(array['owner', 'admin', 'member']) $$;

create function weir_private.my_admin_organization_ids() returns uuid[]
language sql stable security definer parallel safe
set search_path = ''
as $$ select weir_private.my_organization_ids_as(array['owner', 'admin']) $$;

create function weir_private.my_owner_organization_ids() returns uuid[]
language sql stable security definer parallel safe
set search_path = ''
as $$ select weir_private.my_organization_ids_as(array['owner']) $$;

-- Everyone the caller shares an organization with, the caller included.
create function weir_private.my_fellow_user_ids() returns uuid[]
language sql stable security definer parallel safe
set search_path = ''
as $$
  select coalesce(array_agg(distinct m.user_id), '{}') || array[(select auth.uid())] from weir.members m
  where m.organization_id = any (weir_private.my_organization_ids())
$$;

-- System templates that fit an organization of the caller: business type, plan level and, for members, the admin's switch.
create function weir_private.my_system_template_ids() returns bigint[]
language sql stable security definer parallel safe
set search_path = ''
as $$
  select coalesce(array_agg(distinct t.id), '{}')
  from weir.members m
  join weir.organizations o on o.id = m.organization_id
  join weir.plans mine on mine.slug = o.pricing_plan
  cross join weir.templates t
  join weir.plans wanted on wanted.slug = t.required_plan
  where m.user_id = (select auth.uid()) and o.id = any (weir_private.my_organization_ids())
    and t.scope = 'system' and t.is_active and mine.level >= wanted.level
    and (t.business_types = '{}' or o.business_type = any (t.business_types))
    and (m.role in ('owner', 'admin') or exists (select 1 from weir.org_system_model_config c
      where c.organization_id = o.id and c.template_id = t.id and c.is_enabled_for_users))
$$;

-- An admin sees how many templates people made, never which. Null for anybody else.
create function weir.count_user_templates(organization uuid) returns bigint
language sql stable security definer
set search_path = ''
as $$
  select count(t.id) from (select 1) as one
  left join weir.templates t on t.scope = 'user' and t.organization_id = organization
  having organization = any (weir_private.my_admin_organization_ids()) or weir_private.is_platform_admin()
$$;

-- The one way in which the data plane reads a provider's secret: one by one, by id, only while it may be used.
create function weir_private.provider_credential_secret(credential uuid)
returns table (ciphertext bytea, key_id text, origin text)
language sql stable security definer
set search_path = ''
as $$
  select c.ciphertext, c.key_id, c.origin from weir.provider_credentials c where c.id = credential and c.status = 'active'
$$;

-- The same for a template's own endpoint.
create function weir_private.template_endpoint_secret(template bigint)
returns table (ciphertext bytea, key_id text, origin text)
language sql stable security definer
set search_path = ''
as $$
  select s.ciphertext, s.key_id, s.origin from weir.template_endpoint_secrets s where s.template_id = template
$$;

grant execute on function
  weir_private.is_platform_admin(), weir_private.my_organization_ids_as(text[]), weir_private.my_organization_ids(),
  weir_private.my_admin_organization_ids(), weir_private.my_owner_organization_ids(), weir_private.my_fellow_user_ids(),
  weir_private.my_system_template_ids(), weir.count_user_templates(uuid)
to authenticated;
grant execute on function weir_private.provider_credential_secret(uuid), weir_private.template_endpoint_secret(bigint)
to weir_gateway, weir_service;
grant execute on function weir.grant_credits(uuid, text, bigint, text, text, timestamptz, timestamptz, timestamptz, smallint, uuid, text)
to weir_service;
grant execute on function weir.ensure_plan_credits(uuid, timestamptz) to weir_service, weir_gateway;
grant execute on function weir_private.audit_hash(bytea, weir.audit_logs) to weir_service, authenticated;
grant execute on function weir_private.uuid_v7() to weir_service, weir_gateway;
