-- Owns: finding the calls of an organization that no sum holds yet (000132) in the index alone: those of the minutes before the line are many, and all but the newest are in the
-- sums. Not: the other questions that this index answers, by organization and time, as before.
drop index weir.usage_events_organization_idx;
create index usage_events_organization_idx on weir.usage_events (organization_id, occurred_at, booked_at);
