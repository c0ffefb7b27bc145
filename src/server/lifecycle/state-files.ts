// Owns: the files that a server leaves in its folder for people and commands: demo.json and server.json, mode 600, written whole. Not: what is in the demo
// world (demo.ts), the database's own files.

import { chmod, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { DemoWorld } from '../../database/seeds/index.ts';

/** `.weir/demo.json`: where to go, with which accounts and keys. */
export interface DemoFile extends DemoWorld {
  readonly url: string;
}

/** `.weir/server.json`: how commands find the server that runs here. */
export interface ServerFile {
  readonly pid: number;
  readonly url: string;
  /** Of the embedded database; null where DATABASE_URL names another. */
  readonly database: { readonly url: string; readonly migrationUrl: string } | null;
}

const OWNER_ONLY = 0o600;

/** Makes the folder. As root others may pass through it, not list it: PostgreSQL's user has to reach its own part. */
export async function prepareDirectory(directory: string): Promise<void> {
  await mkdir(directory, { recursive: true, mode: process.getuid?.() === 0 ? 0o711 : 0o700 });
}

/** The demo file of a folder; null when there is none or it can't be read as one. */
export async function readDemoFile(directory: string): Promise<DemoFile | null> {
  return readJson<DemoFile>(
    demoPath(directory),
    (file) => typeof file.url === 'string' && typeof file.keys === 'object',
  );
}

/** Writes the demo file. */
export async function writeDemoFile(directory: string, file: DemoFile): Promise<void> {
  await writeJson(demoPath(directory), file);
}

/** The server file of a folder; null when there is none. The server it names may be gone. */
export async function readServerFile(directory: string): Promise<ServerFile | null> {
  return readJson<ServerFile>(serverPath(directory), (file) => typeof file.pid === 'number');
}

/** Writes the server file. */
export async function writeServerFile(directory: string, file: ServerFile): Promise<void> {
  await writeJson(serverPath(directory), file);
}

/** Removes the server file, unless another server has written its own meanwhile. */
export async function removeServerFile(directory: string, pid: number): Promise<void> {
  if ((await readServerFile(directory))?.pid === pid) await rm(serverPath(directory), { force: true });
}

const demoPath = (directory: string): string => join(directory, 'demo.json');
const serverPath = (directory: string): string => join(directory, 'server.json');

async function readJson<T>(path: string, isWhole: (value: T) => boolean): Promise<T | null> {
  try {
    const value = JSON.parse(await readFile(path, 'utf8')) as T;
    return isWhole(value) ? value : null;
  } catch {
    return null;
  }
}

/** Under another name first: a reader never sees half a file, and rights are right from the first byte. */
async function writeJson(path: string, value: unknown): Promise<void> {
  await prepareDirectory(dirname(path));
  const draft = `${path}.${process.pid}`;
  await writeFile(draft, `${JSON.stringify(value, null, 2)}\n`, { mode: OWNER_ONLY, flush: true });
  await chmod(draft, OWNER_ONLY);
  await rename(draft, path);
}
