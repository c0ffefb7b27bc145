// Proves: a body that is not what it should be is refused in the vendor's shape, by field where there is one, with nothing held or sent.

import { gzipSync } from 'node:zlib';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { exchange, says } from '../../src/gateway/testing/exchanges.ts';
import { countersOf, eventsOf } from '../../src/gateway/testing/ledger-view.ts';
import { createTenant, type Tenant } from '../../src/gateway/testing/tenants.ts';
import { worldOfFile } from '../../src/gateway/testing/world-of-file.ts';

const world = worldOfFile();
let tenant: Tenant;
beforeAll(async () => {
  tenant = await createTenant(world().owner);
});
afterEach(() => {
  expect(world().tap.requests.filter(({ path }) => path === '/never')).toEqual([]);
});

const CHAT = '/v1/chat/completions';
const MESSAGES = '/v1/messages';

function send(path: string, body: string | Uint8Array, headers: Record<string, string> = {}) {
  return exchange(`${world().url}${path}`, { key: tenant.key, body, headers });
}

const withField = (field: string) => `{"model":"sandbox-chat","messages":[{"role":"user","content":"x"}],${field}}`;
const deep = (levels: number) => `{"model":"sandbox-chat","x":${'['.repeat(levels)}${']'.repeat(levels)}}`;

const REFUSED: readonly [name: string, body: string | Uint8Array][] = [
  ['nothing at all', ''],
  ['an empty object', '{}'],
  ['an array', '[{"model":"sandbox-chat"}]'],
  ['null', 'null'],
  ['a number', '7'],
  ['a text', '"sandbox-chat"'],
  ['cut JSON', '{"model":"sandbox-chat","messages":[{"role":"us'],
  ['JSON with more behind it', `${withField('"n":1')} {}`],
  ['a comment', `// x\n${withField('"n":1')}`],
  ['NaN', withField('"max_tokens":NaN')],
  ['a body nested a thousand deep', deep(1000)],
  ['a body nested a million deep', deep(1_000_000)],
  ['bytes that are no UTF-8', Buffer.from(withField('"user":"\xff\xfe"'), 'latin1')],
  ['UTF-16', Buffer.from(withField('"n":1'), 'utf16le')],
  ['a member twice', withField('"model":"gpt-4o-mini"')],
  ['a member twice in other spelling', withField('"mod\\u0065l":"gpt-4o-mini"')],
  ['__proto__', withField('"__proto__":{"stream":true}')],
  ['no messages', '{"model":"sandbox-chat"}'],
  ['empty messages', '{"model":"sandbox-chat","messages":[]}'],
  ['messages that are a text', '{"model":"sandbox-chat","messages":"hi"}'],
  ['a message that is a text', '{"model":"sandbox-chat","messages":["hi"]}'],
  ['a role that is a number', '{"model":"sandbox-chat","messages":[{"role":1,"content":"x"}]}'],
  ['content that is a number', '{"model":"sandbox-chat","messages":[{"role":"user","content":1}]}'],
  ['a model that is a list', '{"model":["sandbox-chat"],"messages":[{"role":"user","content":"x"}]}'],
  ['a model of a thousand letters', `{"model":"${'m'.repeat(1000)}","messages":[{"role":"user","content":"x"}]}`],
];

describe.each([CHAT, MESSAGES])('%s', (path) => {
  test.each(REFUSED)('refuses %s', async (_name, body) => {
    const { status, json, headers } = await send(path, body);
    expect(status).toBe(400);
    expect(headers.get('content-type')).toContain('application/json');
    expect(json.error.type).toBe('invalid_request_error');
    expect(json.error.message.length).toBeLessThan(500);
    expect(world().tap.requests).toEqual([]);
  });

  test.each([
    ['max_tokens', '0'],
    ['max_tokens', '-1'],
    ['max_tokens', '1.5'],
    ['max_tokens', '1e308'],
    ['max_tokens', '1e309'],
    ['max_tokens', '"50"'],
    ['max_tokens', '[50]'],
    ['max_tokens', '9007199254740993'],
    ['stream', '"yes"'],
  ])('refuses %s of %s by name', async (field, value) => {
    const { status, json } = await send(path, withField(`"${field}":${value}`));
    expect(status).toBe(400);
    expect(JSON.stringify(json)).toContain(field);
    expect(world().tap.requests).toEqual([]);
  });
});

test.each([
  ['n', '0'],
  ['n', '129'],
  ['n', '-3'],
  ['n', '2.5'],
  ['max_completion_tokens', '-1'],
  ['stream_options', '"x"'],
  ['stream_options', '{"include_usage":1}'],
  ['response_format', '"json"'],
  ['tools', '{}'],
])('an OpenAI chat with %s of %s is refused with the parameter named', async (field, value) => {
  const { status, json } = await send(CHAT, withField(`"${field}":${value}`));
  expect(status).toBe(400);
  expect(json.error.param).toContain(field);
});

test.each([
  ['an empty text', '""'],
  ['an empty list', '[]'],
  ['a list with an empty text', '["x",""]'],
  ['negative tokens', '[-1]'],
  ['half a token', '[1.5]'],
  ['a number', '5'],
  ['nothing', 'null'],
])('embeddings of %s are refused', async (_name, input) => {
  const { status, json } = await send('/v1/embeddings', `{"model":"sandbox-embedding","input":${input}}`);
  expect(status).toBe(400);
  expect(json.error.param).toContain('input');
});

test('2,049 inputs to embed are refused before anything is held', async () => {
  const input = Array.from({ length: 2049 }, () => 'x');
  const { status } = await send('/v1/embeddings', JSON.stringify({ model: 'sandbox-embedding', input }));
  expect(status).toBe(400);
});

test.each([
  ['application/xml', 415],
  ['text/plain', 415],
  ['application/x-www-form-urlencoded', 415],
  ['multipart/form-data; boundary=x', 415],
  ['application/json; charset=utf-8', 200],
  ['application/json', 200],
])('a content type %s gives %i', async (type, expected) => {
  for (const path of [CHAT, MESSAGES]) {
    const { status, json } = await send(path, withField('"max_tokens":9'), { 'content-type': type });
    expect(status).toBe(expected);
    if (expected === 415) expect(json.error.type).toBe('invalid_request_error');
  }
});

test('a compressed body is refused, so that none can swell', async () => {
  const bomb = gzipSync(Buffer.alloc(20 * 1024 * 1024, 32));
  for (const encoding of ['gzip', 'deflate', 'br', 'zstd', 'gzip, gzip']) {
    const { status, json } = await send(CHAT, bomb, { 'content-encoding': encoding });
    expect(status).toBe(415);
    expect(json.error.code).toBe('unsupported_media_type');
  }
  const plain = await send(CHAT, withField('"max_tokens":9'), { 'content-encoding': 'identity' });
  expect(plain.status).toBe(200);
});

test('unknown parameters and names like constructor pass on to the model', async () => {
  const body = withField('"constructor":{"a":1},"toString":"x","hasOwnProperty":[],"max_tokens":9');
  expect((await send(CHAT, body)).status).toBe(200);
  expect(world().tap.last().body).toBe(body);
});

test('a very large but allowed number of tokens is lowered to what the model can do', async () => {
  const { status } = await send(CHAT, withField('"max_tokens":9007199254740991'));
  expect(status).toBe(200);
  expect(world().tap.last().json().max_tokens).toBe(16_384);
});

test('a name that no database can hold is as unknown as any other, and harms no record', async () => {
  const suspended = await createTenant(world().owner, { organization: { token_quota_monthly: 1n } });
  for (const model of ['sandbox\\u0000chat', '\\ud800', '\\u202e', 'sandbox-chat\\n']) {
    const body = withField('"n":1').replace('sandbox-chat', model);
    const { status } = await exchange(`${world().url}${CHAT}`, { key: suspended.key, body });
    expect(status).toBe(404);
  }
  expect(await eventsOf(world(), suspended.organizationId)).toEqual([]);
});

test('none of all that touched a meter', async () => {
  const fresh = await createTenant(world().owner);
  for (const [, body] of REFUSED) await exchange(`${world().url}${CHAT}`, { key: fresh.key, body });
  expect(await countersOf(world().owner, fresh.organizationId)).toEqual([]);
  expect(await eventsOf(world(), fresh.organizationId)).toEqual([]);
});

test('routes that are not there, and other methods, are told in the vendor’s shape', async () => {
  const put = await exchange(`${world().url}${CHAT}`, { key: tenant.key, method: 'PUT', body: says('x') });
  expect([put.status, put.json.error.type]).toEqual([404, 'invalid_request_error']);
  const unknown = await exchange(`${world().url}/v1/messages/nothing`, { key: tenant.key, body: says('x') });
  expect([unknown.status, unknown.json.type, unknown.json.error.type]).toEqual([404, 'error', 'not_found_error']);
  const encoded = await exchange(`${world().url}/v1/models/%E0%A4%A`, { key: tenant.key });
  expect(encoded.status).toBeGreaterThanOrEqual(400);
  expect(encoded.status).toBeLessThan(500);
});
