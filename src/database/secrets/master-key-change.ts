// Owns: the folder's master key while it is being changed: the old one is kept beside the new one until nothing is sealed under it. Not: sealing anything anew
// (sealed-places.ts), or a key that comes from the environment.

import { open, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parseMasterKey } from './master-key.ts';

const FILE_NAME = 'master.key';
const PREVIOUS_NAME = 'master.key.previous';
const OWNER_ONLY = 0o600;

/**
 * The keys besides the present one that stored secrets may be sealed under: `WEIR_MASTER_KEY_PREVIOUS`, and the folder's where its key is the present one. Throws on a
 * malformed file.
 */
export async function loadPreviousMasterKeys(
  settings: { readonly masterKey: Buffer | null; readonly masterKeyPrevious: Buffer | null },
  directory: string,
): Promise<Buffer[]> {
  const fromFolder = settings.masterKey === null ? await readKey(join(directory, PREVIOUS_NAME)) : undefined;
  return [settings.masterKeyPrevious, fromFolder].filter((key) => key !== null && key !== undefined);
}

/** The folder's key; undefined where there is none. */
export function findMasterKey(directory: string): Promise<Buffer | undefined> {
  return readKey(join(directory, FILE_NAME));
}

/**
 * Puts a new key in the place of the folder's, which is kept beside it: from here on a server starts with both. In this order a crash at any point leaves a folder
 * that opens everything. Repeated with the same key nothing changes. Throws while a change to another key is not through.
 */
export async function beginMasterKeyChange(directory: string, next: Buffer): Promise<void> {
  const [path, previousPath] = [join(directory, FILE_NAME), join(directory, PREVIOUS_NAME)];
  const [present, previous] = [await readKey(path), await readKey(previousPath)];
  if (present === undefined || present.equals(next)) return;
  if (previous !== undefined && !previous.equals(present))
    throw new Error(
      `${previousPath} is there: the last change of the master key is not through; end it with the key it began with`,
    );
  await writeKey(previousPath, present);
  await writeKey(path, next);
}

/** Takes the old key away: nothing is sealed under it any more. */
export async function endMasterKeyChange(directory: string): Promise<void> {
  await rm(join(directory, PREVIOUS_NAME), { force: true });
}

async function readKey(path: string): Promise<Buffer | undefined> {
  try {
    return parseMasterKey(await readFile(path, 'utf8'), path);
  } catch (error) {
    if (error instanceof Error && (error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Under another name first, and on disk before it takes the name: half a key would be no key. */
async function writeKey(path: string, key: Buffer): Promise<void> {
  const draft = `${path}.draft`;
  const file = await open(draft, 'w', OWNER_ONLY);
  try {
    await file.writeFile(`${key.toString('base64')}\n`);
    await file.chmod(OWNER_ONLY);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(draft, path);
  const folder = await open(dirname(path), 'r');
  try {
    // The name, too, has to be on disk before what it opens is sealed with it.
    await folder.sync();
  } finally {
    await folder.close();
  }
}
