/** Owns: that a store has one owner at a time. Does not own: what the owner does with it. */
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { takeOwnership } from './ownership.ts';

let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'weir-owner-'));
});

afterEach(() => rm(root, { recursive: true }));

/** Ids above the kernel's maximum (4194304) belong to nobody. */
const DEAD = { pid: 9_999_999, startMark: 'gone', token: 'old', released: false };

test('of twenty that take over from a dead owner at once, one gets it and the file says which', async () => {
  await writeFile(join(root, 'owner-3.json'), JSON.stringify(DEAD));
  const results = await Promise.allSettled(Array.from({ length: 20 }, () => takeOwnership(root)));
  const won = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  const lost = results.flatMap((result) => (result.status === 'rejected' ? [String(result.reason)] : []));
  expect(won).toHaveLength(1);
  expect(lost.every((reason) => reason.includes(`another Weir (process ${process.pid})`))).toBe(true);
  expect(JSON.parse(await readFile(join(root, 'owner-4.json'), 'utf8'))).toMatchObject({ token: won[0]?.token });
  expect(await readdir(root)).toEqual(['owner-4.json']);
});

test('what was released is free for the next', async () => {
  const first = await takeOwnership(root);
  await expect(takeOwnership(root)).rejects.toThrow('another Weir');
  await first.release();
  const second = await takeOwnership(root);
  expect(second.token).not.toBe(first.token);
});

test("a former owner's release does not free what another has by now", async () => {
  const first = await takeOwnership(root);
  // As if this process had been taken for dead: its number is history, and a living one has the next.
  await rm(first.file);
  const second = await takeOwnership(root);
  await first.release();
  expect(JSON.parse(await readFile(second.file, 'utf8'))).toMatchObject({ token: second.token, released: false });
  await expect(takeOwnership(root)).rejects.toThrow('another Weir');
});

test('a process that got the number of a dead owner is not taken for it', async () => {
  await writeFile(join(root, 'owner-1.json'), JSON.stringify({ ...DEAD, pid: process.pid }));
  expect((await takeOwnership(root)).file).toBe(join(root, 'owner-2.json'));
});

test('an unreadable record is nobody', async () => {
  await writeFile(join(root, 'owner-1.json'), '{"pid": 1');
  expect((await takeOwnership(root)).token).toMatch(/^[0-9a-f]{24}$/);
});
