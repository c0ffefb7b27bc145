/**
 * Owns: that one process at a time runs the cluster of a store, also after the one before was killed. Does not own:
 * PostgreSQL's own lock file.
 */
import { randomBytes } from 'node:crypto';
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { EmbeddedPostgresError } from './error.ts';
import { isAlive, startMark } from './processes.ts';

interface OwnerRecord {
  pid: number;
  startMark: string | null;
  token: string;
}

/** Held while a process runs the cluster. */
export interface Ownership {
  /** The file that names the owner, and the text in it that is this owner's alone. */
  file: string;
  token: string;
  release(): Promise<void>;
}

/** Two starters that both see a dead owner settle it in one round; more rounds mean something else is wrong. */
const TAKE_TRIES = 5;

/** Takes the store over, unless a living process has it: then throws `EmbeddedPostgresError`. */
export async function takeOwnership(root: string): Promise<Ownership> {
  const file = join(root, 'owner.json');
  const token = randomBytes(12).toString('hex');
  const mine: OwnerRecord = { pid: process.pid, startMark: await startMark(process.pid), token };
  const draft = `${file}.${token}`;
  await writeFile(draft, JSON.stringify(mine), { mode: 0o644 });
  try {
    for (let attempt = 0; attempt < TAKE_TRIES; attempt += 1) {
      // A link appears whole or not at all, and only where nothing is.
      if (await linked(draft, file)) return { file, token, release: () => releaseOwnership(file, token) };
      await removeDeadOwner(file, root);
    }
  } finally {
    await rm(draft, { force: true });
  }
  throw new EmbeddedPostgresError(`could not take over ${root}; remove ${file} if no Weir runs there`);
}

async function linked(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

async function removeDeadOwner(file: string, root: string): Promise<void> {
  const seen = await readOwner(file);
  if (seen !== null && (await isAlive(seen.pid)) && (await startMark(seen.pid)) === seen.startMark) {
    throw new EmbeddedPostgresError(
      `another Weir (process ${seen.pid}) runs the database in ${root}; stop it, use another folder, or point both at one DATABASE_URL`,
    );
  }
  // Moved aside first: if another starter was faster, what we moved is its living record, and goes back.
  const aside = `${file}.${process.pid}`;
  await rename(file, aside).catch(() => {});
  const moved = await readOwner(aside);
  if (moved !== null && moved.token !== seen?.token) await link(aside, file).catch(() => {});
  await rm(aside, { force: true });
}

async function releaseOwnership(file: string, token: string): Promise<void> {
  if ((await readOwner(file))?.token === token) await rm(file, { force: true });
}

async function readOwner(file: string): Promise<OwnerRecord | null> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as OwnerRecord;
  } catch {
    return null; // absent, or not ours to read
  }
}
