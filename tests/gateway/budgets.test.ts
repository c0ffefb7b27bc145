// Proves: money budgets of every scope hold when hard, never refuse when soft, and count exactly what the events cost.

import { beforeAll, describe, expect, test } from 'vitest';
import { exchange, says } from '../../src/gateway/testing/exchanges.ts';
import { countersOf, eventsOf } from '../../src/gateway/testing/ledger-view.ts';
import {
  addBudget,
  addModel,
  addPerson,
  type Columns,
  createTenant,
  insertRow,
  newId,
  type Tenant,
} from '../../src/gateway/testing/tenants.ts';
import { worldOfFile } from '../../src/gateway/testing/world-of-file.ts';

const world = worldOfFile();
const FEATURE = newId();
/** Cheap enough for tests to buy a little with, dear enough to be seen. */
const CENT = 10_000_000n;

beforeAll(async () => {
  await insertRow(world().owner, 'features', { id: FEATURE, name: 'budgeted', display_name: 'Budgeted' });
  await insertRow(world().owner, 'deployments', {
    id: newId(),
    feature_id: FEATURE,
    environment: 'production',
    model_id: 'sandbox-chat',
  });
  await addModel(world().owner, 'dear', { price: { output_nano_usd_per_million: '100000000000' } });
  await world().inForce();
});

function ask(tenant: Pick<Tenant, 'key'>, model = 'feature:budgeted', content = 'hi') {
  return exchange(`${world().url}/v1/chat/completions`, { key: tenant.key, body: { model, ...says(content) } });
}

async function departmentOf(tenant: Tenant): Promise<string> {
  const id = newId();
  await insertRow(world().owner, 'departments', { id, organization_id: tenant.organizationId, name: 'Research' });
  await world().owner.query('update weir.members set department_id = $2 where user_id = $1', [tenant.userId, id]);
  return id;
}

const SCOPES: readonly [string, (tenant: Tenant) => Promise<Columns>][] = [
  ['organization', async (tenant) => ({ organization_id: tenant.organizationId })],
  [
    'department',
    async (tenant) => ({ organization_id: tenant.organizationId, department_id: await departmentOf(tenant) }),
  ],
  ['feature', async (tenant) => ({ organization_id: tenant.organizationId, feature_id: FEATURE })],
  ['user', async (tenant) => ({ organization_id: tenant.organizationId, user_id: tenant.userId })],
  ['key', async (tenant) => ({ organization_id: tenant.organizationId, virtual_key_id: tenant.keyId })],
];

describe.each(SCOPES)('a budget of scope %s', (scope, columnsOf) => {
  test('hard: refuses with 402 and its name when it has no room, and nothing is retried', async () => {
    const tenant = await createTenant(world().owner);
    const name = `Hard ${scope}`;
    const columns = { ...(await columnsOf(tenant)), name, amount_nano_usd: 10n, scope };
    await addBudget(world().owner, columns);
    await world().inForce();
    const refused = await ask(tenant);
    expect([refused.status, refused.json.error.type]).toEqual([402, 'insufficient_quota']);
    expect(refused.json.weir.code).toBe('budget_exceeded');
    expect(refused.json.weir.meters[0]).toMatchObject({
      meter: 'budget',
      name,
      unit: 'nano_usd',
      limit: 10,
      used: 0,
      window: 'month',
    });
    expect(refused.headers.get('x-should-retry')).toBe('false');
  });

  test('soft: counts past its amount and refuses nobody', async () => {
    const tenant = await createTenant(world().owner);
    const columns = { ...(await columnsOf(tenant)), enforcement: 'soft', amount_nano_usd: 10n, scope };
    const budgetId = await addBudget(world().owner, columns);
    await world().inForce();
    expect((await ask(tenant)).status).toBe(200);
    expect((await ask(tenant)).status).toBe(200);
    const events = await eventsOf(world(), tenant.organizationId);
    const cost = events.reduce((sum, event) => sum + (event.cost ?? 0n), 0n);
    const counters = await countersOf(world().owner, tenant.organizationId);
    expect(counters.find(({ key }) => key.includes(budgetId))).toMatchObject({ used: cost, held: 0n });
    expect(cost).toBeGreaterThan(10n);
  });
});

test('a budget of the whole platform counts every organization’s money and refuses all of them', async () => {
  const budgetId = await addBudget(world().owner, { scope: 'platform', amount_nano_usd: CENT, period: 'daily' });
  await world().inForce();
  const [first, second] = [await createTenant(world().owner), await createTenant(world().owner)];
  await ask(first);
  await ask(second);
  await world().settled();
  const { rows } = await world().owner.query(
    'select used::text, organization_id from weir.counters where starts_with(meter_key, $1)',
    [`budget:${budgetId}`],
  );
  const events = [
    ...(await eventsOf(world(), first.organizationId)),
    ...(await eventsOf(world(), second.organizationId)),
  ];
  const cost = events.reduce((sum, event) => sum + (event.cost ?? 0n), 0n);
  expect(rows).toEqual([{ used: String(cost), organization_id: null }]);
  await world().owner.query('update weir.budgets set amount_nano_usd = 1 where id = $1', [budgetId]);
  await world().inForce();
  expect([(await ask(first)).status, (await ask(second)).status]).toEqual([402, 402]);
  await world().owner.query('delete from weir.budgets where id = $1', [budgetId]);
  await world().inForce();
});

test('a hard budget near its end lowers the upstream’s max_tokens, and is never passed', async () => {
  const tenant = await createTenant(world().owner);
  const budgetId = await addBudget(world().owner, { organization_id: tenant.organizationId, amount_nano_usd: CENT });
  await world().inForce();
  let answers = 0;
  // A thousand output tokens of this model cost ten cents: one cent is a hundred of them.
  for (;;) {
    world().tap.forget();
    if ((await ask(tenant, 'dear', '[[sandbox: tokens=3000]] x')).status !== 200) break;
    answers += 1;
    expect((world().tap.last().json() as { max_tokens: number }).max_tokens).toBeLessThan(101);
    await world().settled();
    const counters = await countersOf(world().owner, tenant.organizationId);
    expect(counters.find(({ key }) => key.includes(budgetId))?.used).toBeLessThanOrEqual(CENT);
  }
  expect(answers).toBeGreaterThan(0);
});

test('of several budgets the tightest one names the answer’s meters, each of them listed', async () => {
  const tenant = await createTenant(world().owner);
  const of = (name: string, columns: Columns) =>
    addBudget(world().owner, { organization_id: tenant.organizationId, name, ...columns });
  await of('Plenty', { amount_nano_usd: 10n ** 12n });
  await of('Short month', { amount_nano_usd: 1n });
  await of('Short day', { amount_nano_usd: 1n, scope: 'user', user_id: tenant.userId, period: 'daily' });
  await world().inForce();
  const { json } = await ask(tenant);
  expect(json.weir.meters.map(({ name }: { name: string }) => name).sort()).toEqual(['Short day', 'Short month']);
});

test('a budget of a person is not another’s', async () => {
  const tenant = await createTenant(world().owner);
  await addBudget(world().owner, {
    organization_id: tenant.organizationId,
    scope: 'user',
    user_id: tenant.userId,
    amount_nano_usd: 1n,
  });
  const other = await addPerson(world().owner, tenant.organizationId);
  await world().inForce();
  expect([(await ask(tenant)).status, (await ask(other)).status]).toEqual([402, 200]);
});

test('a fallback that is dearer than the model itself is covered by what was held', async () => {
  await addModel(world().owner, 'cheap-but-broken', {
    provider_model_id: 'sandbox-chat?status=500',
    fallback_model_ids: ['dear'],
    price: { input_nano_usd_per_million: '1', output_nano_usd_per_million: '1' },
  });
  await world().inForce();
  const tenant = await createTenant(world().owner);
  const budgetId = await addBudget(world().owner, { organization_id: tenant.organizationId, amount_nano_usd: CENT });
  await world().inForce();
  const answer = await ask(tenant, 'cheap-but-broken', '[[sandbox: tokens=3000]] x');
  expect([answer.status, answer.headers.get('x-weir-model')]).toEqual([200, 'dear']);
  const [event] = await eventsOf(world(), tenant.organizationId);
  expect(event).toMatchObject({ model: 'dear', fallbackUsed: true });
  const counters = await countersOf(world().owner, tenant.organizationId);
  expect(counters.find(({ key }) => key.includes(budgetId))).toMatchObject({ used: event?.cost });
  expect(event?.cost).toBeLessThanOrEqual(CENT);
});
