// Owns: the folder of backups: names by time, which are removed. Not: what is in them.

import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DRAFT_ENDING } from './write-backup.ts';

const NAME = /^weir-(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})Z\.backup(\.draft)?$/;
const DAY_MS = 86_400_000;

/** `weir-20260201T023000Z.backup`. */
export function backupName(nowMs: number): string {
  return `weir-${new Date(nowMs).toISOString().replace(/\.\d+/, '').replaceAll(/[-:]/g, '')}.backup`;
}

/**
 * Removes backups that are older than so many days, and what interrupted ones left a day ago. The newest complete one stays, however old. Other files are left
 * alone. Gives how many backups were removed.
 */
export async function removeOldBackups(options: {
  readonly directory: string;
  readonly retentionDays: number;
  readonly nowMs: number;
}): Promise<number> {
  const { directory, retentionDays, nowMs } = options;
  const found = (await readdir(directory)).flatMap((name) => {
    const takenMs = takenAt(name);
    return takenMs === null ? [] : [{ name, takenMs, isDraft: name.endsWith(DRAFT_ENDING) }];
  });
  const drafts = found.filter(({ isDraft, takenMs }) => isDraft && takenMs < nowMs - DAY_MS);
  const [, ...others] = found.filter(({ isDraft }) => !isDraft).sort((a, b) => b.takenMs - a.takenMs);
  const old = others.filter(({ takenMs }) => takenMs < nowMs - retentionDays * DAY_MS);
  for (const { name } of [...drafts, ...old]) await rm(join(directory, name), { force: true });
  return old.length;
}

function takenAt(name: string): number | null {
  const [, year, month, day, hour, minute, second] = NAME.exec(name) ?? [];
  return year === undefined ? null : Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
}
