// Proves: the SDK against the real server, with API token and session: pages, versions, once-only writes, files, walls; and that what is published is complete and
// runs without Node.

import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createWeir, isProblem, type WeirClient } from '../../sdk/src/index.ts';
import { makeScratchDirectory } from '../../src/database/testing/scratch-directory.ts';
import { type ApiPerson, createApiPerson } from '../../src/server/testing/api-person.ts';
import { startTestServer, type TestServer } from '../../src/server/testing/running-server.ts';

let server: TestServer;
let owner: ApiPerson;
let weir: WeirClient;
let id = '';
beforeAll(async () => {
  server = await startTestServer();
  owner = await createApiPerson(server);
  weir = createWeir({ baseUrl: server.url, cookie: owner.cookie });
  id = (await weir.organizations.create({ body: { name: 'North Weir', slug: 'north' } })).data.id;
});
afterAll(() => server.close());

describe('a client with a session', () => {
  it('goes through a list page by page, each item once', async () => {
    const person = await createApiPerson(server);
    const client = createWeir({ baseUrl: server.url, cookie: person.cookie });
    for (const name of ['b', 'a', 'c']) await client.organizations.create({ body: { name } });
    const names: string[] = [];
    for await (const { name } of client.organizations.list({ query: { limit: 1 } }).all()) names.push(name);
    expect(names).toEqual(['a', 'b', 'c']);
    expect((await client.organizations.list({ query: { limit: 2 } })).next_cursor).not.toBeNull();
  });

  it('changes the version that was read, and is told when that is no longer there', async () => {
    const { response } = await weir.organizations.get({ params: { id } }).withResponse();
    const change = {
      params: { id },
      body: { billing_email: 'bills@people.example' },
      ifMatch: response.etag ?? undefined,
    };
    expect((await weir.organizations.update(change)).data.billing_email).toBe('bills@people.example');
    await expect(weir.organizations.update(change)).rejects.toMatchObject({ code: 'stale', status: 412 });
  });

  it('does a write once under one key', async () => {
    const write = { body: { name: 'Only one' }, idempotencyKey: 'once' };
    const first = await weir.organizations.create(write);
    const again = await weir.organizations.create(write).withResponse();
    expect([again.output.data.id, again.response.headers.get('idempotent-replayed')]).toEqual([first.data.id, 'true']);
    const other = weir.organizations.create({ ...write, body: { name: 'Another' } });
    await expect(other).rejects.toMatchObject({ code: 'idempotency_mismatch' });
  });

  it('reads a file', async () => {
    const file = await weir.audit.exportAuditLogs({ organization: 'north' });
    expect(file.filename).toMatch(/\.csv$/);
    expect(await file.text()).toContain('organization.create');
  });

  it('has errors with fields, and codes to decide by', async () => {
    const error = await weir.organizations
      .create({ body: { name: '', slug: 'A B' } })
      .catch((caught: unknown) => caught);
    if (!isProblem(error, 'invalid_request')) throw error;
    expect(error.fields.map(({ path }) => path)).toEqual(['name', 'slug']);
    expect(error.requestId).toMatch(/^[0-9a-f-]{36}$/);
    await expect(weir.organizations.get({ params: { id: 'nowhere' } })).rejects.toMatchObject({ code: 'not_found' });
    await expect(createWeir({ baseUrl: server.url }).me.get()).rejects.toMatchObject({ code: 'unauthenticated' });
  });
});

it('a client with an API token acts in the organization of its token', async () => {
  const made = await weir.apiTokens.create({ body: { name: 'A script' }, organization: 'north' });
  const script = createWeir({ baseUrl: server.url, token: made.data.secret });
  expect((await script.organizations.get({ params: { id: 'north' } })).data.id).toBe(id);
  await weir.apiTokens.revoke({ params: { id: made.data.id }, organization: 'north' });
  await expect(script.me.get()).rejects.toMatchObject({ status: 401 });
});

describe('what is published', () => {
  const root = fileURLToPath(new URL('../../', import.meta.url));

  it('is built for browsers and Node alike, asks for no other package, and works', async () => {
    const scratch = await makeScratchDirectory('weir-sdk-');
    try {
      const compiler = join(root, 'node_modules/typescript/bin/tsc');
      const outputs = ['--outDir', scratch.path];
      await promisify(execFile)(process.execPath, [compiler, '-p', join(root, 'sdk/tsconfig.build.json'), ...outputs]);
      const files = await readdir(scratch.path);
      expect(files.sort()).toEqual(files.filter((name) => /^[a-z-]+(\.(rules|generated))?\.(js|d\.ts)$/.test(name)));
      const texts = await Promise.all(files.map((name) => readFile(join(scratch.path, name), 'utf8')));
      const imported = texts.flatMap((text) =>
        [...text.matchAll(/(?<![\w/"'-])(?:from|import)\s*\(?\s*['"]([^'"]+)['"]/g)].map(([, name]) => name ?? ''),
      );
      expect(imported.length).toBeGreaterThan(5);
      expect(imported.filter((name) => !/^\.\/[a-z.-]+\.(js|ts)$/.test(name))).toEqual([]);
      const built = (await import(pathToFileURL(join(scratch.path, 'index.js')).href)) as {
        createWeir: typeof createWeir;
      };
      expect((await built.createWeir({ baseUrl: server.url, cookie: owner.cookie }).me.get()).data.user.id).toBe(
        owner.userId,
      );
    } finally {
      await scratch.remove();
    }
  });

  it('holds the build, the licence and the README, and no dependency', async () => {
    const manifest = JSON.parse(await readFile(join(root, 'sdk/package.json'), 'utf8')) as Record<string, unknown>;
    expect(manifest).toMatchObject({
      name: '@weir/sdk',
      files: ['dist'],
      exports: { '.': { default: './dist/index.js' } },
    });
    for (const kind of ['dependencies', 'peerDependencies', 'optionalDependencies'])
      expect(manifest).not.toHaveProperty(kind);
    expect(await readdir(join(root, 'sdk'))).toEqual(expect.arrayContaining(['LICENSE', 'README.md']));
  });
});
