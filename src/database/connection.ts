/**
 * Owns: how every connection of Weir begins (role, search path, value parsers) and the lone client. Does not own: the
 * pool over it (`pool.ts`) or the logins (the migrations and whoever gives the URL).
 */
import pg from 'pg';

/** The roles that run-time code may act as; the login behind a URL has to be a member (role `weir_runtime`). */
export type DatabaseRole = 'weir_gateway' | 'weir_service' | 'authenticated' | 'anon';

/** Weir's names first, temporary tables last, so that nobody's temporary table can stand in for one of ours. */
const SEARCH_PATH = 'weir,pg_temp';

/** What an administrator gave the login for the queries of people is not for the ledger's batches or a restore; a pool's own bound comes after it. */
const UNBOUNDED = '-c statement_timeout=0 -c lock_timeout=0';

const OID_INT8 = 20;
const OID_INT8_ARRAY = 1016;
const OID_DATE = 1082;

// pg's list of type ids is closed and lacks the array types, though its parsers know them.
const parseInt8Array = pg.types.getTypeParser(OID_INT8_ARRAY as never, 'text') as (text: string) => (string | null)[];

/**
 * Parsers of one connection, leaving pg's global ones alone: int8 → bigint, int8[] → bigint[], date → its ISO text
 * (a `Date` would shift it by the server's time zone). numeric stays text, timestamptz is a Date: pg's own defaults.
 */
export const valueParsers: pg.CustomTypesConfig = {
  getTypeParser: (oid: number, format) => {
    if (format === 'binary') return pg.types.getTypeParser(oid as never, 'binary');
    if (oid === OID_INT8) return (text: string) => BigInt(text);
    if (oid === OID_INT8_ARRAY) return toBigints;
    if (oid === OID_DATE) return (text: string) => text;
    return pg.types.getTypeParser(oid as never, 'text');
  },
};

function toBigints(text: string): (bigint | null)[] {
  return parseInt8Array(text).map((item) => (item === null ? null : BigInt(item)));
}

/**
 * The URL with the role and search path in its start-up options, so that a connection is never anything else, not even
 * for its first statement, and `RESET ROLE` comes back to the role. Options already in the URL are kept; time limits of the
 * login are not. `weir_owner` is for migrations alone.
 */
export function urlForRole(url: string, role: DatabaseRole | 'weir_owner'): string {
  const wanted = `-c role=${role} -c search_path=${SEARCH_PATH}`;
  const [, before, present, after] = /^(.*[?&])options=([^&]*)(.*)$/s.exec(url) ?? [];
  if (before !== undefined)
    return `${before}options=${encodeURIComponent(`${UNBOUNDED} `)}${present}${encodeURIComponent(` ${wanted}`)}${after}`;
  return `${url}${url.includes('?') ? '&' : '?'}options=${encodeURIComponent(`${UNBOUNDED} ${wanted}`)}`;
}

/**
 * One connection outside any pool, already connected: for a ledger lane or `LISTEN`. It never crashes the process when
 * the socket ends; listen to `end` or `error` to connect again. Throws what `pg` throws when it can't connect.
 */
export async function connectDedicated(options: {
  url: string;
  role: DatabaseRole;
  applicationName?: string;
  /** Statements are sent without waiting for the answers of those before; each is a transaction of its own. */
  isPipelined?: boolean;
}): Promise<pg.Client> {
  const client = new pg.Client({
    connectionString: urlForRole(options.url, options.role),
    application_name: options.applicationName ?? 'weir',
    types: valueParsers,
    keepAlive: true,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    ...(options.isPipelined === true ? { pipeline: true } : {}),
  });
  // Without a listener an 'error' event would end the process; the pending query is rejected all the same.
  client.on('error', () => {});
  await client.connect();
  return client;
}

/** A start or a fail-over takes less; past it the caller answers 503 rather than queue. */
export const CONNECT_TIMEOUT_MS = 5_000;
