-- Monthly partitions made ahead of need, with a default partition that catches what has none (and raises an alarm).

CREATE FUNCTION weir_private.default_partition(parent regclass) RETURNS regclass
  LANGUAGE sql STABLE
  SET search_path = ''
  AS $$ SELECT nullif(partdefid, 0)::regclass FROM pg_catalog.pg_partitioned_table WHERE partrelid = parent $$;
COMMENT ON FUNCTION weir_private.default_partition(regclass) IS 'The default partition of a partitioned table, or null.';

CREATE FUNCTION weir_private.default_partition_rows(parent regclass) RETURNS bigint
  LANGUAGE plpgsql STABLE SECURITY DEFINER
  SET search_path = ''
  AS $$
DECLARE
  fallback regclass := weir_private.default_partition(parent);
  row_count bigint;
BEGIN
  IF fallback IS NULL THEN
    RETURN 0;
  END IF;
  EXECUTE format('SELECT count(*) FROM ONLY %s', fallback) INTO row_count;
  RETURN row_count;
END
$$;
COMMENT ON FUNCTION weir_private.default_partition_rows(regclass) IS
  'How many rows found no monthly partition; anything but 0 is an alarm.';

-- Makes the partitions of the month of `starting` and of `months_ahead` months after it, each only where missing; months are
-- UTC. Rows that the default partition caught meanwhile move into the new one. Gives how many were made.
CREATE FUNCTION weir_private.ensure_monthly_partitions(
  parent regclass, months_ahead integer, starting timestamptz DEFAULT now()
) RETURNS integer
  LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = ''
  SET timezone = 'UTC'
  AS $$
DECLARE
  schema_name text;
  table_name text;
  partition_column text;
  partition_name text;
  fallback regclass := weir_private.default_partition(parent);
  opens timestamptz;
  closes timestamptz;
  made integer := 0;
BEGIN
  IF months_ahead NOT BETWEEN 0 AND 24 THEN
    RAISE EXCEPTION 'months_ahead is %, allowed are 0 to 24', months_ahead USING ERRCODE = 'invalid_parameter_value';
  END IF;
  SELECT n.nspname, c.relname, a.attname INTO STRICT schema_name, table_name, partition_column
    FROM pg_catalog.pg_class c
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_catalog.pg_partitioned_table p ON p.partrelid = c.oid AND p.partstrat = 'r' AND p.partnatts = 1
    JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum = p.partattrs[0]
   WHERE c.oid = parent;

  -- Replicas may call this at the same moment; the second waits and then finds the work done.
  PERFORM pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtext('weir partitions'), parent::oid::integer);

  FOR ahead IN 0 .. months_ahead LOOP
    opens := date_trunc('month', starting) + make_interval(months => ahead);
    closes := opens + interval '1 month';
    partition_name := format('%s_%s', table_name, to_char(opens, 'YYYY_MM'));
    CONTINUE WHEN to_regclass(format('%I.%I', schema_name, partition_name)) IS NOT NULL;

    EXECUTE format('CREATE TABLE %I.%I (LIKE %s INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING GENERATED INCLUDING STORAGE)',
                   schema_name, partition_name, parent);
    PERFORM weir_private.protect_table(format('%I.%I', schema_name, partition_name)::regclass);
    IF fallback IS NOT NULL THEN
      -- The lock keeps late rows out of the default partition between the move and the attach.
      EXECUTE format('LOCK TABLE %s IN ACCESS EXCLUSIVE MODE', fallback);
      EXECUTE format('ALTER TABLE %s DISABLE TRIGGER USER', fallback);
      EXECUTE format('WITH moved AS (DELETE FROM %s WHERE %I >= $1 AND %I < $2 RETURNING *) INSERT INTO %I.%I SELECT * FROM moved',
                     fallback, partition_column, partition_column, schema_name, partition_name) USING opens, closes;
      EXECUTE format('ALTER TABLE %s ENABLE TRIGGER USER', fallback);
    END IF;
    EXECUTE format('ALTER TABLE %s ATTACH PARTITION %I.%I FOR VALUES FROM (%L) TO (%L)',
                   parent, schema_name, partition_name, opens, closes);
    made := made + 1;
  END LOOP;
  RETURN made;
END
$$;
COMMENT ON FUNCTION weir_private.ensure_monthly_partitions(regclass, integer, timestamptz) IS
  'Makes monthly partitions ahead, moves what the default partition caught, and gives how many were made.';

GRANT EXECUTE ON FUNCTION weir_private.ensure_monthly_partitions(regclass, integer, timestamptz) TO weir_service;
GRANT EXECUTE ON FUNCTION weir_private.default_partition_rows(regclass) TO weir_service, weir_gateway;
GRANT EXECUTE ON FUNCTION weir_private.default_partition(regclass) TO weir_service, weir_gateway;
