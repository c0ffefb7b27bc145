/**
 * Owns: ending what an earlier run left in a data directory: a postmaster without its server, backends without their
 * postmaster, a lock file without either. Does not own: whether the directory is ours (`ownership.ts`): call it only then.
 */
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { DatabaseLog } from '../log.ts';
import { EmbeddedPostgresError } from './error.ts';
import { isAlive, isPostgres, processesIn, signal, untilGone } from './processes.ts';

/** A fast shutdown writes a checkpoint first; past this it is cut short and the next start recovers from the log. */
const FAST_SHUTDOWN_MS = 10_000;
const IMMEDIATE_SHUTDOWN_MS = 3_000;
const KILL_MS = 5_000;

/** Stops any PostgreSQL process of `data` and removes its stale lock file. Throws when one can't be ended. */
export async function clearLeftovers(data: string, log: DatabaseLog): Promise<void> {
  const postmaster = await postmasterPid(data);
  const ours = await processesIn(data);
  const postmasterAlive =
    postmaster !== null &&
    (ours === null ? (await isAlive(postmaster)) && (await isPostgres(postmaster)) : ours.includes(postmaster));
  if (postmasterAlive) {
    log.warn({ pid: postmaster }, 'a PostgreSQL of an earlier run is still there; stopping it');
    await endProcesses([postmaster]);
  }
  const remaining = (await processesIn(data)) ?? [];
  if (remaining.length > 0) {
    log.warn({ pids: remaining }, 'PostgreSQL processes outlived their postmaster; ending them');
    for (const pid of remaining) signal(pid, 'SIGQUIT');
    if (!(await untilGone(remaining, IMMEDIATE_SHUTDOWN_MS))) await kill(remaining);
  }
  // Nothing of this directory lives any more, so the file is stale; its number may belong to somebody else's process by now,
  // which PostgreSQL would take for a running server. Without /proc we can't be sure of backends, and PostgreSQL decides.
  if (postmaster !== null && ours !== null) await rm(join(data, 'postmaster.pid'), { force: true });
}

/** Asks a postmaster to end, fast, then at once, then by force. */
export async function endProcesses(pids: readonly number[]): Promise<void> {
  for (const pid of pids) signal(pid, 'SIGINT');
  if (await untilGone(pids, FAST_SHUTDOWN_MS)) return;
  for (const pid of pids) signal(pid, 'SIGQUIT');
  if (await untilGone(pids, IMMEDIATE_SHUTDOWN_MS)) return;
  await kill(pids);
}

async function kill(pids: readonly number[]): Promise<void> {
  for (const pid of pids) signal(pid, 'SIGKILL');
  if (!(await untilGone(pids, KILL_MS))) {
    throw new EmbeddedPostgresError(`PostgreSQL processes ${pids.join(', ')} can't be ended; end them and start again`);
  }
}

/** The process id in the data directory's lock file, or null. */
async function postmasterPid(data: string): Promise<number | null> {
  return (await readLockFile(data))?.pid ?? null;
}

/** The lock file's first line is the postmaster's id, its eighth the state that pg_ctl waits for ("ready" when it serves). */
export async function readLockFile(data: string): Promise<{ pid: number; ready: boolean } | null> {
  const text = await readFile(join(data, 'postmaster.pid'), 'utf8').catch(() => null);
  const lines = text?.split('\n') ?? [];
  const pid = Number.parseInt(lines[0] ?? '', 10);
  return Number.isNaN(pid) ? null : { pid, ready: lines[7]?.trim() === 'ready' };
}
