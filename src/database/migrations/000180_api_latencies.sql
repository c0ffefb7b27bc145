-- Owns: how long requests of the product API took, by replica, minute and class, for the rules of alerts. Not: any single request, or whose it was.

create table weir.api_latencies (
  replica uuid not null,
  minute timestamptz not null,
  class text not null check (class ~ '^[a-z][a-z_]{1,60}$'),
  buckets bigint[] not null check (cardinality(buckets) between 1 and 64),
  primary key (minute, replica, class)
);
comment on table weir.api_latencies is 'Times of requests, counted in buckets. Kept for a day.';
comment on column weir.api_latencies.replica is 'A process, from its start to its end.';
comment on column weir.api_latencies.buckets is 'Requests by bucket; the bounds are code (src/contracts/notifications/latency-classes.ts).';

select weir_private.protect_table('weir.api_latencies');
create policy service_all on weir.api_latencies to weir_service using (true) with check (true);
grant select, insert, update, delete on weir.api_latencies to weir_service;
