// Owns: proof that the master key is made once and kept from others.

import { chmod, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSystemRandom } from '../../primitives/random.ts';
import { loadOrCreateMasterKey, parseMasterKey } from './master-key.ts';

const random = createSystemRandom();
let root = '';
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'weir-master-key-'));
});
afterAll(() => rm(root, { recursive: true, force: true }));

describe('the master key', () => {
  it('is made once, readable by its owner alone, and found again', async () => {
    const directory = join(root, 'first', '.weir');
    const made = await loadOrCreateMasterKey({ directory, env: {}, random });
    expect(made).toHaveLength(32);
    expect((await stat(join(directory, 'master.key'))).mode & 0o777).toBe(0o600);
    expect(await loadOrCreateMasterKey({ directory, env: {}, random })).toEqual(made);
    expect(await readdir(directory)).toEqual(['master.key']);
  });

  it('is one key for processes that start at the same moment', async () => {
    const directory = join(root, 'race');
    const keys = await Promise.all(
      Array.from({ length: 8 }, () => loadOrCreateMasterKey({ directory, env: {}, random })),
    );
    expect(new Set(keys.map((key) => key.toString('hex'))).size).toBe(1);
    expect(await readdir(directory)).toEqual(['master.key']);
  });

  it('comes from WEIR_MASTER_KEY when that is set, and nothing is written', async () => {
    const directory = join(root, 'environment');
    const key = Buffer.from(random.bytes(32));
    for (const form of [
      key.toString('hex'),
      key.toString('base64'),
      key.toString('base64url'),
      ` ${key.toString('base64')}\n`,
    ]) {
      expect(await loadOrCreateMasterKey({ directory, env: { WEIR_MASTER_KEY: form }, random })).toEqual(key);
    }
    await expect(stat(directory)).rejects.toThrow('ENOENT');
  });

  it('is closed to others again when a copy came back open', async () => {
    const directory = join(root, 'open');
    await loadOrCreateMasterKey({ directory, env: {}, random });
    await chmod(join(directory, 'master.key'), 0o644);
    await loadOrCreateMasterKey({ directory, env: {}, random });
    expect((await stat(join(directory, 'master.key'))).mode & 0o777).toBe(0o600);
  });

  it('is refused without being repeated when it is malformed', async () => {
    for (const text of [
      'short',
      'x'.repeat(44),
      'ab'.repeat(31),
      `${'ab'.repeat(32)}c`,
      '"quoted-key-that-is-of-the-right-size-000000"',
    ]) {
      expect(() => parseMasterKey(text, 'WEIR_MASTER_KEY')).toThrow(
        /^WEIR_MASTER_KEY must be 32 bytes in hex or base64/,
      );
      expect(() => parseMasterKey(text, 'WEIR_MASTER_KEY')).not.toThrow(text);
    }
    const directory = join(root, 'damaged');
    await loadOrCreateMasterKey({ directory, env: {}, random });
    await writeFile(join(directory, 'master.key'), 'half a k');
    await expect(loadOrCreateMasterKey({ directory, env: {}, random })).rejects.toThrow(/master\.key must be 32 bytes/);
  });
});
