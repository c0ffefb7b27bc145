// Owns: `weir backup` and `weir restore`. Not: what a backup is (database/backup), or the job that makes them (compose-backup.ts).

import { join, resolve } from 'node:path';
import { backupName, restoreBackup, writeBackup } from '../../database/backup/index.ts';
import { findMasterKey, loadPreviousMasterKeys } from '../../database/secrets/master-key-change.ts';
import { masterKeyId } from '../../database/secrets/secret-box.ts';
import { type CommandContext, CommandError } from './command-context.ts';
import { withCommandDatabase } from './command-database.ts';

/** Where to. */
export interface BackupOptions {
  readonly to?: string;
}

/** What is accepted. */
export interface RestoreOptions {
  readonly acceptDrift?: true;
}

/** Writes a backup, reads it back, prints its path. */
export function backupCommand(context: CommandContext, { to }: BackupOptions): Promise<void> {
  const { config, clock, print, tell } = context;
  const nowMs = clock.nowMs();
  const folder = resolve(config.backup?.directory ?? join(config.directory, 'backups'));
  const path = to === undefined ? join(folder, backupName(nowMs)) : resolve(to);
  return withCommandDatabase(context, async ({ migrationUrl: url }) => {
    const [present = null] = await listMasterKeys(context);
    const { head, rows, bytes } = await writeBackup({ url, path, masterKeyId: present, nowMs });
    print(path);
    tell(`${rows} rows of ${head.tables.length} tables in ${bytes} bytes, read back and whole.`);
    tell(
      present === null
        ? 'There is no master key here: the backup names none.'
        : `The master key ${present} is not in it, and stored secrets are lost without it: keep a copy of it somewhere else.`,
    );
  });
}

/** Loads a backup into an empty database; nothing is written unless it is whole and fits. */
export function restoreCommand(context: CommandContext, file: string, { acceptDrift }: RestoreOptions): Promise<void> {
  const { log, tell } = context;
  return withCommandDatabase(context, async ({ migrationUrl: url, origin }) => {
    if (origin === 'the running server')
      throw new CommandError('a server runs in this folder; stop it, or name an empty folder with WEIR_DIRECTORY');
    const masterKeyIds = await listMasterKeys(context);
    const { head, rows, drift } = await restoreBackup({
      ...{ url, path: resolve(file), masterKeyIds, acceptDrift: acceptDrift === true, log },
    });
    tell(`${rows} rows of ${head.tables.length} tables restored, as of ${head.takenAt}.`);
    tell(drift === 0 ? 'The ledger verifies.' : `The ledger differs in ${drift}: "weir ledger verify" tells in which.`);
    tell('Jobs that were waiting are not in a backup; what was due is done at the next start.');
  });
}

/** Public names of the keys that there are; the present one first. */
async function listMasterKeys({ config }: CommandContext): Promise<string[]> {
  const directory = resolve(config.directory);
  const present = config.masterKey ?? (await findMasterKey(directory));
  const keys = present === undefined ? [] : [present, ...(await loadPreviousMasterKeys(config, directory))];
  return keys.map(masterKeyId);
}
