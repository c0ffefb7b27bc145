// Proves: each program that the README shows for a client of the gateway answers as it stands, but for the address.

import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { createTenant } from '../../src/gateway/testing/tenants.ts';
import { worldOfFile } from '../../src/gateway/testing/world-of-file.ts';

const world = worldOfFile();
const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
const section = readme.slice(readme.indexOf('## The first call'), readme.indexOf('## People and administration'));
const programs = [...section.matchAll(/^With (.+):\n\n```ts\n([\s\S]*?)```/gm)].map(([, name, code]) => [
  name,
  code ?? '',
]);

/** Runs a program and gives what it prints. */
async function run(code: string, key: string): Promise<string> {
  const printed: string[] = [];
  const print = (word: unknown): void => {
    printed.push(typeof word === 'string' ? word : JSON.stringify(word));
  };
  const given = {
    load: (name: string) => import(name),
    process: { env: { WEIR_KEY: key }, stdout: { write: print } },
    console: { log: print },
  };
  const body = code
    .replaceAll('http://localhost:8787', world().url)
    .replaceAll(/^import \{(.+)\} from (.+);$/gm, 'const {$1} = await load($2);')
    .replaceAll(/^import (\w+) from (.+);$/gm, 'const { default: $1 } = await load($2);');
  const AsyncFunction = (async () => {}).constructor as new (
    ...parts: string[]
  ) => (...values: unknown[]) => Promise<void>;
  await new AsyncFunction(...Object.keys(given), body)(...Object.values(given));
  return printed.join('');
}

test.each(programs)('%s', async (_name, code = '') => {
  const { key } = await createTenant(world().owner);
  expect(await run(code, key)).toContain('Hello, Weir');
});

test('has one for each client', () => {
  expect(programs.map(([name]) => name)).toEqual([
    'the official OpenAI SDK',
    'the official Anthropic SDK',
    "Vercel's AI SDK",
    'LangChain',
  ]);
});
