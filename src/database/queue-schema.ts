/**
 * Owns: bringing the job queue's own tables (graphile-worker, schema `weir_queue`) to the revision of this code, and the rights of the role that works with them.
 * Does not own: the schema itself (migration 000140), when it is done (`migrate.ts`, under its lock), or any job.
 */
import pg from 'pg';
import { CONNECT_TIMEOUT_MS, urlForRole } from './connection.ts';
import type { DatabaseLog } from './log.ts';

/** Where the queue keeps its tables. */
export const QUEUE_SCHEMA = 'weir_queue';

/** The queue's highest revision in the version of graphile-worker that package.json pins; a test compares. */
export const QUEUE_REVISION = 20;

/**
 * Its tables let through nobody but their owner until a policy says otherwise. All of it again after each change of revision: tables and functions come and go.
 * What a revision makes is weir_owner's, whose new functions are nobody's until they are granted.
 */
const GRANTS = `
  do $grants$
  declare
    target regclass;
  begin
    for target in select c.oid from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
        where n.nspname = '${QUEUE_SCHEMA}' and c.relkind = 'r' and c.relrowsecurity and not exists (
          select from pg_catalog.pg_policy p where p.polrelid = c.oid and p.polname = 'service_all') loop
      execute format('create policy service_all on %s to weir_service using (true) with check (true)', target);
    end loop;
  end
  $grants$;
  grant select, insert, update, delete on all tables in schema ${QUEUE_SCHEMA} to weir_service;
  revoke insert, update, delete on ${QUEUE_SCHEMA}.migrations from weir_service;
  grant usage on all sequences in schema ${QUEUE_SCHEMA} to weir_service;
  grant execute on all functions in schema ${QUEUE_SCHEMA} to weir_service`;

/** Brings the queue's tables to this code's revision. Costs one query when they are there; the caller holds the migrations' lock. */
export async function prepareQueueSchema(options: { connectionString: string; log: DatabaseLog }): Promise<void> {
  const pool = new pg.Pool({
    connectionString: urlForRole(options.connectionString, 'weir_owner'),
    application_name: 'weir migrate',
    max: 1,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
  });
  pool.on('error', () => {});
  pool.on('connect', (client) => client.on('error', () => {}));
  try {
    const { rows } = await pool.query<{ revision: number }>(
      `select coalesce(max(id), 0) as revision from ${QUEUE_SCHEMA}.migrations`,
    );
    const revision = rows[0]?.revision ?? 0;
    if (revision >= QUEUE_REVISION) return;
    const { Logger, runMigrations } = await import('graphile-worker');
    await runMigrations({ pgPool: pool, schema: QUEUE_SCHEMA, logger: new Logger(() => () => {}) });
    await pool.query(GRANTS);
    options.log.info({ from: revision, to: QUEUE_REVISION }, 'the tables of the job queue are up to date');
  } finally {
    await pool.end();
  }
}
