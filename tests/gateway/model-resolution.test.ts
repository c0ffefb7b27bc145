// Proves: what `model` may mean, and that the event says what it meant: catalog id, template, feature, auto, and falling back.

import { beforeAll, expect, test } from 'vitest';
import { exchange, says } from '../../src/gateway/testing/exchanges.ts';
import { onlyEventOf } from '../../src/gateway/testing/ledger-view.ts';
import {
  addModel,
  addPerson,
  addTemplate,
  createTenant,
  enableTemplate,
  insertRow,
  newId,
  type Tenant,
} from '../../src/gateway/testing/tenants.ts';
import { worldOfFile } from '../../src/gateway/testing/world-of-file.ts';

const world = worldOfFile();
const FEATURE = newId();

beforeAll(async () => {
  const { owner } = world();
  for (const id of ['model-a', 'model-b', 'model-c']) await addModel(owner, id);
  await addModel(owner, 'model-off', { enabled: false });
  await addModel(owner, 'model-away', { status: 'unavailable' });
  await addModel(owner, 'model-gone', { enabled: false, archived_at: new Date(0) });
  await addModel(owner, 'model-paid', { tier: 'premium', price_cents: 100 });
  await addModel(owner, 'model-tried', { tier: 'premium', price_cents: 100, trial_messages_allowed: 1n });
  await addModel(owner, 'model-ended', { retires_at: new Date(0) });
  await addModel(owner, 'model-older', { retires_at: new Date(0), replacement_model_id: 'model-b' });
  await addModel(owner, 'model-oldest', { retires_at: new Date(0), replacement_model_id: 'model-older' });
  await addModel(owner, 'model-lost', { retires_at: new Date(0), replacement_model_id: 'model-off' });
  const stranded = { type: 'custom', base_url: 'http://127.0.0.1:9/v1', status: 'inactive' };
  await insertRow(owner, 'providers', { id: newId(), slug: 'stranded', name: 'Stranded', ...stranded });
  await addModel(owner, 'model-stranded', { provider: 'stranded' });
  await insertRow(owner, 'features', { id: FEATURE, name: 'summaries', display_name: 'Summaries' });
  for (const [environment, model] of [
    ['development', 'model-a'],
    ['production', 'model-b'],
  ] as const) {
    await insertRow(owner, 'deployments', { id: newId(), feature_id: FEATURE, environment, model_id: model });
  }
  await world().inForce();
});

async function ask(tenant: Pick<Tenant, 'key'>, model: string, headers: Record<string, string> = {}) {
  const url = `${world().url}/v1/chat/completions`;
  return exchange(url, { key: tenant.key, headers, body: { model, ...says('Say hello.') } });
}

test('a catalog id is the model itself', async () => {
  const tenant = await createTenant(world().owner);
  const answer = await ask(tenant, 'model-a');
  expect(answer.headers.get('x-weir-model')).toBe('model-a');
  expect(answer.headers.get('x-weir-fallback')).toBeNull();
  expect(await onlyEventOf(world(), tenant.organizationId)).toMatchObject({ model: 'model-a', modelType: 'catalog' });
});

test('a system template is its model with its system message, its parameters and its bound of output', async () => {
  const tenant = await createTenant(world().owner);
  const templateId = await addTemplate(world().owner, {
    slug: 'brief-writer',
    model_id: 'model-b',
    system_message: 'You are brief.',
    max_tokens: 77n,
    temperature: 0.25,
  });
  await enableTemplate(world().owner, tenant.organizationId, { templateId });
  await world().inForce();
  const answer = await ask(tenant, 'template:brief-writer');
  expect(answer.status).toBe(200);
  const sent = world().tap.last().json();
  expect(sent).toMatchObject({
    model: 'model-b',
    temperature: 0.25,
    max_tokens: 77,
    messages: [
      { role: 'system', content: 'You are brief.' },
      { role: 'user', content: 'Say hello.' },
    ],
  });
  expect(await onlyEventOf(world(), tenant.organizationId)).toMatchObject({
    model: 'model-b',
    template: 'brief-writer',
    modelType: 'system',
  });
});

test('the nearer template of a name wins: a person’s before the organization’s before the platform’s', async () => {
  const tenant = await createTenant(world().owner);
  const other = await addPerson(world().owner, tenant.organizationId);
  const own = { slug: 'near', organization_id: tenant.organizationId };
  await addTemplate(world().owner, { slug: 'near', model_id: 'model-a' });
  await addTemplate(world().owner, { ...own, scope: 'organization', model_id: 'model-b' });
  await addTemplate(world().owner, { ...own, scope: 'user', owner_user_id: tenant.userId, model_id: 'model-c' });
  await world().inForce();
  expect((await ask(tenant, 'template:near')).headers.get('x-weir-model')).toBe('model-c');
  expect((await ask(other, 'template:near')).headers.get('x-weir-model')).toBe('model-b');
});

test('a feature is what is deployed in the environment that the caller names, production by default', async () => {
  const tenant = await createTenant(world().owner);
  const production = await ask(tenant, 'feature:summaries');
  expect(production.headers.get('x-weir-model')).toBe('model-b');
  const event = await onlyEventOf(world(), tenant.organizationId);
  expect(event).toMatchObject({ feature: 'summaries', environment: 'production' });
  const development = await ask(tenant, 'feature:summaries', { 'x-weir-environment': 'development' });
  expect(development.headers.get('x-weir-model')).toBe('model-a');
});

test('a feature that is not deployed in the environment is refused by name', async () => {
  const tenant = await createTenant(world().owner);
  const answer = await ask(tenant, 'feature:summaries', { 'x-weir-environment': 'staging' });
  expect(answer.status).toBe(400);
  expect(answer.json.error.weir.code).toBe('model_not_enabled');
  expect(answer.json.error.message).toContain('staging');
});

test('a feature with a prompt sends its approved words and the event names the version', async () => {
  const answer = await exchange(`${world().url}/v1/chat/completions`, {
    key: world().demo.keys.pro,
    body: { model: 'feature:goal_generation', ...says('I want to run.') },
  });
  expect(answer.status).toBe(200);
  expect(JSON.stringify(world().tap.last().json())).toContain('quest with three goals');
  const { rows } = await world().owner.query('select feature, prompt_version_id from weir.usage_events where id = $1', [
    answer.headers.get('x-request-id'),
  ]);
  expect(rows[0]).toMatchObject({ feature: 'goal_generation', prompt_version_id: expect.any(String) });
});

test('auto is the person’s default, else the organization’s, else the platform’s', async () => {
  const tenant = await createTenant(world().owner);
  expect((await ask(tenant, 'auto')).headers.get('x-weir-model')).toBe('gpt-4o-mini');
  await world().owner.query(`update weir.organizations set default_model_id = 'model-a' where id = $1`, [
    tenant.organizationId,
  ]);
  expect((await ask(tenant, 'auto')).headers.get('x-weir-model')).toBe('model-a');
  await world().owner.query(`update weir.profiles set default_model_id = 'model-b' where user_id = $1`, [
    tenant.userId,
  ]);
  const answer = await ask(tenant, 'auto');
  expect(answer.headers.get('x-weir-model')).toBe('model-b');
  expect(answer.headers.get('x-weir-fallback')).toBeNull();
});

test('a persona brings its words, and the person’s override of its model goes before everything', async () => {
  const tenant = await createTenant(world().owner);
  const persona = newId();
  await insertRow(world().owner, 'personas', {
    id: persona,
    slug: 'captain',
    name: 'Captain',
    scope: 'organization',
    organization_id: tenant.organizationId,
    system_prompt: 'You are a captain.',
    default_model_id: 'model-a',
  });
  const byDefault = await ask(tenant, 'auto', { 'x-weir-persona': 'captain' });
  expect(byDefault.headers.get('x-weir-model')).toBe('model-a');
  expect(world().tap.last().json()).toMatchObject({
    messages: [{ role: 'system', content: 'You are a captain.' }, { role: 'user' }],
  });
  await world().owner.query(
    'update weir.profiles set persona_model_overrides = jsonb_build_object($2::text, $3::text) where user_id = $1',
    [tenant.userId, persona, 'model-c'],
  );
  expect((await ask(tenant, 'auto', { 'x-weir-persona': 'captain' })).headers.get('x-weir-model')).toBe('model-c');
});

test('a persona’s own model serves where the override can not, before the person’s default', async () => {
  const tenant = await createTenant(world().owner);
  const persona = newId();
  await insertRow(world().owner, 'personas', {
    ...{ id: persona, slug: 'helmsman', name: 'Helmsman', scope: 'organization' },
    ...{ organization_id: tenant.organizationId, default_model_id: 'model-a' },
  });
  await world().owner.query(
    `update weir.profiles set default_model_id = 'model-b', persona_model_overrides = jsonb_build_object($2::text, 'model-off')
      where user_id = $1`,
    [tenant.userId, persona],
  );
  const answer = await ask(tenant, 'auto', { 'x-weir-persona': 'helmsman' });
  expect(answer.headers.get('x-weir-model')).toBe('model-a');
  expect(answer.headers.get('x-weir-fallback')).toBe('model_disabled');
});

test('a preferred model whose trial is used up falls back, and one still on trial serves', async () => {
  const tenant = await createTenant(world().owner, { organization: { default_model_id: 'model-a' } });
  await world().owner.query(`update weir.profiles set default_model_id = 'model-tried' where user_id = $1`, [
    tenant.userId,
  ]);
  const first = await ask(tenant, 'auto');
  expect([first.headers.get('x-weir-model'), first.headers.get('x-weir-fallback')]).toEqual(['model-tried', null]);
  const second = await ask(tenant, 'auto');
  expect(second.headers.get('x-weir-model')).toBe('model-a');
  expect(second.headers.get('x-weir-fallback')).toBe('trial_exhausted');
});

test.each([
  ['model-off', 'model_disabled'],
  ['model-away', 'model_unavailable'],
  ['model-paid', 'model_locked'],
  ['model-gone', 'model_not_found'],
  ['model-ended', 'model_retired'],
  ['model-stranded', 'model_unavailable'],
])('a preferred %s falls back along the line and the answer says %s', async (preferred, reason) => {
  const tenant = await createTenant(world().owner, { organization: { default_model_id: 'model-a' } });
  await world().owner.query('update weir.profiles set default_model_id = $2 where user_id = $1', [
    tenant.userId,
    preferred,
  ]);
  const answer = await ask(tenant, 'auto');
  expect(answer.status).toBe(200);
  expect(answer.headers.get('x-weir-model')).toBe('model-a');
  expect(answer.headers.get('x-weir-fallback')).toBe(reason);
  expect(await onlyEventOf(world(), tenant.organizationId)).toMatchObject({ model: 'model-a', fallbackUsed: true });
});

test.each([
  ['model-older', 'its replacement'],
  ['model-oldest', 'the replacement of its replacement'],
])('%s is retired: %s answers, and the answer says so', async (asked) => {
  const tenant = await createTenant(world().owner);
  const answer = await ask(tenant, asked);
  expect([answer.status, answer.headers.get('x-weir-model')]).toEqual([200, 'model-b']);
  expect(answer.headers.get('x-weir-fallback')).toBe('model_retired');
  expect(await onlyEventOf(world(), tenant.organizationId)).toMatchObject({ model: 'model-b', fallbackUsed: true });
});

test.each(['model-ended', 'model-lost'])('%s is retired and nothing in service replaces it', async (asked) => {
  const tenant = await createTenant(world().owner);
  const answer = await ask(tenant, asked);
  expect([answer.status, answer.json.error.weir.code]).toEqual([400, 'model_not_enabled']);
  expect(answer.json.error.message).toContain('retired');
});

test('a preferred model that the key may not use falls back too', async () => {
  const tenant = await createTenant(world().owner, {
    organization: { default_model_id: 'model-a' },
    key: { allowed_models: ['gpt-4o-mini'] },
  });
  const answer = await ask(tenant, 'auto');
  expect([answer.status, answer.headers.get('x-weir-model')]).toEqual([200, 'gpt-4o-mini']);
  expect(answer.headers.get('x-weir-fallback')).toBe('model_not_allowed');
});

test('a key that may acts for a member: their preferences, their event', async () => {
  const tenant = await createTenant(world().owner, { key: { can_act_for_members: true } });
  const person = await addPerson(world().owner, tenant.organizationId);
  await world().owner.query(`update weir.profiles set default_model_id = 'model-c' where user_id = $1`, [
    person.userId,
  ]);
  const answer = await ask(tenant, 'auto', { 'x-weir-user': person.userId });
  expect(answer.headers.get('x-weir-model')).toBe('model-c');
  expect(await onlyEventOf(world(), tenant.organizationId)).toMatchObject({ userId: person.userId });
});

test('a key that may not act for members is refused, and a stranger is no member', async () => {
  const tenant = await createTenant(world().owner);
  const person = await addPerson(world().owner, tenant.organizationId);
  const refused = await ask(tenant, 'auto', { 'x-weir-user': person.userId });
  expect([refused.status, refused.json.weir.code]).toEqual([403, 'forbidden']);
  const able = await createTenant(world().owner, { key: { can_act_for_members: true } });
  const foreign = await ask(able, 'auto', { 'x-weir-user': tenant.userId });
  const unknown = await ask(able, 'auto', { 'x-weir-user': newId() });
  const nonsense = await ask(able, 'auto', { 'x-weir-user': "' or 1=1" });
  expect(foreign.status).toBe(404);
  expect(foreign.json.error).toEqual(unknown.json.error);
  expect(nonsense.json.error).toEqual(unknown.json.error);
});

test.each([
  'nothing-like-this',
  'template:nothing',
  'feature:nothing',
  'constructor',
  '__proto__',
  'toString',
  'template:constructor',
  'template:',
  'feature:__proto__',
  'AUTO',
])('an unknown model %s is a 404 that leaves no hold', async (model) => {
  const tenant = await createTenant(world().owner);
  const answer = await ask(tenant, model);
  expect(answer.status).toBe(404);
  expect(answer.json.error).toMatchObject({ type: 'invalid_request_error', param: expect.any(String) });
  expect(world().tap.requests).toEqual([]);
});

test('another organization’s template is as unknown as one that never was', async () => {
  const tenant = await createTenant(world().owner);
  const other = await createTenant(world().owner);
  await addTemplate(world().owner, {
    slug: 'theirs',
    scope: 'organization',
    organization_id: other.organizationId,
    model_id: 'model-a',
  });
  const foreign = await ask(tenant, 'template:theirs');
  const unknown = await ask(tenant, 'template:nobody');
  expect(foreign.status).toBe(404);
  expect(foreign.text.replace('theirs', '').replace(/[0-9a-f-]{36}/g, '')).toBe(
    unknown.text.replace('nobody', '').replace(/[0-9a-f-]{36}/g, ''),
  );
});

test('tags and environment stand on the event, and bad ones are refused by header', async () => {
  const tenant = await createTenant(world().owner);
  await ask(tenant, 'model-a', { 'x-weir-tags': 'team=blue, ticket=42', 'x-weir-environment': 'staging' });
  expect(await onlyEventOf(world(), tenant.organizationId)).toMatchObject({
    tags: { team: 'blue', ticket: '42' },
    environment: 'staging',
  });
  for (const [header, value] of [
    ['x-weir-environment', 'moon'],
    ['x-weir-tags', 'no-value-is-fine,=x'],
    ['x-weir-tags', `a=${'x'.repeat(200)}`],
    ['x-weir-persona', 'p'.repeat(300)],
  ] as const) {
    const answer = await ask(tenant, 'model-a', { [header]: value });
    expect([answer.status, answer.json.error.param]).toEqual([400, header]);
  }
});
