-- run as login
-- Owns: the schema that the job queue keeps its own tables in, and who may use it. Not: those tables (graphile-worker makes and changes them as weir_owner,
-- src/database/queue-schema.ts), or what the jobs have done (weir.job_runs).

create schema weir_queue authorization weir_owner;

set local role weir_owner;
-- The queue's own record of its revisions, made here because its way of making it would make the schema as well, for which weir_owner has no right.
create table weir_queue.migrations (
  id int primary key,
  ts timestamptz not null default now(),
  breaking boolean not null default false
);
grant usage on schema weir_queue to weir_service;
grant select on weir_queue.migrations to weir_service;
reset role;
