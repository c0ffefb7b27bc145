/**
 * Owns: where the embedded PostgreSQL's files lie and with which rights; its two passwords. Does not own: their content
 * (`cluster.ts`) or who uses them just now (`ownership.ts`).
 */
import { createHash, randomBytes } from 'node:crypto';
import {
  chmod,
  chown,
  cp,
  lchown,
  lstat,
  mkdir,
  readdir,
  readFile,
  realpath,
  rename,
  rm,
  rmdir,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { DatabaseLog } from '../log.ts';
import { type Account, canEnter } from './account.ts';
import { EmbeddedPostgresError } from './error.ts';

/** Where root puts what PostgreSQL's user can't reach in the project's own folder (a clone below /root, say). */
export const SYSTEM_STORE = '/var/lib/weir';

/** sockaddr_un holds 104 bytes on macOS and 108 on Linux; PostgreSQL adds `/.s.PGSQL.5432.lock` to the folder. */
const SOCKET_DIRECTORY_LENGTH_MAX = 84;

/** The folders of one cluster; all belong to the account. */
export interface Store {
  /** Mode 700; `.weir/postgres`, or what that links to. */
  root: string;
  data: string;
  /** Holds the Unix socket. */
  sockets: string;
}

/** The cluster's passwords: kept in `.weir/postgres.json`, mode 600. */
export interface Secrets {
  superuserPassword: string;
  loginPassword: string;
}

/**
 * Makes or finds the folders below `directory`. Where the account can't enter them they move below `/var/lib/weir`, with a
 * link in their place, and the log says so. Throws `EmbeddedPostgresError` when the link leads nowhere.
 */
export async function prepareStore(options: { directory: string; account: Account; log: DatabaseLog }): Promise<Store> {
  const { account, log } = options;
  const directory = resolve(options.directory);
  // As root, others may pass through (not list) the folder: PostgreSQL's user has to reach its part of it.
  await mkdir(directory, { recursive: true, mode: account === null ? 0o700 : 0o711 });
  const home = join(directory, 'postgres');
  const present = await lstat(home).catch(() => null);
  if (present === null) await makePrivate(home, account);

  const root = await realpath(home).catch(() => {
    throw new EmbeddedPostgresError(
      `${home} links to a folder that is gone; put the data back there, or remove ${directory} to begin anew`,
    );
  });
  const reachable = (await canEnter(account, root)) ? root : await moveOut({ home, root, directory, account, log });
  const sockets = await prepareSockets(reachable, account);
  return { root: reachable, data: join(reachable, 'data'), sockets };
}

/**
 * The account that the data already belong to, so that a start as root leaves what another user began usable for both; null
 * when there are none or we are not root.
 */
export async function accountOfStore(directory: string): Promise<Account> {
  if (process.getuid?.() !== 0) return null;
  const found = await stat(join(resolve(directory), 'postgres')).catch(() => null);
  return found === null || found.uid === 0 ? null : { uid: found.uid, gid: found.gid };
}

async function makePrivate(path: string, account: Account): Promise<void> {
  await mkdir(path, { mode: 0o700 });
  if (account !== null) await chown(path, account.uid, account.gid);
}

async function moveOut(options: {
  home: string;
  root: string;
  directory: string;
  account: Account;
  log: DatabaseLog;
}): Promise<string> {
  const { home, root, account, log } = options;
  await mkdir(SYSTEM_STORE, { recursive: true, mode: 0o711 });
  await chmod(SYSTEM_STORE, 0o711);
  // The random part keeps a new `.weir` at an old path from finding the data of the one that was removed.
  const target = join(SYSTEM_STORE, `${shortHash(options.directory)}-${randomBytes(4).toString('hex')}`);
  await rename(root, target).catch(async (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EXDEV') throw error;
    await cp(root, target, { recursive: true, preserveTimestamps: true });
    await rm(root, { recursive: true });
  });
  if (account !== null) await chownTree(target, account);
  if (root !== home) await rm(home);
  await symlink(target, home);
  log.info(
    { data: target, link: home },
    "PostgreSQL's user can't enter the project's folder; the data are kept elsewhere",
  );
  return target;
}

/** `fs.cp` and a rename keep neither or both owners; the folder is small in files that matter, and this runs once. */
async function chownTree(path: string, account: { uid: number; gid: number }): Promise<void> {
  await lchown(path, account.uid, account.gid);
  for (const entry of await readdir(path, { recursive: true }))
    await lchown(join(path, entry), account.uid, account.gid);
}

async function prepareSockets(root: string, account: Account): Promise<string> {
  const near = join(root, 'socket');
  const path = near.length <= SOCKET_DIRECTORY_LENGTH_MAX ? near : `/tmp/weir-${shortHash(root)}`;
  if (process.platform === 'win32') return near;
  await makePrivate(path, account).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  // In /tmp anybody could have made it first: it must be a folder of the account's that nobody else may enter.
  const found = await lstat(path);
  const expected = account?.uid ?? process.getuid?.();
  if (!found.isDirectory() || found.uid !== expected || (found.mode & 0o077) !== 0) {
    throw new EmbeddedPostgresError(`${path} has to be a folder of user ${expected} with mode 700; remove it`);
  }
  return path;
}

/**
 * The passwords in `directory`, made on first start. Throws `EmbeddedPostgresError` when data exist without them.
 */
export async function prepareSecrets(directory: string, hasData: boolean): Promise<Secrets> {
  const path = join(resolve(directory), 'postgres.json');
  const text = await readFile(path, 'utf8').catch(() => null);
  if (text !== null) return JSON.parse(text) as Secrets;
  if (hasData) {
    throw new EmbeddedPostgresError(
      `${path} is gone but there are data; put it back from a backup, or remove ${resolve(directory)} to begin anew`,
    );
  }
  const secrets: Secrets = { superuserPassword: password(), loginPassword: password() };
  const partial = `${path}.${process.pid}`;
  await rm(partial, { force: true });
  await writeFile(partial, `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600, flag: 'wx' });
  await rename(partial, path);
  return secrets;
}

/** Removes the store as well as a link to it; for throw-away clusters. */
export async function removeStore(directory: string): Promise<void> {
  const home = join(resolve(directory), 'postgres');
  const root = await realpath(home).catch(() => null);
  if (root !== null) await rm(root, { recursive: true, force: true });
  await rm(home, { recursive: true, force: true });
  await rmdir(resolve(directory)).catch(() => {}); // only when nothing else lies in it
}

function password(): string {
  return randomBytes(24).toString('base64url');
}

function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}
