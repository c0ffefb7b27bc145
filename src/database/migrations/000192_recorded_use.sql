-- Owns: the calls that were made elsewhere and told of, as far as weir.usage_days has them: budgets over all organizations leave them out. Not: booking them
-- (src/gateway/record-use.ts), or which budgets count them. Why: docs/decisions/0066-told-calls-and-people-by-two-dimensions.md.
-- The index has these calls alone, so the others pay nothing for it, and all that is asked of them.
create index usage_events_recorded_idx on weir.usage_events (occurred_at) include (booked_at, organization_id, user_id, feature, cost_nano_usd)
  where route = 'recorded';

create view weir.usage_recorded with (security_invoker = true) as
  select (e.occurred_at at time zone 'UTC')::date as day, e.occurred_at, e.organization_id, e.feature, coalesce(e.cost_nano_usd, 0) as cost_nano_usd
    from weir.usage_events e
   where e.route = 'recorded'
     and (e.booked_at <= (select weir.usage_folded_to()) or e.occurred_at > (select weir.usage_folded_to()) - interval '20 minutes');
comment on view weir.usage_recorded is
  'Calls made elsewhere and told of: those that weir.usage_days has, in the sums or beside them (000132), so that they can be taken out of it.';
grant select on weir.usage_recorded to weir_service, authenticated;
