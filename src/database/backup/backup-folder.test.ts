// Proves: old backups go and the newest complete one stays, however old; nothing else in the folder is touched.

import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { makeScratchDirectory, type ScratchDirectory } from '../testing/scratch-directory.ts';
import { backupName, removeOldBackups } from './backup-folder.ts';

const DAY_MS = 86_400_000;
const NOW_MS = Date.parse('2026-02-20T02:30:00Z');
const ago = (days: number): string => backupName(NOW_MS - days * DAY_MS);
let scratch: ScratchDirectory;
beforeAll(async () => {
  scratch = await makeScratchDirectory('weir-folder-');
});
afterAll(() => scratch.remove());
beforeEach(async () => {
  await scratch.remove();
  scratch = await makeScratchDirectory('weir-folder-');
});

const put = (...names: string[]) => Promise.all(names.map((name) => writeFile(join(scratch.path, name), 'x')));
const remove = () => removeOldBackups({ directory: scratch.path, retentionDays: 14, nowMs: NOW_MS });
const left = async () => (await readdir(scratch.path)).sort();

test('a name is its time', () => {
  expect(ago(0)).toBe('weir-20260220T023000Z.backup');
});

test('what is older than the days goes, what is as old stays', async () => {
  await put(ago(0), ago(14), ago(15), ago(400));
  expect(await remove()).toBe(2);
  expect(await left()).toEqual([ago(14), ago(0)]);
});

test('the newest complete one stays, however old; what an interrupted one left does not count, and goes after a day', async () => {
  await put(ago(30), ago(90), `${ago(20)}.draft`, `${ago(0)}.draft`);
  expect(await remove()).toBe(1);
  expect(await left()).toEqual([ago(30), `${ago(0)}.draft`]);
});

test('other files are left alone', async () => {
  const others = ['before-upgrade.backup', 'weir-20200101.backup', 'notes.txt', 'weir-20200101T000000Z.backup.gz'];
  await put(...others, ago(0));
  expect(await remove()).toBe(0);
  expect(await left()).toEqual([...others, ago(0)].sort());
});
