-- run as login
-- Roles and schemas. This file runs as the migrating login (a superuser, or a role with CREATEROLE and CREATE on the
-- database); every later one runs as weir_owner, which owns all objects of Weir. Roles belong to the whole cluster, so each
-- is made only where missing: several databases, and Supabase's own roles, may be there already.

DO $roles$
DECLARE
  wanted text;
  -- From PostgreSQL 16 on, who makes a role is a member that may give it away but not become it.
  may_become text := CASE WHEN current_setting('server_version_num')::integer >= 160000 THEN 'SET' ELSE 'MEMBER' END;
BEGIN
  -- weir_owner    owns every object, can't log in
  -- weir_gateway  the data plane: reads what it needs to decide, appends usage
  -- weir_service  the control plane's jobs and the audited platform door
  -- weir_runtime  what a run-time login is made a member of, to become one of the above or a person
  -- authenticated, anon  a signed-in person, nobody (named as on Supabase)
  FOREACH wanted IN ARRAY ARRAY['weir_owner', 'weir_gateway', 'weir_service', 'weir_runtime', 'authenticated', 'anon'] LOOP
    IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = wanted) THEN
      BEGIN
        EXECUTE format('CREATE ROLE %I NOLOGIN %s', wanted, CASE wanted WHEN 'weir_owner' THEN 'INHERIT' ELSE 'NOINHERIT' END);
      EXCEPTION WHEN duplicate_object OR unique_violation THEN
        NULL; -- another database of this cluster is being migrated at the same moment
      END;
    END IF;
  END LOOP;

  FOREACH wanted IN ARRAY ARRAY['weir_gateway', 'weir_service', 'authenticated', 'anon'] LOOP
    IF NOT pg_catalog.pg_has_role('weir_runtime', wanted, may_become) THEN
      BEGIN
        EXECUTE format('GRANT %I TO weir_runtime', wanted);
      EXCEPTION WHEN insufficient_privilege THEN
        -- Somebody else's role (Supabase's authenticated, say): enough if this login may become it itself.
        IF NOT pg_catalog.pg_has_role(session_user, wanted, may_become) THEN
          RAISE EXCEPTION 'role % exists and % may not grant it', wanted, session_user
            USING HINT = format('as its administrator, run: GRANT %I TO weir_runtime', wanted);
        END IF;
      END;
    END IF;
  END LOOP;

  -- The migrating login has to act as the owner, and may serve as the run-time login too. A superuser needs no grant.
  FOREACH wanted IN ARRAY ARRAY['weir_owner', 'weir_runtime'] LOOP
    IF NOT pg_catalog.pg_has_role(session_user, wanted, may_become) THEN
      BEGIN
        EXECUTE format('GRANT %I TO %I', wanted, session_user);
      EXCEPTION WHEN insufficient_privilege THEN
        RAISE EXCEPTION 'role % was made by another login, and % may not become it', wanted, session_user
          USING HINT = format('as its administrator, run: GRANT weir_owner, weir_runtime TO %I', session_user);
      END;
    END IF;
  END LOOP;
END
$roles$;

-- weir: tables and views. weir_private: functions nobody but Weir's own roles may name; policies may still call them.
CREATE SCHEMA weir AUTHORIZATION weir_owner;
CREATE SCHEMA weir_private AUTHORIZATION weir_owner;

SET LOCAL ROLE weir_owner;
-- A new function is nobody's until it is granted (PostgreSQL's default is everybody's).
ALTER DEFAULT PRIVILEGES FOR ROLE weir_owner REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
GRANT USAGE ON SCHEMA weir TO weir_gateway, weir_service, authenticated;
GRANT USAGE ON SCHEMA weir_private TO weir_gateway, weir_service;
RESET ROLE;

-- The run-time roles read the schema's version, so that a replica can refuse one it does not know.
GRANT USAGE ON SCHEMA weir_meta TO weir_gateway, weir_service;
GRANT SELECT ON weir_meta.migrations TO weir_gateway, weir_service;
