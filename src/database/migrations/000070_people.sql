-- Owns: what people in organizations need besides their tables: managers who are members, invitations that fit their inviter, who has left before. Not: the
-- tables themselves (000013).

-- A department's manager is a member: whoever leaves stops managing.
update weir.departments d set manager_user_id = null
 where d.manager_user_id is not null
   and not exists (select 1 from weir.members m where m.organization_id = d.organization_id and m.user_id = d.manager_user_id);
alter table weir.departments drop constraint departments_manager_user_id_fkey;
drop index weir.departments_manager_user_id_idx;
alter table weir.departments add constraint departments_manager_is_member foreign key (organization_id, manager_user_id)
  references weir.members (organization_id, user_id) on delete set null (manager_user_id);
create index departments_manager_idx on weir.departments (organization_id, manager_user_id);

-- Nobody invites in another's name, or writes an invitation that was accepted by nobody.
alter policy admin_insert on weir.invitations
  with check (organization_id = any ((select weir_private.my_admin_organization_ids())::uuid[]) and role <> 'owner'
    and inviter_id = (select auth.uid()) and status = 'pending');
alter policy owner_insert on weir.invitations
  with check (organization_id = any ((select weir_private.my_owner_organization_ids())::uuid[])
    and inviter_id = (select auth.uid()) and status = 'pending');

-- What rounds look for.
create index invitations_expires_at_idx on weir.invitations (expires_at) where status = 'pending';
create index members_paused_until_idx on weir.members (paused_until) where status = 'paused' and paused_until is not null;

-- Who was a member before: a verified domain lets nobody back in whom an admin has removed, or who has left. An invitation does.
create table weir.former_members (
  organization_id uuid not null references weir.organizations (id) on delete cascade,
  user_id uuid not null references weir.users (id) on delete cascade,
  left_at timestamptz not null default now(),
  created_at timestamptz not null default now(),
  primary key (organization_id, user_id)
);
create index former_members_user_id_idx on weir.former_members (user_id);
select weir_private.protect_table('weir.former_members');
create policy service_all on weir.former_members to weir_service using (true) with check (true);
grant select, delete on weir.former_members to weir_service;

-- Nothing is kept of members who go together with their organization or their account.
create function weir_private.remember_former_member() returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
  insert into weir.former_members (organization_id, user_id)
  select o.id, u.id from weir.organizations o, weir.users u where o.id = old.organization_id and u.id = old.user_id
  on conflict (organization_id, user_id) do update set left_at = excluded.left_at;
  return null;
end
$$;
create trigger members_remember_former after delete on weir.members
  for each row execute function weir_private.remember_former_member();
