-- Owns: finding the lines of a model or a template among those of all organizations: who used it most, who tried it, what an organization may see of it. Not: sums over
-- everybody, which weir.usage_platform_daily has (000190).
create index usage_daily_model_idx on weir.usage_daily (model_id, day);
create index usage_daily_template_idx on weir.usage_daily (template_id, day) where template_id is not null;
create index usage_daily_trial_idx on weir.usage_daily (model_id, user_id) where trial_requests > 0;
