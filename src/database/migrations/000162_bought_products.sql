-- Owns: what buyers see of their purchases: the order of the list, and a product they bought though it is sold no more. Not: purchases themselves (000016).

create index purchases_created_at_idx on weir.purchases (created_at desc, id desc);

-- Whose purchase one may see, its product as well: people's own, and an organization's for its admins.
create policy buyers_read on weir.products for select to authenticated
  using (exists (select 1 from weir.purchases p where p.product_id = products.id));
