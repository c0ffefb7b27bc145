// Proves: every example of the SDK's README runs as it stands, against a real server.

import { readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { afterAll, beforeAll, expect, it } from 'vitest';
import * as sdk from '../../sdk/src/index.ts';
import { type ApiPerson, createApiPerson } from '../../src/server/testing/api-person.ts';
import { startTestServer, type TestServer } from '../../src/server/testing/running-server.ts';

const readme = readFileSync(new URL('../../sdk/README.md', import.meta.url), 'utf8');
const examples = [...readme.matchAll(/^## (.+)$|```ts\n([\s\S]*?)```/gm)].reduce<{
  title: string;
  list: [string, string][];
}>(
  ({ title, list }, [, heading, code]) => ({
    title: heading ?? title,
    list: code === undefined ? list : [...list, [title, code]],
  }),
  { title: 'the first', list: [] },
).list;

let server: TestServer;
let owner: ApiPerson;
beforeAll(async () => {
  server = await startTestServer();
  owner = await createApiPerson(server);
  await owner.request('POST', '/api/organizations', { body: { name: 'Acme', slug: 'acme' } });
});
afterAll(() => server.close());

/** Runs an example and gives what it prints. Its `createWeir` leads to the test's server, with a session in place of a token. */
async function run(code: string): Promise<string[]> {
  const printed: string[] = [];
  const body = stripTypeScriptTypes(code.replaceAll(/^import .*\n/gm, ''));
  const given = {
    ...sdk,
    createWeir: ({ token: _, ...options }: sdk.WeirOptions) =>
      sdk.createWeir({ ...options, baseUrl: server.url, cookie: owner.cookie }),
    console: { log: (...words: unknown[]) => printed.push(words.join(' ')) },
  };
  const AsyncFunction = (async () => {}).constructor as new (
    ...parts: string[]
  ) => (...values: unknown[]) => Promise<void>;
  await new AsyncFunction(...Object.keys(given), body)(...Object.values(given));
  return printed;
}

it.each(examples)('%s', async (_title, code) => {
  expect(code).toContain("from '@weir/sdk'");
  expect((await run(code)).length).toBeGreaterThan(0);
});

it('has one of each', () => {
  expect(examples.map(([title]) => title)).toEqual(['the first', 'Lists', 'Changes', 'Errors', 'Files']);
});
