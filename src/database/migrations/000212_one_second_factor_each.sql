-- Owns: that a person has one second factor, and that one in force is not replaced unnoticed. Not: how one comes into force or is used (the auth library, which looks
-- for a factor first and writes it later).
-- Begun twice at once, there were two, of which the library asks for any: whoever put one in force could be asked for a code of the other, for good. And one
-- that was begun anew while the one before came into force took its place, with a secret that no app of its person knows.

-- Of several the one in force stays, else the last.
delete from weir.two_factors f using weir.two_factors better
 where better.user_id = f.user_id and better.id <> f.id
   and (better.verified, better.updated_at, better.id) > (f.verified, f.updated_at, f.id);
drop index weir.two_factors_user_id_idx;
alter table weir.two_factors add constraint two_factors_one_each unique (user_id);

create function weir_private.keep_factor_in_force() returns trigger
language plpgsql
set search_path = ''
as $$
begin
  raise exception 'the second factor is in force already'
    using errcode = 'unique_violation', constraint = 'two_factors_one_each', schema = 'weir', table = 'two_factors';
end
$$;
comment on function weir_private.keep_factor_in_force() is 'Refuses to begin a second factor anew that is in force: it is switched off first.';
create trigger keep_factor_in_force before update on weir.two_factors
  for each row when (old.verified and not new.verified) execute function weir_private.keep_factor_in_force();
