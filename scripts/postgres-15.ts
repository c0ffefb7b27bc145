// Owns: a throw-away PostgreSQL 15 cluster from Debian's packages, for running the suite on the oldest version we support.
// Does not own: the embedded PostgreSQL 18 (src/database/embedded).

import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, chownSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';

/** Where Debian and Ubuntu keep the version's programs; another place can be named in the environment. */
const DEBIAN_PROGRAMS = '/usr/lib/postgresql/15/bin';
const START_TIMEOUT_MS = 30_000;
const POLL_INTERVAL_MS = 50;
const MAX_CONNECTIONS = 200;

export interface ThrowAwayPostgres {
  /** Superuser URL on loopback. */
  readonly url: string;
  stop(): Promise<void>;
}

interface Account {
  readonly uid: number;
  readonly gid: number;
}

/**
 * Makes and starts a cluster in a temporary folder. Durability is off: nothing in it outlives the run.
 *
 * @throws Error with the remedy when the programs are missing or the server does not come up
 */
export async function startPostgres15(env: NodeJS.ProcessEnv): Promise<ThrowAwayPostgres> {
  const programs = env.WEIR_POSTGRES_15_PROGRAMS ?? DEBIAN_PROGRAMS;
  if (!existsSync(join(programs, 'initdb'))) {
    throw new Error(
      `PostgreSQL 15 is not installed: no initdb in ${programs}. On Debian 12: apt-get install postgresql-15. ` +
        'Elsewhere name the folder of its programs in WEIR_POSTGRES_15_PROGRAMS.',
    );
  }
  const account = userInfo().uid === 0 ? unprivilegedAccount() : undefined;
  const folder = mkdtempSync(join(tmpdir(), 'weir-pg15-'));
  const password = randomBytes(16).toString('hex');
  try {
    initialise({ programs, folder, password, account });
    const port = await freePort();
    const server = startServer({ programs, folder, port, account });
    await untilReady({ programs, server, port, folder });
    return {
      url: `postgresql://weir_ci:${password}@127.0.0.1:${port}/postgres`,
      stop: () => stopServer(server, folder),
    };
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}

/** PostgreSQL refuses to run as root; Debian's package brings the account `postgres`, and `nobody` is everywhere. */
function unprivilegedAccount(): Account {
  for (const name of ['postgres', 'nobody']) {
    try {
      const number = (flag: string): number =>
        Number(execFileSync('id', [flag, name], { encoding: 'utf8', stdio: 'pipe' }));
      return { uid: number('-u'), gid: number('-g') };
    } catch {
      // No such account here; the next one may exist.
    }
  }
  throw new Error('PostgreSQL 15 can not run as root, and neither the account postgres nor nobody exists');
}

function initialise(options: {
  programs: string;
  folder: string;
  password: string;
  account: Account | undefined;
}): void {
  const { programs, folder, password, account } = options;
  const passwordFile = join(folder, 'password');
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (account !== undefined) {
    for (const path of [folder, passwordFile]) chownSync(path, account.uid, account.gid);
  }
  chmodSync(folder, 0o700);
  const data = ['-D', join(folder, 'data'), '-U', 'weir_ci', '-E', 'UTF8', '--locale=C.UTF-8', '--no-sync'];
  const access = ['--auth=scram-sha-256', `--pwfile=${passwordFile}`];
  execFileSync(join(programs, 'initdb'), [...data, ...access], { cwd: folder, stdio: 'pipe', ...account });
}

function startServer(options: {
  programs: string;
  folder: string;
  port: number;
  account: Account | undefined;
}): ChildProcess {
  const { programs, folder, port, account } = options;
  const settings = {
    listen_addresses: '127.0.0.1',
    port: String(port),
    unix_socket_directories: folder,
    max_connections: String(MAX_CONNECTIONS),
    fsync: 'off',
    full_page_writes: 'off',
    jit: 'off',
    log_destination: 'stderr',
    logging_collector: 'off',
    log_min_messages: 'fatal',
  };
  const args = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  return spawn(join(programs, 'postgres'), ['-D', join(folder, 'data'), ...args], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'inherit'],
    ...account,
  });
}

async function untilReady(options: {
  programs: string;
  server: ChildProcess;
  port: number;
  folder: string;
}): Promise<void> {
  const { programs, server, port, folder } = options;
  for (let waitedMs = 0; waitedMs < START_TIMEOUT_MS; waitedMs += POLL_INTERVAL_MS) {
    if (server.exitCode !== null) throw new Error(`PostgreSQL 15 ended with ${server.exitCode} while starting`);
    if (answers(join(programs, 'pg_isready'), port, folder)) return;
    await new Promise((resolve) => setTimeout(resolve, POLL_INTERVAL_MS));
  }
  server.kill('SIGQUIT');
  throw new Error(`PostgreSQL 15 was not ready after ${START_TIMEOUT_MS} ms`);
}

function answers(program: string, port: number, cwd: string): boolean {
  try {
    execFileSync(program, ['-q', '-h', '127.0.0.1', '-p', String(port)], { cwd, stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

async function stopServer(server: ChildProcess, folder: string): Promise<void> {
  if (server.exitCode === null && server.signalCode === null) {
    const ended = new Promise((resolve) => server.once('exit', resolve));
    server.kill('SIGINT');
    await ended;
  }
  rmSync(folder, { recursive: true, force: true });
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      probe.close(() => resolve(port));
    });
  });
}
