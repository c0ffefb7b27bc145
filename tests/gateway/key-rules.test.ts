// Proves: what a key, its organization and its person may not do is refused before anything is held, with the right code.

import { describe, expect, test } from 'vitest';
import { ONLY_WHEN_TOLD } from '../../src/gateway/snapshot/testing/snapshot-world.ts';
import { exchange, says } from '../../src/gateway/testing/exchanges.ts';
import { countersOf, eventsOf } from '../../src/gateway/testing/ledger-view.ts';
import { addKey, addPerson, type Columns, createTenant, type Tenant } from '../../src/gateway/testing/tenants.ts';
import { worldOfFile } from '../../src/gateway/testing/world-of-file.ts';
import { systemClock } from '../../src/primitives/clock.ts';

// Nothing asks the database by itself: queries are counted.
const world = worldOfFile({ snapshotLimits: ONLY_WHEN_TOLD });
const DAY_MS = 86_400_000;
const fromNow = (ms: number): Date => new Date(systemClock.nowMs() + ms);

function ask(key: string, model = 'sandbox-chat', headers: Record<string, string> = {}) {
  return exchange(`${world().url}/v1/chat/completions`, { key, headers, body: { model, ...says('hi') } });
}

async function keyWith(columns: Columns): Promise<Tenant> {
  return createTenant(world().owner, { key: columns });
}

const REFUSED: readonly { name: string; key: () => Columns; status: number; code: string }[] = [
  { name: 'a revoked key', key: () => ({ revoked_at: fromNow(-1) }), status: 401, code: 'revoked_key' },
  { name: 'an expired key', key: () => ({ expires_at: fromNow(-1) }), status: 401, code: 'expired_key' },
  { name: 'a rotated key past its grace', key: () => ({ grace_until: fromNow(-1) }), status: 401, code: 'expired_key' },
  { name: 'a key from elsewhere', key: () => ({ ip_ranges: ['10.0.0.0/8'] }), status: 403, code: 'ip_not_allowed' },
  { name: 'a key for no address', key: () => ({ ip_ranges: [] }), status: 403, code: 'ip_not_allowed' },
  { name: 'a key for IPv6 alone', key: () => ({ ip_ranges: ['2001:db8::/32'] }), status: 403, code: 'ip_not_allowed' },
  { name: 'a key for other routes', key: () => ({ allowed_routes: ['messages'] }), status: 403, code: 'forbidden' },
  { name: 'a key for other models', key: () => ({ allowed_models: ['gpt-4o-mini'] }), status: 403, code: 'forbidden' },
  { name: 'a key for no model', key: () => ({ allowed_models: [] }), status: 403, code: 'forbidden' },
];

describe('refused', () => {
  test.each(REFUSED)('$name, before any meter is touched', async ({ key, status, code }) => {
    const tenant = await keyWith(key());
    const answer = await ask(tenant.key);
    expect([answer.status, answer.json.weir.code]).toEqual([status, code]);
    expect(answer.headers.get('x-should-retry')).toBe('false');
    expect(await countersOf(world().owner, tenant.organizationId)).toEqual([]);
    expect(world().tap.requests).toEqual([]);
  });

  const WRONG_KEYS: readonly [string, string][] = [
    ['no key', ''],
    ['an empty bearer', ' '],
    ['another prefix', `sk-proj-${'a'.repeat(46)}`],
    ['another length', 'wr_test_abc'],
    ['another checksum', `wr_test_${'a'.repeat(46)}`],
    ['letters that no key has', `wr_test_${'ä'.repeat(10)}`],
  ];
  test.each(WRONG_KEYS)('%s, with no query', async (_name, key) => {
    let queries = 0;
    const count = () => {
      queries += 1;
    };
    world().database.pool.on('acquire', count);
    const answer = await exchange(`${world().url}/v1/chat/completions`, {
      key: '',
      headers: key === '' ? {} : { 'x-api-key': encodeURI(key) },
      body: { model: 'sandbox-chat', ...says('hi') },
    });
    world().database.pool.off('acquire', count);
    expect(answer.status).toBe(401);
    expect(queries).toBe(0);
  });

  test('a well-formed key that nobody has: asked for once, then from memory', async () => {
    const tenant = await createTenant(world().owner);
    await world().owner.query('delete from weir.virtual_keys where id = $1', [tenant.keyId]);
    let queries = 0;
    const count = () => {
      queries += 1;
    };
    world().database.pool.on('acquire', count);
    const statuses = [];
    for (let round = 0; round < 5; round += 1) statuses.push((await ask(tenant.key)).status);
    world().database.pool.off('acquire', count);
    expect(statuses).toEqual([401, 401, 401, 401, 401]);
    expect(queries).toBeLessThanOrEqual(1);
  });

  test('two different keys in two headers', async () => {
    const tenant = await createTenant(world().owner);
    const other = await createTenant(world().owner);
    const answer = await ask(tenant.key, 'sandbox-chat', { 'x-api-key': other.key });
    expect([answer.status, answer.json.error.code]).toEqual([401, 'invalid_api_key']);
    expect((await ask(tenant.key, 'sandbox-chat', { 'x-api-key': tenant.key })).status).toBe(200);
  });
});

describe('allowed', () => {
  const ALLOWED: readonly [string, () => Columns][] = [
    ['a key up to its expiry', () => ({ expires_at: fromNow(DAY_MS) })],
    ['a rotated key within its grace', () => ({ grace_until: fromNow(DAY_MS) })],
    ['a key from its own range', () => ({ ip_ranges: ['127.0.0.0/8', '10.0.0.0/8'] })],
    ['a key for this route', () => ({ allowed_routes: ['chat_completions'] })],
    ['a key for this model', () => ({ allowed_models: ['sandbox-chat'] })],
  ];
  test.each(ALLOWED)('%s', async (_name, columns) => {
    expect((await ask((await keyWith(columns())).key)).status).toBe(200);
  });

  test('a service key, whose calls are nobody’s', async () => {
    const tenant = await createTenant(world().owner);
    const { key } = await addKey(world().owner, tenant.organizationId);
    expect((await ask(key)).status).toBe(200);
    const [event] = await eventsOf(world(), tenant.organizationId);
    expect(event?.userId).toBeNull();
  });
});

test('an expired key lists no models and is explained nothing', async () => {
  const tenant = await keyWith({ expires_at: fromNow(-1) });
  const listed = await exchange(`${world().url}/v1/models`, { key: tenant.key });
  const explained = await exchange(`${world().url}/v1/admission/explain`, {
    key: tenant.key,
    body: { model: 'sandbox-chat', ...says('hi') },
  });
  expect([listed.status, explained.status]).toEqual([401, 401]);
});

test('a suspended organization is refused everywhere, and its refusal is on record', async () => {
  const tenant = await createTenant(world().owner, { organization: { status: 'suspended' } });
  const answer = await ask(tenant.key);
  expect([answer.status, answer.json.weir.code]).toEqual([403, 'organization_suspended']);
  const [event] = await eventsOf(world(), tenant.organizationId);
  expect(event).toMatchObject({ status: 'denied', errorCode: 'organization_suspended', cost: 0n, input: 0n });
});

test('a paused member is refused until the pause is over; others are not', async () => {
  const tenant = await createTenant(world().owner);
  const paused = await addPerson(world().owner, tenant.organizationId, {
    member: { status: 'paused', paused_until: fromNow(DAY_MS) },
  });
  const back = await addPerson(world().owner, tenant.organizationId, {
    member: { status: 'paused', paused_until: fromNow(-1) },
  });
  const refused = await ask(paused.key);
  expect([refused.status, refused.json.weir.code]).toEqual([403, 'member_paused']);
  expect((await ask(back.key)).status).toBe(200);
  expect((await ask(tenant.key)).status).toBe(200);
});

test('a banned person is refused in every organization', async () => {
  const tenant = await createTenant(world().owner);
  await world().owner.query('update weir.users set banned = true where id = $1', [tenant.userId]);
  expect((await ask(tenant.key)).json.weir.code).toBe('member_paused');
});

test('a key whose owner has left is gone', async () => {
  const tenant = await createTenant(world().owner);
  const person = await addPerson(world().owner, tenant.organizationId);
  expect((await ask(person.key)).status).toBe(200);
  await world().owner.query('delete from weir.members where user_id = $1', [person.userId]);
  expect((await ask(person.key)).status).toBe(401);
});

test('an allow-list of features refuses other features; a key for a feature opens no model by name', async () => {
  const allowed = await keyWith({ allowed_features: ['goal_generation'] });
  const other = await keyWith({ allowed_features: [] });
  expect((await ask(allowed.key, 'feature:goal_generation')).status).toBe(200);
  const refused = await ask(other.key, 'feature:goal_generation');
  expect([refused.status, refused.json.weir.code]).toEqual([403, 'forbidden']);
  expect((await ask(other.key, 'sandbox-chat', { 'x-weir-feature': 'goal_generation' })).status).toBe(403);
  expect((await ask(other.key)).status).toBe(200);
  expect((await ask(allowed.key)).status).toBe(403);
});

test('an allow-list of templates allows them by name, whatever their model', async () => {
  const key = { allowed_templates: ['quick-summary'], allowed_models: [] };
  const tenant = await createTenant(world().owner, { key });
  expect((await ask(tenant.key, 'template:quick-summary')).status).toBe(200);
  const refused = await ask(tenant.key, 'template:competitor-brief');
  expect([refused.status, refused.json.weir.code]).toEqual([403, 'forbidden']);
});

test('the list of models shows no more than the key may call', async () => {
  const tenant = await keyWith({ allowed_models: ['sandbox-chat'], allowed_templates: [] });
  const { json } = await exchange(`${world().url}/v1/models`, { key: tenant.key });
  expect(json.data.map((model: { id: string }) => model.id)).toEqual(['sandbox-chat']);
});
