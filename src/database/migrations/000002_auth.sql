-- run as login
-- auth.uid(): who the signed-in person is, read from request.jwt.claims as on Supabase. Schema and function are made only
-- where missing; on Supabase both belong to another role and stay as they are.

DO $auth$
BEGIN
  IF to_regnamespace('auth') IS NULL THEN
    CREATE SCHEMA auth;
  END IF;

  -- Looked up in the catalogue: naming auth.uid() is an error for who may not use the schema.
  IF NOT EXISTS (SELECT FROM pg_proc WHERE pronamespace = to_regnamespace('auth') AND proname = 'uid' AND pronargs = 0) THEN
    IF NOT has_schema_privilege('auth', 'CREATE') THEN
      RAISE EXCEPTION 'schema auth exists without auth.uid(), and % may not create in it', session_user
        USING HINT = 'as the owner of schema auth, grant CREATE on it to the migrating login';
    END IF;
    CREATE FUNCTION auth.uid() RETURNS uuid
      LANGUAGE sql STABLE PARALLEL SAFE
      SET search_path = ''
      AS $uid$ SELECT (nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'sub')::uuid $uid$;
    COMMENT ON FUNCTION auth.uid() IS 'The signed-in person of this transaction, or null.';
    GRANT EXECUTE ON FUNCTION auth.uid() TO PUBLIC;
  END IF;
END
$auth$;

-- Policies are created by weir_owner and run as the person: both have to find auth.uid().
DO $usage$
DECLARE
  wanted text;
  uid oid := (SELECT oid FROM pg_proc WHERE pronamespace = to_regnamespace('auth') AND proname = 'uid' AND pronargs = 0);
BEGIN
  FOREACH wanted IN ARRAY ARRAY['weir_owner', 'weir_gateway', 'weir_service', 'authenticated', 'anon'] LOOP
    IF NOT has_schema_privilege(wanted, 'auth', 'USAGE') THEN
      -- A GRANT without the right to give it is only a warning, so what counts is looked at afterwards.
      BEGIN
        EXECUTE format('GRANT USAGE ON SCHEMA auth TO %I', wanted);
      EXCEPTION WHEN insufficient_privilege THEN
        NULL;
      END;
    END IF;
  END LOOP;

  -- Supabase's authenticated may use the schema already; the owner can have it from there.
  IF NOT has_schema_privilege('weir_owner', 'auth', 'USAGE') THEN
    BEGIN
      GRANT authenticated TO weir_owner;
    EXCEPTION WHEN insufficient_privilege THEN
      NULL;
    END;
  END IF;

  FOREACH wanted IN ARRAY ARRAY['weir_owner', 'authenticated'] LOOP
    IF NOT has_schema_privilege(wanted, 'auth', 'USAGE') OR NOT has_function_privilege(wanted, uid, 'EXECUTE') THEN
      RAISE EXCEPTION 'role % may not call auth.uid(), and % may not let it', wanted, session_user
        USING HINT = format('as the owner of schema auth, run: GRANT USAGE ON SCHEMA auth TO %I', wanted);
    END IF;
  END LOOP;
END
$usage$;
