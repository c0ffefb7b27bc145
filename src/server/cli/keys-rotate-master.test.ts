// Proves: the master key can be changed while servers run, interrupted anywhere and begun again, and nothing that was sealed is lost.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { symmetricDecrypt, symmetricEncrypt } from 'better-auth/crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createSecretBox, masterKeyId } from '../../database/secrets/secret-box.ts';
import { providerCredentialContext, templateEndpointContext } from '../../database/secrets/secret-context.ts';
import { systemClock } from '../../primitives/clock.ts';
import { createUuidV7 } from '../../primitives/ids.ts';
import { createSystemRandom } from '../../primitives/random.ts';
import { createLog } from '../logging/log.ts';
import { deriveAuthSecret } from '../secrets/auth-secret.ts';
import { readConfig } from '../settings/config.ts';
import { createApiPerson } from '../testing/api-person.ts';
import { PATIENCE_MS } from '../testing/calls.ts';
import { startTestServer, type TestServer } from '../testing/running-server.ts';
import { runWeir } from '../testing/server-process.ts';
import { CommandError } from './command-context.ts';
import { rotateMaster } from './keys-rotate-master.ts';

const random = createSystemRandom();
const newKey = (): Buffer => Buffer.from(random.bytes(32));
const newId = (): string => createUuidV7(systemClock.nowMs(), random);
const boxOf = (masterKey: Buffer) => createSecretBox({ masterKey, random });
const [OLD, NEW] = [newKey(), newKey()];

/** Where calls with an organization's own key go. */
let vendor: Server;
const seen: string[] = [];
let server: TestServer;
let file = '';
let provider = { id: '', origin: '' };
let organizationId = '';

beforeAll(async () => {
  vendor = createServer((request, response) => {
    seen.push(request.headers.authorization ?? '');
    request.resume().on('end', () => {
      const choices = [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content: 'Hi' } }];
      const usage = { prompt_tokens: 3, completion_tokens: 1, total_tokens: 4 };
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ id: 'c', object: 'chat.completion', created: 1, model: 'm', choices, usage }));
    });
  }).listen(0, '127.0.0.1');
  await once(vendor, 'listening');
  const origin = `http://127.0.0.1:${(vendor.address() as AddressInfo).port}`;
  server = await startTestServer({
    ...{ OPENAI_BASE_URL: `${origin}/v1`, WEIR_MASTER_KEY: text(NEW), WEIR_MASTER_KEY_PREVIOUS: text(OLD) },
  });
  provider = { id: (await one(`select id from weir.providers where slug = 'openai'`)).id, origin };
  organizationId = (await one(`select id from weir.organizations where slug = 'harbour-software'`)).id;
  file = join(server.directory, 'new.key');
  await writeFile(file, text(NEW));
  // What signs the sessions of people in tests.
  await writeFile(join(server.directory, 'master.key'), text(NEW));
});
afterAll(async () => {
  await server.close();
  vendor.close();
});
beforeEach(async () => {
  await server.owner.query('delete from weir.provider_credentials');
});

const text = (key: Buffer): string => key.toString('base64');
const one = async (query: string, values: unknown[] = []) => (await server.owner.query(query, values)).rows[0];
const SETTINGS = { WEIR_MASTER_KEY: text(NEW), WEIR_MASTER_KEY_PREVIOUS: text(OLD) };

/** The command, within this process: most of what it does needs no process of its own. */
async function rotate(environment: Record<string, string> = SETTINGS, newKeyFile = file) {
  const [stdout, stderr]: [string[], string[]] = [[], []];
  const config = readConfig({ ...server.environment, ...environment });
  const { log } = createLog({ logLevel: 'silent', logFormat: 'json' });
  const output = { print: (line: string) => void stdout.push(line), tell: (line: string) => void stderr.push(line) };
  let code: number;
  try {
    code = (await rotateMaster({ config, log, clock: systemClock, random, ...output }, { newKeyFile })) ? 0 : 1;
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    code = 1;
    stderr.push(error.message);
  }
  return { code, stdout: stdout.join('\n'), stderr: stderr.join('\n') };
}

const contextOf = () => providerCredentialContext({ providerId: provider.id, organizationId, origin: provider.origin });

async function insertSealed(count: number, masterKey = OLD): Promise<void> {
  const box = boxOf(masterKey);
  const secrets = Array.from({ length: count }, (_, place) => box.seal(`sk-secret-${place}`, contextOf()));
  await server.owner.query(
    `insert into weir.provider_credentials (id, provider_id, organization_id, label, ciphertext, key_id, origin, last_four)
     select i, $1, $2, i::text, c, $3, $4, 'last' from unnest($5::uuid[], $6::bytea[]) as n (i, c)`,
    [
      provider.id,
      organizationId,
      box.keyId,
      provider.origin,
      secrets.map(newId),
      secrets.map(({ ciphertext }) => ciphertext),
    ],
  );
}

/** What every stored key opens to, by the master key it is under. */
async function openAll(): Promise<{ secrets: string[]; underNew: number }> {
  const box = createSecretBox({ masterKey: NEW, previousMasterKeys: [OLD], random });
  const { rows } = await server.owner.query('select ciphertext, key_id from weir.provider_credentials order by id');
  return {
    secrets: rows
      .map(({ ciphertext, key_id: keyId }) => box.open({ ciphertext, keyId }, contextOf()).toString())
      .sort(),
    underNew: rows.filter(({ key_id: keyId }) => keyId === masterKeyId(NEW)).length,
  };
}

const call = async (): Promise<string | undefined> => {
  const answer = await fetch(`${server.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${server.demo.keys.pro}`, 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'Hello' }] }),
  });
  expect(answer.status).toBe(200);
  return seen.at(-1);
};

describe('weir keys rotate-master', () => {
  test('carries everything over while a server runs with both keys, which misses nothing', async () => {
    await insertSealed(1);
    const person = await createApiPerson(server);
    const from = { keys: new Map([[1, deriveAuthSecret(OLD)]]), currentVersion: 1 };
    const [totp, codes] = await Promise.all(['totp', 'codes'].map((data) => symmetricEncrypt({ key: from, data })));
    await server.owner.query(
      'insert into weir.two_factors (id, user_id, secret, backup_codes) values ($1, $2, $3, $4)',
      [...[newId(), person.userId, totp, codes]],
    );
    const template = await one(
      `select id, organization_id from weir.templates where organization_id is not null limit 1`,
    );
    const place = {
      templateId: String(template.id),
      organizationId: template.organization_id,
      origin: 'https://own.example',
    };
    const sealed = boxOf(OLD).seal('sk-template', templateEndpointContext(place));
    await server.owner.query(
      `insert into weir.template_endpoint_secrets (template_id, organization_id, ciphertext, key_id, origin, last_four) values ($1, $2, $3, $4, $5, 'last')`,
      [template.id, place.organizationId, sealed.ciphertext, sealed.keyId, place.origin],
    );
    expect(await call()).toBe('Bearer sk-secret-0');

    const args = ['keys', 'rotate-master', '--new-key-file', file];
    expect(await runWeir(server.directory, args, { ...server.environment, ...SETTINGS })).toMatchObject({
      code: 0,
      stdout: `master key ${masterKeyId(NEW)}: 4 secrets wrapped anew, 0 damaged\n`,
    });
    expect(await openAll()).toEqual({ secrets: ['sk-secret-0'], underNew: 1 });
    expect(await call()).toBe('Bearer sk-secret-0');
    const own = await one(
      'select ciphertext, key_id as "keyId" from weir.template_endpoint_secrets where template_id = $1',
      [template.id],
    );
    expect(boxOf(NEW).open(own, templateEndpointContext(place)).toString()).toBe('sk-template');
    const factor = await one('select secret, backup_codes from weir.two_factors where user_id = $1', [person.userId]);
    const key = { keys: new Map([[1, deriveAuthSecret(NEW)]]), currentVersion: 1 };
    expect(await symmetricDecrypt({ key, data: factor.secret })).toBe('totp');
    expect(await symmetricDecrypt({ key, data: factor.backup_codes })).toBe('codes');
    const audited = await one(
      `select actor_type, after, reason from weir.audit_logs where action = 'master_key.rotate'`,
    );
    expect(audited).toEqual({
      actor_type: 'system',
      after: { key_id: masterKeyId(NEW), rewrapped: 4, damaged: 0 },
      reason: 'rotate the master key',
    });
    expect((await rotate()).stdout).toMatch(/: 0 secrets wrapped anew, 0 damaged/);
  });

  test('carries over the answers that are kept for repeated requests', async () => {
    const person = await createApiPerson(server);
    const headers = { 'idempotency-key': 'kept' };
    const body = { name: 'Kept answer' };
    const first = await person.request('POST', '/api/organizations', { body, headers });
    const newer = newKey();
    await writeFile(file, text(newer));
    const { stdout } = await rotate({ WEIR_MASTER_KEY: text(NEW) });
    expect(stdout).toMatch(/[1-9]\d* secrets wrapped anew, 0 damaged/);
    // Back again: the server under test knows NEW and OLD.
    await writeFile(file, text(NEW));
    expect((await rotate({ WEIR_MASTER_KEY: text(newer) })).code).toBe(0);
    const again = await person.request('POST', '/api/organizations', { body, headers });
    expect(first.status).toBe(201);
    expect([again.status, again.body, again.headers.get('idempotent-replayed')]).toEqual([201, first.body, 'true']);
  });

  test('killed in the middle, it has lost nothing and goes on where it was', async () => {
    await insertSealed(250);
    const locked = await one('select id from weir.provider_credentials order by ctid offset 149 limit 1');
    await server.owner.query('begin');
    await server.owner.query('select 1 from weir.provider_credentials where id = $1 for update', [locked.id]);
    const child = spawn(
      process.execPath,
      [join(import.meta.dirname, '..', 'cli.ts'), 'keys', 'rotate-master', '--new-key-file', file],
      {
        cwd: server.directory,
        env: { ...process.env, ...server.environment, WEIR_MASTER_KEY: text(OLD) },
        stdio: ['ignore', 'ignore', 'pipe'],
      },
    );
    let told = '';
    child.stderr.on('data', (chunk: Buffer) => {
      told += chunk.toString();
    });
    // The second batch waits for the lock, so it is killed within it.
    await expect.poll(() => told, { timeout: PATIENCE_MS }).toContain('provider keys: 100');
    child.kill('SIGKILL');
    await once(child, 'close');
    await server.owner.query('rollback');
    const between = await openAll();
    expect([between.secrets.length, new Set(between.secrets).size, between.underNew]).toEqual([250, 250, 100]);
    expect((await rotate()).stdout).toMatch(/: 150 secrets wrapped anew, 0 damaged/);
    expect(await openAll()).toEqual({ secrets: between.secrets, underNew: 250 });
  });

  test('names the key that is missing and changes nothing when the old key is another', async () => {
    await insertSealed(2);
    const { code, stderr } = await rotate({ WEIR_MASTER_KEY: text(newKey()) });
    expect(code).toBe(1);
    expect(stderr).toContain(masterKeyId(OLD));
    expect(stderr).toMatch(/WEIR_MASTER_KEY.*Nothing was changed/);
    expect((await openAll()).underNew).toBe(0);
  });

  test('passes over what is damaged, names it, and carries over the rest', async () => {
    await insertSealed(3);
    const { id } = await one(
      `update weir.provider_credentials set ciphertext = overlay(ciphertext placing '\\x00000000' from 40)
        where id = (select id from weir.provider_credentials limit 1) returning id`,
    );
    const { code, stdout, stderr } = await rotate();
    expect(code).toBe(1);
    expect(stdout).toMatch(/2 secrets wrapped anew, 1 damaged/);
    expect(stderr).toContain(id);
  });

  test.each([
    ['a file that is not there', 'none.key', /cannot be read/],
    ['a file that holds no key', 'bad.key', /must be 32 bytes/],
  ])('refuses %s', async (_name, name, message) => {
    await writeFile(join(server.directory, 'bad.key'), 'short');
    const { code, stderr } = await rotate({ WEIR_MASTER_KEY: text(OLD) }, join(server.directory, name));
    expect([code, message.test(stderr)]).toEqual([1, true]);
  });
});

describe('with the key in the folder', () => {
  test('it waits for the server to be stopped, then puts the new key in its place', async () => {
    const path = join(server.directory, 'master.key');
    await writeFile(path, text(OLD));
    await insertSealed(2);
    const refused = await rotate({});
    expect([refused.code, await readFile(path, 'utf8')]).toEqual([1, text(OLD)]);
    expect(refused.stderr).toMatch(/stop it first/);

    // As if the server were stopped.
    const state = join(server.directory, 'server.json');
    const kept = await readFile(state);
    await writeFile(state, '{}');
    // As if it had been killed after the keys were put in place.
    await writeFile(`${path}.previous`, text(OLD));
    await writeFile(path, text(NEW));
    expect((await rotate({})).code).toBe(0);
    expect((await readFile(path, 'utf8')).trim()).toBe(text(NEW));
    await expect(readFile(`${path}.previous`)).rejects.toThrow('ENOENT');
    expect((await openAll()).underNew).toBe(2);

    const newer = newKey();
    await writeFile(file, text(newer));
    expect((await rotate({})).code).toBe(0);
    expect((await readFile(path, 'utf8')).trim()).toBe(text(newer));
    await writeFile(file, text(NEW));
    await rotate({});
    await writeFile(state, kept);
    expect((await openAll()).underNew).toBe(2);
  });
});
