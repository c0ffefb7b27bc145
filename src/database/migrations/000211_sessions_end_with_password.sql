-- Owns: that a new password ends the sessions of its person, whoever sets it. Not: that a sign-in with the old one, under way at that moment, is given none (the
-- act of signing in looks at the password once more and waits for its row).
-- The auth library ends them too, but before it writes the password: a session that was made in between stayed.

create function weir_private.end_sessions_of_old_password() returns trigger
language plpgsql volatile security definer
set search_path = ''
as $$
begin
  delete from weir.sessions s where s.user_id = new.user_id;
  return null;
end
$$;
comment on function weir_private.end_sessions_of_old_password() is 'Ends every session of a person whose password changed.';
create trigger end_sessions_of_old_password after update of password on weir.accounts
  for each row when (old.password is distinct from new.password) execute function weir_private.end_sessions_of_old_password();
