// Proves: a template with an endpoint of its own is served there and nowhere else: with its own key, through every stage and meter, past the guard before
// addresses inside, apart from the platform's providers.

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { originOf, templateEndpointContext } from '../../src/database/secrets/secret-context.ts';
import { type Answer, eventsIn, exchange, open, says } from '../../src/gateway/testing/exchanges.ts';
import { FORGETFUL } from '../../src/gateway/testing/gateway-world.ts';
import { countersOf, eventsOf, onlyEventOf } from '../../src/gateway/testing/ledger-view.ts';
import {
  addModel,
  addPerson,
  addTemplate,
  type Columns,
  createTenant,
  insertRow,
  type Person,
  type Tenant,
} from '../../src/gateway/testing/tenants.ts';
import { worldOfFile } from '../../src/gateway/testing/world-of-file.ts';
import { createNetwork, type Network } from '../../src/network/create-network.ts';
import { startDnsServer, type TestDnsServer } from '../../src/network/testing/dns-server.ts';

const KEY = 'house-key-for-one-host';
const USAGE = { prompt_tokens: 11, completion_tokens: 5, total_tokens: 16 };

/** What the endpoint was asked. */
interface Asked {
  readonly path: string;
  readonly authorization: string | undefined;
  readonly body: Answer;
}

let dns: TestDnsServer;
let address = '127.0.0.1';
let network: Network;
let server: Server;
let port = 0;
let asked: Asked[] = [];
let answer: (request: Asked, response: ServerResponse) => void;

/** How long endpoints are waited for: longer than any test takes, but where one lets it run out. */
const patience = { connectMs: 20_000, firstByteMs: 20_000, idleMs: 20_000, totalMs: 60_000 };
const world = worldOfFile({
  upstreamLimits: { ...FORGETFUL, ownEndpoints: { ...FORGETFUL.ownEndpoints, callsPerOrganization: 2 } },
  connectTo: (target) => network.connectTo(target),
  ownEndpointTimeouts: patience,
});

beforeAll(async () => {
  dns = await startDnsServer(({ name, type }) => (type === 'A' && name === 'models.example.com' ? [address] : []));
  network = createNetwork({ outboundAllow: ['127.0.0.1'], dnsServers: [dns.address] });
  server = createServer((request, response) => void take(request, response));
  const { promise, resolve } = Promise.withResolvers<void>();
  // On every address of the machine's own: what is refused is not merely absent.
  server.listen(0, '0.0.0.0', resolve);
  await promise;
  port = (server.address() as AddressInfo).port;
});

afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await dns.close();
});

beforeEach(() => {
  asked = [];
  address = '127.0.0.1';
  answer = (request, response) => (request.body.stream ? stream(response) : json(response, 200, completion()));
});

async function take(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  const text = Buffer.concat(parts).toString('utf8');
  const { authorization } = request.headers;
  const one = { path: request.url ?? '', authorization, body: text === '' ? null : JSON.parse(text) };
  asked.push(one);
  answer(one, response);
}

function json(response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}

function completion(usage: unknown = USAGE): unknown {
  const choice = { index: 0, message: { role: 'assistant', content: 'From the house.' }, finish_reason: 'stop' };
  return { id: 'c-1', object: 'chat.completion', created: 1, model: 'house-7b', choices: [choice], usage };
}

function stream(response: ServerResponse): void {
  const chunk = (choices: unknown[], usage: unknown = null) =>
    `data: ${JSON.stringify({ id: 'c-1', object: 'chat.completion.chunk', created: 1, model: 'house-7b', choices, usage })}\n\n`;
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.write(chunk([{ index: 0, delta: { role: 'assistant', content: 'From the ' }, finish_reason: null }]));
  response.write(chunk([{ index: 0, delta: { content: 'house.' }, finish_reason: 'stop' }]));
  response.end(`${chunk([], USAGE)}data: [DONE]\n\n`);
}

const here = (): string => `http://127.0.0.1:${port}/v1`;

/** A template with its endpoint and key. `keyFor`: where the key was entered for; null: there is none. */
async function addEndpoint(
  tenant: Pick<Tenant, 'organizationId'>,
  slug: string,
  { baseUrl = here(), keyFor = baseUrl, ...columns }: Columns & { baseUrl?: string; keyFor?: string | null } = {},
): Promise<string> {
  const { owner, secrets } = world();
  const { organizationId } = tenant;
  const templateId = await addTemplate(owner, {
    ...{ scope: 'organization', organization_id: organizationId, slug, model_id: null },
    ...{ endpoint_base_url: baseUrl, endpoint_model: 'house-7b', system_message: 'Be brief.', ...columns },
  });
  const origin = keyFor === null ? null : originOf(keyFor);
  if (origin !== null) {
    const sealed = secrets.seal(KEY, templateEndpointContext({ templateId, organizationId, origin }));
    await insertRow(owner, 'template_endpoint_secrets', {
      ...{ template_id: templateId, organization_id: organizationId, origin, last_four: KEY.slice(-4) },
      ...{ ciphertext: sealed.ciphertext, key_id: sealed.keyId },
    });
  }
  return templateId;
}

function ask({ key }: Pick<Person, 'key'>, slug: string, more: Record<string, unknown> = {}) {
  const body = { model: `template:${slug}`, max_tokens: 20, ...says('hi'), ...more };
  return exchange(`${world().url}/v1/chat/completions`, { key, body });
}

const quotaOf = async ({ organizationId }: Tenant) =>
  (await countersOf(world().owner, organizationId)).find(({ kind }) => kind === 'organization_quota')?.used;

test('a call goes to the endpoint with its key and model name, and is metered at no cost', async () => {
  const tenant = await createTenant(world().owner);
  await addEndpoint(tenant, 'house');
  const { status, json: told, headers } = await ask(tenant, 'house');
  expect([status, told.choices[0].message.content]).toEqual([200, 'From the house.']);
  expect(headers.get('x-weir-provider')).toBe('own-endpoint');
  expect(headers.get('x-weir-model')).toBe('template:house');
  expect(Number(headers.get('x-weir-cost-usd'))).toBe(0);
  expect(asked).toMatchObject([{ path: '/v1/chat/completions', authorization: `Bearer ${KEY}` }]);
  expect(asked[0]?.body).toMatchObject({
    model: 'house-7b',
    messages: [
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'hi' },
    ],
  });
  expect(await onlyEventOf(world(), tenant.organizationId)).toMatchObject({
    ...{ status: 'success', source: 'provider', input: 11n, output: 5n, cost: 0n, providerCost: 0n },
    ...{ provider: 'own-endpoint', model: 'template:house', modelType: 'org_default', template: 'house' },
  });
  const { rows } = await world().owner.query('select price_id from weir.usage_events where organization_id = $1', [
    tenant.organizationId,
  ]);
  expect(rows).toEqual([{ price_id: null }]);
  expect(await quotaOf(tenant)).toBe(16n);
  expect(world().tap.requests).toHaveLength(0);
});

test('a stream is relayed and settled as reported, on the route of the other vendor too', async () => {
  const tenant = await createTenant(world().owner);
  await addEndpoint(tenant, 'house-stream');
  const { status, text } = await ask(tenant, 'house-stream', { stream: true });
  const said = eventsIn(text).map((event) => event.choices[0]?.delta?.content ?? '');
  expect([status, said.join('')]).toEqual([200, 'From the house.']);
  const body = { model: 'template:house-stream', max_tokens: 20, ...says('hi') };
  const message = await exchange(`${world().url}/v1/messages`, { key: tenant.key, body });
  expect([message.status, message.json.content[0].text]).toEqual([200, 'From the house.']);
  expect((await eventsOf(world(), tenant.organizationId)).map(({ input, output }) => [input, output])).toEqual([
    [11n, 5n],
    [11n, 5n],
  ]);
  expect(await quotaOf(tenant)).toBe(32n);
});

test('what an endpoint does not report is counted', async () => {
  const tenant = await createTenant(world().owner);
  await addEndpoint(tenant, 'house-silent', { keyFor: null });
  answer = (_request, response) => json(response, 200, completion(null));
  expect((await ask(tenant, 'house-silent')).status).toBe(200);
  expect(asked[0]?.authorization).toBeUndefined();
  const event = await onlyEventOf(world(), tenant.organizationId);
  expect(event).toMatchObject({ source: 'counted', cost: 0n });
  expect(event.output).toBeGreaterThan(0n);
});

test("a model of the catalog beside the endpoint says what calls are worth; the platform's bill is nothing", async () => {
  const tenant = await createTenant(world().owner);
  await addModel(world().owner, 'house-reference', {
    tier: 'premium',
    price: { input_nano_usd_per_million: 1_000_000_000n, output_nano_usd_per_million: 2_000_000_000n },
  });
  await world().inForce();
  await addEndpoint(tenant, 'house-priced', { model_id: 'house-reference' });
  expect((await ask(tenant, 'house-priced')).status).toBe(200);
  expect(await onlyEventOf(world(), tenant.organizationId)).toMatchObject({ cost: 21_000n, providerCost: 0n });
  expect(world().tap.requests).toHaveLength(0);
});

test.each([
  [401, 502],
  [400, 400],
])('a key that the endpoint quotes in a %i is shown to nobody, and no other model answers', async (status, shown) => {
  const tenant = await createTenant(world().owner);
  const slug = `house-refuses-${status}`;
  await addEndpoint(tenant, slug, { model_id: 'sandbox-chat' });
  answer = (_request, response) => json(response, status, { error: { message: `Not with ${KEY}, the key.` } });
  for (const streamed of [false, true]) {
    const refused = await ask(tenant, slug, { stream: streamed });
    expect(refused.status).toBe(shown);
    expect(refused.text).not.toContain(KEY);
    expect(refused.text).not.toContain('platform');
  }
  expect(world().tap.requests).toHaveLength(0);
  expect((await eventsOf(world(), tenant.organizationId)).map(({ cost }) => cost)).toEqual([0n, 0n]);
  expect(await quotaOf(tenant)).toBe(0n);
});

test('an endpoint that hangs is left in its time, and charged nothing', async () => {
  const tenant = await createTenant(world().owner);
  await addEndpoint(tenant, 'house-hangs');
  answer = () => {};
  patience.firstByteMs = 1_000;
  const { status, json: told } = await ask(tenant, 'house-hangs').finally(() => {
    patience.firstByteMs = 20_000;
  });
  expect([status, told.weir.code]).toEqual([504, 'provider_timeout']);
  expect(asked).toHaveLength(1);
  expect(await quotaOf(tenant)).toBe(0n);
});

test('a redirect is not followed', async () => {
  const tenant = await createTenant(world().owner);
  await addEndpoint(tenant, 'house-moves');
  answer = (_request, response) => json(response, 307, {}, { location: `${here()}/elsewhere` });
  expect((await ask(tenant, 'house-moves')).status).toBe(502);
  expect(asked.map(({ path }) => path)).toEqual(['/v1/chat/completions']);
});

test.each([
  ['an address inside', () => `http://127.0.0.2:${port}/v1`],
  ['a name that leads inside', () => `http://localhost:${port}/v1`],
  ['a metadata service', () => 'http://169.254.169.254/v1'],
])('%s is refused unless the operator lists it, and nothing is sent there', async (name, urlOf) => {
  const tenant = await createTenant(world().owner);
  const slug = name.replaceAll(' ', '-');
  await addEndpoint(tenant, slug, { baseUrl: urlOf() });
  const { status, json: told } = await ask(tenant, slug);
  expect([status, told.weir.code]).toEqual([502, 'provider_error']);
  expect(told.error.message).not.toMatch(/\d\.\d/);
  expect(asked).toHaveLength(0);
});

test('a name that changes its mind leads nowhere new: each connection goes to what was judged for it', async () => {
  const tenant = await createTenant(world().owner);
  await addEndpoint(tenant, 'house-named', { baseUrl: `http://models.example.com:${port}/v1` });
  answer = (_request, response) => json(response, 200, completion(), { connection: 'close' });
  expect((await ask(tenant, 'house-named')).status).toBe(200);
  address = '127.0.0.2';
  expect((await ask(tenant, 'house-named')).status).toBe(502);
  expect(asked).toHaveLength(1);
});

test('a key is sent nowhere but where it was entered for', async () => {
  const tenant = await createTenant(world().owner);
  await addEndpoint(tenant, 'house-strange', { keyFor: 'https://models.example.com' });
  expect((await ask(tenant, 'house-strange')).status).toBe(503);
  expect(asked).toHaveLength(0);
});

test('it is listed for, and answers, those whose it is alone', async () => {
  const tenant = await createTenant(world().owner);
  const colleague = await addPerson(world().owner, tenant.organizationId);
  const stranger = await createTenant(world().owner);
  await addEndpoint(tenant, 'house-ours');
  await addEndpoint(tenant, 'house-mine', { scope: 'user', owner_user_id: tenant.userId });
  const listed = async ({ key }: Pick<Person, 'key'>) => {
    const { json: list } = await exchange(`${world().url}/v1/models`, { key });
    return list.data.map(({ id }: { id: string }) => id).filter((id: string) => id.startsWith('template:house-'));
  };
  expect(await listed(tenant)).toEqual(['template:house-mine', 'template:house-ours']);
  expect(await listed(colleague)).toEqual(['template:house-ours']);
  expect(await listed(stranger)).toEqual([]);
  expect((await ask(tenant, 'house-mine')).status).toBe(200);
  expect((await ask(colleague, 'house-mine')).status).toBe(404);
  expect((await ask(stranger, 'house-ours')).status).toBe(404);
  expect(asked).toHaveLength(1);
});

test('a key for some models of the catalog reaches no endpoint, whatever that calls its model', async () => {
  const tenant = await createTenant(world().owner, { key: { allowed_models: ['sandbox-chat'] } });
  await addEndpoint(tenant, 'house-disguised', { endpoint_model: 'sandbox-chat', model_id: 'sandbox-chat' });
  expect((await ask(tenant, 'house-disguised')).status).toBe(403);
  expect(asked).toHaveLength(0);
});

test('another address, model or key is in force for the very next call', async () => {
  const tenant = await createTenant(world().owner);
  const id = await addEndpoint(tenant, 'house-changes');
  expect((await ask(tenant, 'house-changes')).status).toBe(200);
  await world().owner.query('update weir.templates set endpoint_base_url = $2, endpoint_model = $3 where id = $1', [
    ...[id, `${here()}/next`, 'house-8b'],
  ]);
  expect((await ask(tenant, 'house-changes')).status).toBe(200);
  await world().owner.query('delete from weir.template_endpoint_secrets where template_id = $1', [id]);
  expect((await ask(tenant, 'house-changes')).status).toBe(200);
  expect(asked.map(({ path, body, authorization }) => [path, body.model, authorization !== undefined])).toEqual([
    ['/v1/chat/completions', 'house-7b', true],
    ['/v1/next/chat/completions', 'house-8b', true],
    ['/v1/next/chat/completions', 'house-8b', false],
  ]);
});

test('an organization whose endpoints hang takes its share of calls, and no other waits for it', async () => {
  const [tenant, other] = [await createTenant(world().owner), await createTenant(world().owner)];
  await addEndpoint(tenant, 'house-full');
  await addEndpoint(tenant, 'house-beside');
  await addEndpoint(other, 'house-other');
  const opened = Promise.withResolvers<void>();
  const finish: (() => void)[] = [];
  answer = (_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write('data: {"id":"c","choices":[{"index":0,"delta":{"content":"a"},"finish_reason":null}]}\n\n');
    finish.push(() => void response.end('data: [DONE]\n\n'));
    if (finish.length === 2) opened.resolve();
  };
  const body = (slug: string) => ({ model: `template:${slug}`, max_tokens: 20, stream: true, ...says('hi') });
  const streams = ['house-full', 'house-full'].map((slug) =>
    open(`${world().url}/v1/chat/completions`, { key: tenant.key, body: body(slug) }),
  );
  await opened.promise;
  const refused = await ask(tenant, 'house-beside');
  expect([refused.status, refused.json.weir.code]).toEqual([503, 'overloaded']);
  answer = (_request, response) => json(response, 200, completion());
  expect((await ask(other, 'house-other')).status).toBe(200);
  for (const end of finish) end();
  for (const response of await Promise.all(streams)) await response.text();
  expect((await ask(tenant, 'house-beside')).status).toBe(200);
});

test("the switch to the default model leaves alone what is meant for its owner's server", async () => {
  const tenant = await createTenant(world().owner);
  await addEndpoint(tenant, 'house-forced');
  const force = (value: boolean) =>
    world().owner.query(
      `insert into weir.system_config (key, value) values ('force_default_model', $1) on conflict (key) do update set value = excluded.value`,
      [String(value)],
    );
  await force(true);
  await world().inForce();
  expect((await ask(tenant, 'house-forced')).status).toBe(200);
  expect([asked.length, world().tap.requests.length]).toEqual([1, 0]);
  await force(false);
  await world().inForce();
});
