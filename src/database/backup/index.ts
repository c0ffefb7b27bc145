// Owns: the face of backups. Not: how any of it is done.

export { BackupError } from './backup-file.ts';
export { backupName, removeOldBackups } from './backup-folder.ts';
export { restoreBackup } from './restore-backup.ts';
export { writeBackup } from './write-backup.ts';
