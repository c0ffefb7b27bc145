/**
 * Owns: one run of the server process: starting it, knowing when it serves, ending it; and the watcher that ends it when we
 * are gone. Does not own: starting it again (`supervisor.ts`).
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type Account, spawnAs } from './account.ts';
import { EmbeddedPostgresError } from './error.ts';
import { endProcesses, readLockFile } from './leftovers.ts';
import type { LogFile } from './log-file.ts';
import type { Ownership } from './ownership.ts';

/** How often the lock file is read while starting: a start takes some 50 ms. */
const READY_POLL_MS = 5;

/** Recovery after a crash replays at most `max_wal_size` of log, seconds; this only ends a start that hangs. */
const READY_WITHIN_MS = 180_000;

/** A server process that accepts connections. */
export interface Postmaster {
  pid: number;
  /** Settles when the process has ended, with how. */
  exited: Promise<string>;
  stop(): Promise<void>;
}

export interface PostmasterOptions {
  program: string;
  arguments: readonly string[];
  data: string;
  account: Account;
  logFile: LogFile;
}

/** Starts the server and waits until it serves. Throws `EmbeddedPostgresError` with the end of its log when it ends before. */
export async function startPostmaster(options: PostmasterOptions): Promise<Postmaster> {
  const { program, data, account, logFile } = options;
  const child = spawn(program, options.arguments, {
    ...spawnAs(account),
    // A session of its own: Ctrl-C in the terminal must reach the server first, not the database under it.
    detached: process.platform !== 'win32',
    stdio: ['ignore', logFile.fd, logFile.fd],
    env: { PATH: process.env.PATH, SystemRoot: process.env.SystemRoot, LC_ALL: 'C', TZ: 'UTC' },
  });
  const exited = once(child, 'exit').then(
    ([code, signal]) => (signal === null ? `exit code ${code}` : `signal ${signal}`),
    (error: unknown) => String(error),
  );
  await untilReady(child, exited, data).catch(async (error: Error) => {
    child.kill('SIGKILL');
    const tail = await logFile.tail();
    throw new EmbeddedPostgresError(`PostgreSQL did not start (${error.message}); its log ends with:\n${tail}`);
  });
  const pid = child.pid ?? 0;
  child.unref();
  return {
    pid,
    exited,
    stop: async () => {
      // Once it has ended, its number may be another process's.
      if (child.exitCode === null && child.signalCode === null) await endProcesses([pid]);
      await exited;
    },
  };
}

async function untilReady(child: ChildProcess, exited: Promise<string>, data: string): Promise<void> {
  let ended: string | null = null;
  void exited.then((how) => {
    ended = how;
  });
  for (let waitedMs = 0; waitedMs < READY_WITHIN_MS; waitedMs += READY_POLL_MS) {
    if (ended !== null) throw new Error(ended);
    const lock = await readLockFile(data);
    if (lock?.ready === true && lock.pid === child.pid) return;
    await delay(READY_POLL_MS);
  }
  throw new Error(`not ready after ${READY_WITHIN_MS / 1000} s`);
}

/**
 * A shell that waits for the end of its input, which comes when this process ends in whatever way, `kill -9` included, and
 * then asks the postmaster to end, unless somebody else has taken the store over. Not on Windows.
 */
export function startWatcher(options: { data: string; account: Account; ownership: Ownership }): { end(): void } {
  if (process.platform === 'win32') return { end: () => {} };
  const script = 'cat >/dev/null; grep -q "$2" "$3" && pid=$(head -n 1 "$1") && kill -INT "$pid"';
  const { data, account, ownership } = options;
  const child = spawn(
    '/bin/sh',
    ['-c', script, 'weir-watcher', join(data, 'postmaster.pid'), ownership.token, ownership.file],
    {
      ...spawnAs(account),
      detached: true,
      stdio: ['pipe', 'ignore', 'ignore'],
    },
  );
  // Without a watcher an orphan is found and stopped by the next start instead.
  child.on('error', () => {});
  child.stdin.on('error', () => {});
  child.unref();
  (child.stdin as unknown as { unref(): void }).unref();
  return { end: () => child.stdin.end() };
}
