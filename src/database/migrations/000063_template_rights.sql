-- Owns: which role counts for what a person sees of system templates. Not: the rest of the rule, which is as it was (000020).

-- The role by which the person acts, as every other policy asks it: what acts with less than the person's own rights sees less.
create or replace function weir_private.my_system_template_ids() returns bigint[]
language sql stable security definer parallel safe
set search_path = ''
as $$
  select coalesce(array_agg(distinct t.id), '{}')
  from weir.organizations o
  join weir.plans mine on mine.slug = o.pricing_plan
  cross join weir.templates t
  join weir.plans wanted on wanted.slug = t.required_plan
  where o.id = any ((select weir_private.my_organization_ids())::uuid[])
    and t.scope = 'system' and t.is_active and mine.level >= wanted.level
    and (t.business_types = '{}' or o.business_type = any (t.business_types))
    and (o.id = any ((select weir_private.my_admin_organization_ids())::uuid[]) or exists (select 1 from weir.org_system_model_config c
      where c.organization_id = o.id and c.template_id = t.id and c.is_enabled_for_users))
$$;
