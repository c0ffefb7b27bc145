// Proves: settings may lie in a file, the environment wins over it, and what is wrong in it is told without its values.

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { ConfigError, readConfig } from './config.ts';
import { readSettings } from './settings-file.ts';

const folders: string[] = [];
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true }))));

/** A folder with that file. */
async function folderWith(text: string | null): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'weir-settings-'));
  folders.push(folder);
  if (text !== null) await writeFile(join(folder, 'weir.config.ts'), text);
  return folder;
}

test('without a file the environment is all there is', async () => {
  const environment = { PORT: '1' };
  expect(await readSettings(environment, await folderWith(null))).toEqual(environment);
});

test('a file gives settings, and the environment wins', async () => {
  const folder = await folderWith("export default { PORT: 9000, WEIR_SANDBOX: false, WEIR_LOG_LEVEL: 'warn' };");
  const config = readConfig(await readSettings({ WEIR_LOG_LEVEL: 'debug', PORT: '' }, folder));
  expect(config).toMatchObject({ port: 9_000, sandbox: false, logLevel: 'debug' });
});

test('a .env comes between: the environment wins over it, and it wins over the file', async () => {
  const folder = await folderWith("export default { PORT: 1, WEIR_LOG_LEVEL: 'warn', WEIR_GRACE_PERIOD_MS: 7 };");
  await writeFile(join(folder, '.env'), '# ours\nPORT=2\nWEIR_LOG_LEVEL="debug"\nHOST=\n');
  const config = readConfig(await readSettings({ PORT: '3' }, folder));
  expect(config).toMatchObject({ port: 3, logLevel: 'debug', gracePeriodMs: 7, host: '127.0.0.1' });
});

test('a .env that is there and cannot be read is a fault: without it another Weir would start than was meant', async () => {
  const folder = await folderWith(null);
  await mkdir(join(folder, '.env'));
  await expect(readSettings({}, folder)).rejects.toThrow(/\.env can't be read \(EISDIR\)/);
});

test.each<[string, string, RegExp]>([
  ['an unknown name', 'export default { WEIR_PRT: 1 };', /no setting WEIR_PRT/],
  ['a value that is no setting', "export default { PORT: ['hunter2'] };", /PORT must be a text/],
  ['no default', 'export const PORT = 1;', /must export its settings as default/],
  ['a slip', "export default { OPENAI_API_KEY: 'hunter2' ", /can't be read \(\w+\)/],
])('%s is a fault', async (_, text, fault) => {
  const thrown: unknown = await readSettings({}, await folderWith(text)).catch((error: unknown) => error);
  expect(thrown).toBeInstanceOf(ConfigError);
  expect((thrown as Error).message).toMatch(fault);
  expect((thrown as Error).message).not.toContain('hunter2');
});
