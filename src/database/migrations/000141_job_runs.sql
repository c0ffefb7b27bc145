-- Owns: what the jobs have done, and which windows were closed. Not: when they run (src/jobs/schedule.ts), or the queue (schema weir_queue).

create table weir.job_runs (
  id uuid primary key default weir_private.uuid_v7(),
  job text not null check (job ~ '^[a-z][a-z0-9_]{1,60}$'),
  cause text not null check (cause in ('schedule', 'catch_up', 'manual')),
  status text not null default 'running' check (status in ('running', 'succeeded', 'failed', 'lost')),
  attempt smallint not null default 1 check (attempt > 0),
  started_at timestamptz not null,
  finished_at timestamptz,
  counts jsonb not null default '{}' check (jsonb_typeof(counts) = 'object'),
  error text check (length(error) <= 2000),
  constraint job_runs_finished_has_time check ((status = 'running') = (finished_at is null))
);
comment on column weir.job_runs.status is 'lost: whoever ran it went away without saying how it ended.';
comment on column weir.job_runs.error is 'Redacted; for people to read.';
-- One at a time over all replicas.
create unique index job_runs_one_running on weir.job_runs (job) where status = 'running';
create index job_runs_job_idx on weir.job_runs (job, started_at desc, id desc);
create index job_runs_status_idx on weir.job_runs (job, status, started_at desc);
create index job_runs_started_at_idx on weir.job_runs (started_at);

-- A window of limits that has been closed: whoever closes it again finds that it is done.
create table weir.closed_windows (
  period text not null check (period in ('daily', 'weekly', 'monthly')),
  act text not null check (act in ('limits_renewed', 'digest')),
  window_end timestamptz not null,
  closed_at timestamptz not null default now(),
  primary key (period, act, window_end)
);

do $$
declare
  target text;
begin
  foreach target in array array['job_runs', 'closed_windows'] loop
    perform weir_private.protect_table(format('weir.%I', target)::regclass);
    execute format('create policy service_all on weir.%I to weir_service using (true) with check (true)', target);
  end loop;
end
$$;
grant select, insert, update, delete on weir.job_runs to weir_service;
grant select, insert on weir.closed_windows to weir_service;
create policy platform_read on weir.job_runs for select to authenticated using ((select weir_private.is_platform_admin()));
grant select on weir.job_runs to authenticated;

-- Limits that renew are looked for by when their window ended.
create index counters_template_window_end_idx on weir.counters (window_end) where kind = 'template_limit';
