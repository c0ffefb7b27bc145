/** Owns: PostgreSQL's settings, one table, given on the command line so that each start has today's. Does not own: access rules. */

/** Settings of every embedded cluster. Sizes suit a small machine; those who need more set DATABASE_URL. */
const SETTINGS: Readonly<Record<string, string>> = {
  // Durability: a call leaves only after its hold is on disk.
  fsync: 'on',
  synchronous_commit: 'on',
  full_page_writes: 'on',
  // Counters are rewritten all day: fewer checkpoints and compressed page images keep the log small.
  shared_buffers: '128MB',
  max_wal_size: '2GB',
  checkpoint_timeout: '15min',
  wal_compression: 'on',
  // Short statements: compiling one takes longer than running it.
  jit: 'off',
  random_page_cost: '1.1',
  max_connections: '60',
  idle_in_transaction_session_timeout: '60s',
  restart_after_crash: 'on',
  timezone: 'UTC',
  lc_messages: 'C',
  password_encryption: 'scram-sha-256',
  // The log holds no values: no statements, parameters or "Key (…)=(…)" details, and no errors of clients at all (their texts
  // quote values, and the client logs its own). `log` leaves out what is only an error: see the order in the manual, 19.8.2.
  log_min_messages: 'log',
  log_timezone: 'UTC',
  log_line_prefix: '%m [%p] %q%a ',
  log_checkpoints: 'off',
  log_min_error_statement: 'panic',
  log_parameter_max_length_on_error: '0',
  log_error_verbosity: 'terse',
};

/**
 * After a crash PostgreSQL first flushes its whole data directory: with one call here instead of one a file (some 1,000 files,
 * 2 busy cores: serving again after a median of 0.35 s instead of 1.8 s). Other systems lack the call.
 */
const LINUX_SETTINGS = { recovery_init_sync_method: 'syncfs' };

/** The port that names the Unix socket; nothing listens on it over TCP. */
const SOCKET_PORT = 5432;

/** Where clients find the server: a Unix socket's folder, or a loopback port (Windows). */
export type Listening = { sockets: string } | { port: number };

/** Command-line arguments of `postgres`; `overrides` win (tests make throw-away clusters faster). */
export function serverArguments(
  data: string,
  listening: Listening,
  overrides: Readonly<Record<string, string>> = {},
): string[] {
  const place =
    'sockets' in listening
      ? {
          listen_addresses: '',
          unix_socket_directories: listening.sockets,
          unix_socket_permissions: '0700',
          port: String(SOCKET_PORT),
        }
      : { listen_addresses: '127.0.0.1', port: String(listening.port) };
  const settings = { ...SETTINGS, ...(process.platform === 'linux' ? LINUX_SETTINGS : {}), ...place, ...overrides };
  return ['-D', data, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])];
}

/** The URL of a login; passwords are URL-safe by how they are made. */
export function connectionUrl(options: {
  listening: Listening;
  user: string;
  password: string;
  database: string;
}): string {
  const { listening, user, password, database } = options;
  const login = `postgresql://${user}:${password}`;
  if ('port' in listening) return `${login}@127.0.0.1:${listening.port}/${database}`;
  return `${login}@localhost:${SOCKET_PORT}/${database}?host=${encodeURIComponent(listening.sockets)}`;
}
