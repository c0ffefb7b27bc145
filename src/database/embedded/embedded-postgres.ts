/**
 * Owns: the embedded PostgreSQL as one thing: set up, started, supervised, stopped. Does not own: Weir's schema (migrate), or
 * pools over its URLs.
 */
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { systemClock } from '../../primitives/clock.ts';
import type { DatabaseLog } from '../log.ts';
import { type Account, prepareAccount } from './account.ts';
import { type Binaries, prepareBinaries } from './binaries.ts';
import { createCluster, createLogin, DATABASE, hasCluster, LOGIN, SUPERUSER } from './cluster.ts';
import { clearLeftovers } from './leftovers.ts';
import { type LogFile, openLogFile } from './log-file.ts';
import { takeOwnership } from './ownership.ts';
import { type Postmaster, startPostmaster, startWatcher } from './postmaster.ts';
import { connectionUrl, type Listening, serverArguments } from './settings.ts';
import { accountOfStore, prepareSecrets, prepareStore, type Secrets, type Store } from './store.ts';
import { type EmbeddedState, type Supervisor, supervise } from './supervisor.ts';

export interface EmbeddedPostgresOptions {
  /** The folder of everything Weir keeps, `.weir`; made when missing. */
  directory: string;
  log: DatabaseLog;
  /** PostgreSQL settings that win over ours; for throw-away clusters. */
  settings?: Readonly<Record<string, string>>;
  /** Told when the server ended unasked (`down`), serves again (`ready`), and was stopped for good (`stopped`). */
  onStateChange?: (state: EmbeddedState) => void;
}

/** A running PostgreSQL 18 that is started again when it ends unasked. The URLs stay the same across restarts. */
export interface EmbeddedPostgres {
  /** Superuser, database `weir`; for migrations alone. */
  readonly ownerUrl: string;
  /** The run-time login, database `weir`: no rights but to become Weir's run-time roles. */
  readonly url: string;
  /** The postmaster's process id now; another one after a restart. */
  readonly pid: number;
  readonly state: EmbeddedState;
  /** Fast shutdown; resolves when the process is gone. May be called twice. */
  stop(): Promise<void>;
}

/**
 * Starts PostgreSQL in `directory`, setting it up the first time. What an earlier run left behind, killed or crashed, is
 * stopped and recovered. Throws `EmbeddedPostgresError` when another living Weir uses the directory, or the machine can't
 * run it.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const { log } = options;
  const directory = resolve(options.directory);
  const account = (await accountOfStore(directory)) ?? (await prepareAccount(log));
  const [binaries, store] = await Promise.all([
    prepareBinaries({ account, directory, log }),
    prepareStore({ directory, account, log }),
  ]);
  const ownership = await takeOwnership(store.root);
  const logFile = await openLogFile(join(directory, 'postgres.log'));
  const watcher = startWatcher({ data: store.data, account, ownership });
  const letGo = async (): Promise<void> => {
    watcher.end();
    await logFile.close();
    await ownership.release();
  };
  try {
    const secrets = await prepareCluster({ directory, binaries, store, account });
    const listening: Listening = process.platform === 'win32' ? { port: await freePort() } : { sockets: store.sockets };
    const args = serverArguments(store.data, listening, options.settings);
    const start = { program: binaries.postgres, arguments: args, data: store.data, account, logFile };
    const supervisor = await supervise({
      start: () => cleanStart(start, log),
      log,
      onStateChange: options.onStateChange ?? (() => {}),
      monotonicMs: systemClock.monotonicMs,
    });
    await createLogin(connectionUrl({ listening, ...superuser(secrets), database: 'postgres' }), secrets).catch(
      async (error: unknown) => {
        await supervisor.stop();
        throw error;
      },
    );
    return running({ supervisor, listening, secrets, letGo });
  } catch (error) {
    await letGo();
    throw error;
  }
}

function running(parts: {
  supervisor: Supervisor;
  listening: Listening;
  secrets: Secrets;
  letGo: () => Promise<void>;
}): EmbeddedPostgres {
  const { supervisor, listening, secrets, letGo } = parts;
  let stopped: Promise<void> | undefined;
  return {
    ownerUrl: connectionUrl({ listening, ...superuser(secrets), database: DATABASE }),
    url: connectionUrl({ listening, user: LOGIN, password: secrets.loginPassword, database: DATABASE }),
    get pid() {
      return supervisor.pid;
    },
    get state() {
      return supervisor.state;
    },
    stop: () => {
      stopped ??= supervisor.stop().then(letGo);
      return stopped;
    },
  };
}

function superuser(secrets: Secrets): { user: string; password: string } {
  return { user: SUPERUSER, password: secrets.superuserPassword };
}

async function prepareCluster(options: {
  directory: string;
  binaries: Binaries;
  store: Store;
  account: Account;
}): Promise<Secrets> {
  const { directory, binaries, store, account } = options;
  const present = await hasCluster(store.data, binaries);
  const secrets = await prepareSecrets(directory, present);
  if (!present) await createCluster({ binaries, data: store.data, account, secrets });
  return secrets;
}

async function cleanStart(
  start: { program: string; arguments: string[]; data: string; account: Account; logFile: LogFile },
  log: DatabaseLog,
): Promise<Postmaster> {
  await clearLeftovers(start.data, log);
  return startPostmaster(start);
}

/** A loopback port that is free now; PostgreSQL takes it a moment later. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const address = server.address();
  await new Promise((closed) => server.close(closed));
  if (address === null || typeof address === 'string') throw new Error('no loopback port is free');
  return address.port;
}
