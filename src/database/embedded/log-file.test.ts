/** Owns: that PostgreSQL's log stays small. Does not own: what is in it. */
import { appendFile, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openLogFile } from './log-file.ts';

let directory: string;
let path: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'weir-log-'));
  path = join(directory, 'postgres.log');
});

afterEach(() => rm(directory, { recursive: true }));

test('a log that has grown too large is set aside, one generation of it', async () => {
  await writeFile(`${path}.1`, 'the generation before');
  await writeFile(path, Buffer.alloc(9 * 1024 * 1024, 'x'));
  const log = await openLogFile(path);
  await log.close();
  expect((await stat(path)).size).toBe(0);
  expect((await stat(`${path}.1`)).size).toBe(9 * 1024 * 1024);
});

test('a small log goes on, and its tail is what came since it was opened', async () => {
  await writeFile(path, 'yesterday\n');
  const log = await openLogFile(path);
  expect(await log.tail()).toBe('');
  await appendFile(path, 'today\n');
  expect(await log.tail()).toBe('today');
  await appendFile(path, `${'y'.repeat(5_000)}\nthe end\n`);
  const tail = await log.tail();
  expect(tail.endsWith('the end')).toBe(true);
  expect(tail.length).toBeLessThanOrEqual(2_000);
  await log.close();
  expect(await readFile(path, 'utf8')).toContain('yesterday');
});
