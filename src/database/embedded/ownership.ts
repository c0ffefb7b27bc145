/**
 * Owns: that one process at a time runs the cluster of a store, also after the one before was killed. Does not own:
 * PostgreSQL's own lock file.
 *
 * Owners are numbered: `owner-7.json` names the seventh. Who finds the highest of them ended makes the next number, which the
 * file system gives to one alone. A living owner's record is never moved or removed, so nobody can slip in between.
 */
import { randomBytes } from 'node:crypto';
import { link, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { EmbeddedPostgresError } from './error.ts';
import { isAlive, startMark } from './processes.ts';

interface OwnerRecord {
  pid: number;
  /** Tells two processes with the same id apart; null where the system does not say. */
  startMark: string | null;
  token: string;
  released: boolean;
}

/** Held while a process runs the cluster. */
export interface Ownership {
  /** The file that names the owner, and the text in it that is this owner's alone. */
  file: string;
  token: string;
  release(): Promise<void>;
}

/** Each further try means that somebody else was faster, and then lives: the next look finds that out. */
const TAKE_TRIES = 10;

const RECORD_NAME = /^owner-(\d+)\.json$/;

/** Takes the store over, unless a living process has it: then throws `EmbeddedPostgresError`. */
export async function takeOwnership(root: string): Promise<Ownership> {
  const token = randomBytes(12).toString('hex');
  const mine: OwnerRecord = { pid: process.pid, startMark: await startMark(process.pid), token, released: false };
  const draft = join(root, `owner.${token}`);
  await writeFile(draft, JSON.stringify(mine), { mode: 0o644 });
  try {
    for (let attempt = 0; attempt < TAKE_TRIES; attempt += 1) {
      const taken = await takeNext(root, draft);
      if (taken !== null) return { file: taken, token, release: () => release(taken, draft, mine) };
    }
  } finally {
    await rm(draft, { force: true });
  }
  throw new EmbeddedPostgresError(`could not take over ${root}: others keep starting there`);
}

/** The file of the number that became ours, or null when somebody else was faster. */
async function takeNext(root: string, draft: string): Promise<string | null> {
  const before = await listNumbers(root);
  const highest = Math.max(0, ...before);
  await refuseLiving(recordPath(root, highest), root);
  const file = recordPath(root, highest + 1);
  // A link appears whole or not at all, and only where nothing is.
  if (!(await linked(draft, file))) return null;
  // What we saw may have been long ago: then a higher number exists, and ours was free only because it is history.
  if (Math.max(...(await listNumbers(root))) > highest + 1) {
    await rm(file, { force: true });
    return null;
  }
  for (const number of before) await rm(recordPath(root, number), { force: true });
  return file;
}

async function refuseLiving(file: string, root: string): Promise<void> {
  const record = await readRecord(file);
  if (record === null || record.released || !(await isAlive(record.pid))) return;
  if ((await startMark(record.pid)) !== record.startMark) return; // the number belongs to another process by now
  throw new EmbeddedPostgresError(
    `another Weir (process ${record.pid}) runs the database in ${root}; stop it, use another folder, or point both at one DATABASE_URL`,
  );
}

/** The record stays, so that numbers only grow; it says that nobody holds it. */
async function release(file: string, draft: string, mine: OwnerRecord): Promise<void> {
  if ((await readRecord(file))?.token !== mine.token) return;
  await writeFile(draft, JSON.stringify({ ...mine, released: true }), { mode: 0o644 });
  await rename(draft, file);
}

async function listNumbers(root: string): Promise<number[]> {
  const entries = await readdir(root);
  return entries.map((entry) => Number(RECORD_NAME.exec(entry)?.[1])).filter((number) => !Number.isNaN(number));
}

function recordPath(root: string, number: number): string {
  return join(root, `owner-${number}.json`);
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

async function readRecord(file: string): Promise<OwnerRecord | null> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as OwnerRecord;
  } catch {
    return null; // absent, or not a record: nobody
  }
}
