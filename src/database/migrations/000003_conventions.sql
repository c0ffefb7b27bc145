-- What every table of Weir is given: the updated_at trigger, forced row level security with the owner's own policy, and
-- monthly partitions made ahead.

CREATE FUNCTION weir_private.set_updated_at() RETURNS trigger
  LANGUAGE plpgsql
  SET search_path = ''
  AS $$
BEGIN
  NEW.updated_at := now();
  RETURN NEW;
END
$$;
COMMENT ON FUNCTION weir_private.set_updated_at() IS 'BEFORE UPDATE row trigger: updated_at is the time of the transaction.';

CREATE FUNCTION weir_private.claim(name text) RETURNS text
  LANGUAGE sql STABLE PARALLEL SAFE
  SET search_path = ''
  AS $$ SELECT nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> name $$;
COMMENT ON FUNCTION weir_private.claim(text) IS 'One claim of the signed-in person (organization_id, organization_role, platform_role, impersonator), or null.';
GRANT EXECUTE ON FUNCTION weir_private.claim(text) TO weir_gateway, weir_service, authenticated;

CREATE FUNCTION weir_private.protect_table(target regclass) RETURNS void
  LANGUAGE plpgsql
  SET search_path = ''
  AS $$
BEGIN
  EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', target);
  EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', target);
  -- Forced security binds the owner as well, and SECURITY DEFINER functions run as the owner.
  EXECUTE format('CREATE POLICY owner_all ON %s TO weir_owner USING (true) WITH CHECK (true)', target);
  IF EXISTS (SELECT FROM pg_catalog.pg_attribute
             WHERE attrelid = target AND attname = 'updated_at' AND NOT attisdropped) THEN
    EXECUTE format('CREATE TRIGGER set_updated_at BEFORE UPDATE ON %s FOR EACH ROW EXECUTE FUNCTION weir_private.set_updated_at()', target);
  END IF;
END
$$;
COMMENT ON FUNCTION weir_private.protect_table(regclass) IS
  'For migrations: forces row level security on a new table, with a policy for weir_owner, and keeps updated_at where it has one.';
