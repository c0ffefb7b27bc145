-- Owns: what a person has to know of templates that they may not read: how many an organization's people have made, and which names are taken for them. Not: the
-- templates (000015), or who may read them (000021).

-- How many templates of their own an organization and its people have, and how many they may have: of plan and organization the lower maximum and the stricter
-- switch. No row for anybody but its members.
create function weir.custom_template_room(organization uuid)
returns table (used bigint, maximum integer, can_create boolean, plan text, plan_maximum integer, plan_can_create boolean)
language sql stable security definer
set search_path = ''
as $$
  select (select count(*) from weir.templates t where t.organization_id = o.id),
         least(o.max_custom_models, p.max_custom_models), o.can_create_custom_models and p.can_create_custom_models,
         p.slug, p.max_custom_models, p.can_create_custom_models
    from weir.organizations o join weir.plans p on p.slug = o.pricing_plan
   where o.id = organization and o.id = any (weir_private.my_organization_ids())
$$;

-- Whose templates have the name already, of those that the organization has or could be shown: 'system', 'organization'. Asked of one's own organization alone.
create function weir.template_scopes_with_slug(organization uuid, wanted text) returns text[]
language sql stable security definer
set search_path = ''
as $$
  select coalesce(array_agg(distinct t.scope order by t.scope), '{}')
    from weir.organizations o
    join weir.plans mine on mine.slug = o.pricing_plan
    join weir.templates t on t.slug = wanted
    join weir.plans needed on needed.slug = t.required_plan
   where o.id = organization and o.id = any (weir_private.my_organization_ids())
     and (t.scope = 'organization' and t.organization_id = o.id
       or t.scope = 'system' and t.is_active and mine.level >= needed.level
         and (t.business_types = '{}' or o.business_type = any (t.business_types)))
$$;

grant execute on function weir.custom_template_room(uuid), weir.template_scopes_with_slug(uuid, text) to authenticated;
