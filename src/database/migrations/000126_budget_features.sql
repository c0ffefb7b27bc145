-- Owns: the names by which admins set budgets on features, which they don't otherwise see. Not: features themselves.

create function weir_private.feature_name(feature uuid) returns text
language sql stable security definer
set search_path = ''
as $$ select f.name from weir.features f where f.id = feature $$;

create function weir_private.find_feature(reference text) returns uuid
language sql stable security definer
set search_path = ''
as $$ select f.id from weir.features f where f.name = reference or f.id::text = reference $$;

grant execute on function weir_private.feature_name(uuid), weir_private.find_feature(text) to weir_service, authenticated;
