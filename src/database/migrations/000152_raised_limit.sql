-- Owns: the limit in force for one person, as queries that show limits ask for it. Not: deciding by it (the gateway reads the overrides themselves).

create function weir.raised_limit(p_ordinary bigint, p_organization uuid, p_user uuid, p_kind text, p_target text, p_at timestamptz) returns bigint
language sql stable
set search_path = ''
as $$
  select case when p_ordinary is null then null else greatest(p_ordinary, (
    select max(l.amount) from weir.limit_overrides l
     where l.organization_id = p_organization and l.user_id = p_user and l.kind = p_kind
       and coalesce(l.template_id::text, l.model_id, l.budget_id::text) = p_target
       and l.revoked_at is null and l.starts_at <= p_at and (l.ends_at is null or l.ends_at > p_at))) end
$$;
comment on function weir.raised_limit(bigint, uuid, uuid, text, text, timestamptz) is
  'A person''s limit with what raises it at a moment; null where there is none. Sees the overrides that its caller may see.';
grant execute on function weir.raised_limit(bigint, uuid, uuid, text, text, timestamptz) to authenticated, weir_service;
