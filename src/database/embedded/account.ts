/**
 * Owns: which system user PostgreSQL runs as (it refuses root). Does not own: where that user's files lie (`store.ts`).
 */
import { execFile } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { DatabaseLog } from '../log.ts';
import { EmbeddedPostgresError } from './error.ts';

const run = promisify(execFile);

/** The user that root makes for PostgreSQL: no password, no shell, no home. */
const ACCOUNT_NAME = 'weir-postgres';

/** The user of PostgreSQL's processes; null when they run as ourselves. */
export type Account = { uid: number; gid: number } | null;

/** useradd holds a lock on /etc/passwd; another process may be making the same user. */
const CREATE_TRIES = 5;
const CREATE_RETRY_MS = 200;

/** Spawn options of a process that runs as the account, in a directory everybody may enter. */
export function spawnAs(account: Account): { uid?: number; gid?: number; cwd: string } {
  return { ...(account ?? {}), cwd: process.platform === 'win32' ? process.cwd() : '/' };
}

/** As root: the unprivileged account, made when missing. Otherwise null. Throws `EmbeddedPostgresError` when root can't make it. */
export async function prepareAccount(log: DatabaseLog): Promise<Account> {
  if (process.getuid?.() !== 0) return null;
  for (let attempt = 1; ; attempt += 1) {
    const present = await findAccount();
    if (present !== null) return present;
    const failure = await createAccount(log);
    if (failure !== null && attempt >= CREATE_TRIES && (await findAccount()) === null) {
      throw new EmbeddedPostgresError(
        `PostgreSQL can't run as root, and the system user ${ACCOUNT_NAME} could not be made (${failure}); make it, start Weir as another user, or set DATABASE_URL`,
      );
    }
    if (failure !== null) await delay(CREATE_RETRY_MS);
  }
}

async function findAccount(): Promise<Account> {
  try {
    const [uid, gid] = await Promise.all([run('id', ['-u', ACCOUNT_NAME]), run('id', ['-g', ACCOUNT_NAME])]);
    return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
  } catch {
    return null; // no such user
  }
}

/** Null when made, otherwise why not. */
async function createAccount(log: DatabaseLog): Promise<string | null> {
  try {
    await run('useradd', [
      '--system',
      '--user-group',
      '--no-create-home',
      '--shell',
      '/usr/sbin/nologin',
      ACCOUNT_NAME,
    ]);
    log.info({ user: ACCOUNT_NAME }, 'made a system user for PostgreSQL, which refuses to run as root');
    return null;
  } catch (error) {
    return error instanceof Error ? error.message.trim() : String(error);
  }
}

/** True when the account can enter the directory: every directory above it has to let it through. */
export async function canEnter(account: Account, directory: string): Promise<boolean> {
  if (account === null) return true;
  try {
    await run('/bin/sh', ['-c', 'cd "$1"', 'sh', directory], spawnAs(account));
    return true;
  } catch {
    return false;
  }
}
