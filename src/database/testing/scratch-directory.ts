/** Owns: a temporary `.weir` folder for tests that run an embedded PostgreSQL of their own. Does not own: the server in it. */
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { removeStore } from '../embedded/store.ts';

/** What is thrown away needs no disk: everything is a third faster. A killed server still loses nothing. */
export const THROW_AWAY_SETTINGS = { fsync: 'off', full_page_writes: 'off' } as const;

export interface ScratchDirectory {
  path: string;
  /** Removes the folder and the data, wherever these lie. */
  remove(): Promise<void>;
}

/** Makes an empty folder that PostgreSQL's own user may pass through (mkdtemp's 700 keeps it out when we are root). */
export async function makeScratchDirectory(prefix: string): Promise<ScratchDirectory> {
  const path = await mkdtemp(join(tmpdir(), prefix));
  await chmod(path, 0o711);
  return {
    path,
    remove: async () => {
      await removeStore(path);
      await rm(path, { recursive: true, force: true });
    },
  };
}
