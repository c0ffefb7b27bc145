-- Owns: when a model is retired and what takes its place; prices proposed from a price library, kept with who approved them. Not: comparing prices (catalog) or
-- refusing retired models (the gateway).

alter table weir.models
  add column retires_at timestamptz,
  add column replacement_model_id text references weir.models (id) on update cascade on delete set null,
  add constraint models_no_replacement_by_itself check (replacement_model_id <> id);
comment on column weir.models.retires_at is 'From then on calls are not sent to it; they go to its replacement where there is one. Null: no end is known.';
comment on column weir.models.replacement_model_id is 'What answers in its place once it is retired.';
create index models_replacement_model_id_idx on weir.models (replacement_model_id);

create table weir.price_imports (
  id uuid primary key,
  library text not null check (length(library) between 1 and 200),
  compared_count integer not null check (compared_count >= 0),
  unknown_model_ids text[] not null default '{}',
  created_by uuid references weir.users (id) on delete set null,
  created_at timestamptz not null default now()
);
comment on table weir.price_imports is 'A comparison of the prices in force with those of a price library. Nothing of it is in force before somebody approves it.';
comment on column weir.price_imports.unknown_model_ids is 'Models that the library has no price for.';
create index price_imports_created_by_idx on weir.price_imports (created_by);

create table weir.price_import_items (
  price_import_id uuid not null references weir.price_imports (id) on delete cascade,
  model_id text not null references weir.models (id) on update cascade on delete cascade,
  base_price_id uuid,
  proposed jsonb not null check (jsonb_typeof(proposed) = 'object'),
  changes jsonb not null check (jsonb_typeof(changes) = 'array'),
  applied_price_id uuid,
  applied_by uuid references weir.users (id) on delete set null,
  applied_at timestamptz,
  created_at timestamptz not null default now(),
  primary key (price_import_id, model_id),
  constraint price_import_items_applied_comes_together check ((applied_price_id is null) = (applied_at is null))
);
comment on column weir.price_import_items.base_price_id is 'The price that was in force when it was compared; null: there was none. No reference: prices go with their model.';
comment on column weir.price_import_items.proposed is 'The whole proposed price, amounts in nano-USD as text.';
comment on column weir.price_import_items.changes is 'What differs: field, from, to (nano-USD as text, or null) and percent.';
create index price_import_items_model_id_idx on weir.price_import_items (model_id);
create index price_import_items_applied_by_idx on weir.price_import_items (applied_by);

alter table weir.model_prices
  drop constraint model_prices_source_check,
  add constraint model_prices_source_check check (source in ('seed', 'admin', 'import')),
  add column price_import_id uuid references weir.price_imports (id),
  add constraint model_prices_import_names_its_proposal check ((source = 'import') = (price_import_id is not null));
create index model_prices_price_import_id_idx on weir.model_prices (price_import_id);

select weir_private.protect_table('weir.price_imports');
select weir_private.protect_table('weir.price_import_items');
create policy service_all on weir.price_imports to weir_service using (true) with check (true);
create policy service_all on weir.price_import_items to weir_service using (true) with check (true);
create policy platform_read on weir.price_imports for select to authenticated using ((select weir_private.is_platform_admin()));
create policy platform_insert on weir.price_imports for insert to authenticated
  with check ((select weir_private.is_platform_admin()));
create policy platform_read on weir.price_import_items for select to authenticated using ((select weir_private.is_platform_admin()));
create policy platform_insert on weir.price_import_items for insert to authenticated
  with check (applied_at is null and (select weir_private.is_platform_admin()));
create policy platform_apply on weir.price_import_items for update to authenticated
  using (applied_at is null and (select weir_private.is_platform_admin()))
  with check ((select weir_private.is_platform_admin()));
drop policy platform_insert on weir.model_prices;
create policy platform_insert on weir.model_prices for insert to authenticated
  with check ((select weir_private.is_platform_admin()) and source in ('admin', 'import'));

grant select, insert on weir.price_imports, weir.price_import_items to weir_service, authenticated;
grant update (applied_price_id, applied_by, applied_at) on weir.price_import_items to weir_service, authenticated;
