/**
 * Owns: what is known of other processes: alive, started when, working where; and ending one. Does not own: which one to end
 * (`leftovers.ts`, `ownership.ts`).
 */
import { execFile } from 'node:child_process';
import { readdir, readFile, readlink } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** How often a process that was asked to end is looked at. */
const POLL_MS = 20;

/** True while a process with this id exists and is not a zombie, whoever it belongs to. */
export async function isAlive(pid: number): Promise<boolean> {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  const state = (await statFields(pid))?.[0];
  return state !== 'Z' && state !== 'X';
}

/**
 * A text that differs between two processes that had the same id one after the other; null where it can't be known.
 */
export async function startMark(pid: number): Promise<string | null> {
  if (process.platform === 'win32') return null;
  // Field 22 of /proc/<pid>/stat (proc_pid_stat(5)): start time in ticks since boot. The boot id makes it unique.
  const ticks = (await statFields(pid))?.[19];
  if (ticks !== undefined) {
    const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => '');
    return `${boot.trim()}:${ticks}`;
  }
  return run('ps', ['-o', 'lstart=', '-p', String(pid)]).then(
    ({ stdout }) => stdout.trim() || null,
    () => null,
  );
}

/** Fields of /proc/<pid>/stat from the third (state) on; the second holds the name and may contain spaces. */
async function statFields(pid: number): Promise<string[] | null> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null);
  return text === null ? null : text.slice(text.lastIndexOf(')') + 2).split(' ');
}

/**
 * Ids of the processes whose working directory is `directory`: PostgreSQL's processes all work in their data directory, and
 * nothing else does. Null where the system has no /proc.
 */
export async function processesIn(directory: string): Promise<number[] | null> {
  const entries = await readdir('/proc').catch(() => null);
  if (entries === null) return null;
  const pids = entries.filter((entry) => /^\d+$/.test(entry)).map(Number);
  const found: number[] = [];
  for (const pid of pids) {
    const place = await readlink(`/proc/${pid}/cwd`).catch(() => null);
    if (place === directory && (await isAlive(pid))) found.push(pid);
  }
  return found;
}

/** True when the process runs a program called postgres; for systems without /proc. */
export async function isPostgres(pid: number): Promise<boolean> {
  return run('ps', ['-o', 'comm=', '-p', String(pid)]).then(
    ({ stdout }) => stdout.includes('postgres'),
    () => false,
  );
}

/** Sends a signal; a process that is gone meanwhile is no error. */
export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** Waits until none of the processes is alive; false when that took longer than `withinMs`. */
export async function untilGone(pids: readonly number[], withinMs: number): Promise<boolean> {
  for (let waitedMs = 0; ; waitedMs += POLL_MS) {
    const alive = await Promise.all(pids.map(isAlive));
    if (!alive.includes(true)) return true;
    if (waitedMs >= withinMs) return false;
    await delay(POLL_MS);
  }
}
