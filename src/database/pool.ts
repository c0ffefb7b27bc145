/**
 * Owns: a pool of connections as one role, with Kysely over it. Does not own: which role a request runs as
 * (`principal.ts`) or how a connection begins (`connection.ts`).
 */
import { Kysely, PostgresDialect, type Transaction } from 'kysely';
import pg from 'pg';
import { CONNECT_TIMEOUT_MS, connectDedicated, type DatabaseRole, urlForRole, valueParsers } from './connection.ts';
import type { Schema } from './rows.generated.ts';

export { connectDedicated, type DatabaseRole };

/** A pool and the query builder over it; both act as the role it was made with. */
export interface Database {
  readonly kysely: Kysely<Schema>;
  readonly pool: pg.Pool;
  /** Ends every connection, after the running queries; may be called twice. */
  close(): Promise<void>;
}

/** A transaction; the required first argument of every query function. */
export type DatabaseTransaction = Transaction<Schema>;

export interface DatabaseOptions {
  /** Any libpq URL; its login has to be a member of `role`. */
  url: string;
  role: DatabaseRole;
  /** Connections at most. */
  max: number;
  applicationName: string;
  /** Milliseconds a statement may take; 0 means no limit. */
  statementTimeoutMs: number;
  /** Told of a connection lost while idle; the pool has replaced it already. */
  onConnectionLost?: (error: Error) => void;
}

/** Idle connections are given back after this, so that a quiet replica holds few. */
const IDLE_TIMEOUT_MS = 30_000;

/**
 * Makes a pool without connecting yet. int8 is read as bigint, timestamptz as Date, numeric as text. A lost connection
 * rejects the query that was on it (`isDatabaseUnavailable`) and never ends the process.
 */
export function createDatabase(options: DatabaseOptions): Database {
  const pool = new pg.Pool({
    connectionString: urlForRole(options.url, options.role),
    application_name: options.applicationName,
    max: options.max,
    types: valueParsers,
    keepAlive: true,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    idleTimeoutMillis: IDLE_TIMEOUT_MS,
    ...(options.statementTimeoutMs > 0 ? { statement_timeout: options.statementTimeoutMs } : {}),
  });
  pool.on('error', (error) => options.onConnectionLost?.(error));
  // pg-pool listens only to idle clients: one that breaks while checked out would emit 'error' to nobody and end the process.
  pool.on('connect', (client) => client.on('error', () => {}));
  const kysely = new Kysely<Schema>({ dialect: new PostgresDialect({ pool }) });
  let closing: Promise<void> | undefined;
  return {
    kysely,
    pool,
    close: () => {
      closing ??= kysely.destroy().then(() => (pool.ended ? undefined : pool.end()));
      return closing;
    },
  };
}
