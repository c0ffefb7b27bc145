// Owns: the job that makes backups, from the settings. Not: how one is made (database/backup), or when it is run (src/jobs).

import { join, resolve } from 'node:path';
import { backupName, removeOldBackups, writeBackup } from '../../database/backup/index.ts';
import { masterKeyId } from '../../database/secrets/secret-box.ts';
import type { Config } from '../settings/config.ts';
import type { JobSurroundings } from './compose-jobs.ts';

/** What the job does; null where no folder is set. A backup that can't be written or does not read back fails the run, and nothing old is removed. */
export function composeBackup(options: {
  readonly config: Pick<Config, 'backup'>;
  readonly migrationUrl: string | null;
  readonly masterKey: Buffer;
}): JobSurroundings['backup'] {
  const { config, migrationUrl: url, masterKey } = options;
  if (config.backup === null || url === null) return null;
  const { rhythm, retentionDays } = config.backup;
  const directory = resolve(config.backup.directory);
  return {
    rhythm,
    async run(nowMs) {
      const path = join(directory, backupName(nowMs));
      const { head, rows, bytes } = await writeBackup({ url, path, masterKeyId: masterKeyId(masterKey), nowMs });
      const removed = await removeOldBackups({ directory, retentionDays, nowMs });
      return { tables: head.tables.length, rows, bytes, removed };
    },
  };
}
