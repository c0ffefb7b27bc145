// Proves: templates, premium models, features and the kill switches are refused and allowed as admission.md says, before anything is held.

import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { exchange, says } from '../../src/gateway/testing/exchanges.ts';
import { eventsOf, onlyEventOf } from '../../src/gateway/testing/ledger-view.ts';
import {
  addModel,
  addPerson,
  addTemplate,
  type Columns,
  createTenant,
  enableTemplate,
  insertRow,
  newId,
  type Tenant,
} from '../../src/gateway/testing/tenants.ts';
import { worldOfFile } from '../../src/gateway/testing/world-of-file.ts';
import { systemClock } from '../../src/primitives/clock.ts';

const world = worldOfFile();
const PREMIUM = { tier: 'premium', price_cents: 299 } as const;
const FEATURE = newId();

beforeAll(async () => {
  const { owner } = world();
  await addModel(owner, 'premium-locked', PREMIUM);
  await addModel(owner, 'premium-trial', { ...PREMIUM, trial_messages_allowed: 2n });
  await insertRow(owner, 'features', { id: FEATURE, name: 'switchable', display_name: 'Switchable' });
  await insertRow(owner, 'deployments', {
    id: newId(),
    feature_id: FEATURE,
    environment: 'production',
    model_id: 'sandbox-chat',
  });
  await world().inForce();
});

afterEach(async () => {
  await world().owner.query(
    `update weir.system_config set value = case key when 'force_default_model' then 'false'::jsonb
      when 'gateway_read_only' then 'false'::jsonb else 'true'::jsonb end`,
  );
  await world().inForce();
});

function ask(tenant: Pick<Tenant, 'key'>, model: string) {
  return exchange(`${world().url}/v1/chat/completions`, { key: tenant.key, body: { model, ...says('hi') } });
}

async function codeOf(tenant: Pick<Tenant, 'key'>, model: string): Promise<[number, string | null]> {
  const { status, json } = await ask(tenant, model);
  return [status, json.weir?.code ?? null];
}

async function setSwitch(key: string, value: boolean): Promise<void> {
  await world().owner.query('update weir.system_config set value = to_jsonb($2::boolean) where key = $1', [key, value]);
  await world().inForce();
}

let count = 0;
async function templateOf(columns: Columns = {}): Promise<{ slug: string; templateId: string }> {
  count += 1;
  const slug = `access-${count}`;
  const templateId = await addTemplate(world().owner, { slug, ...columns });
  await world().inForce();
  return { slug, templateId };
}

describe('a system template', () => {
  test('is for the business types that it names, and to others as unknown as none', async () => {
    const { slug, templateId } = await templateOf({ business_types: ['healthcare'] });
    const software = await createTenant(world().owner);
    const healthcare = await createTenant(world().owner, { organization: { business_type: 'healthcare' } });
    for (const { organizationId } of [software, healthcare])
      await enableTemplate(world().owner, organizationId, { templateId });
    expect((await ask(healthcare, `template:${slug}`)).status).toBe(200);
    const hidden = await ask(software, `template:${slug}`);
    const unknown = await ask(software, 'template:nothing');
    expect(hidden.status).toBe(404);
    expect({ ...hidden.json.error, message: '' }).toEqual({ ...unknown.json.error, message: '' });
  });

  test('needs its plan, and says which', async () => {
    const { slug, templateId } = await templateOf({ required_plan: 'enterprise' });
    const tenant = await createTenant(world().owner);
    await enableTemplate(world().owner, tenant.organizationId, { templateId });
    const refused = await ask(tenant, `template:${slug}`);
    expect([refused.status, refused.json.weir]).toEqual([
      403,
      expect.objectContaining({ code: 'plan_required', required_plan: 'enterprise', plan: 'pro' }),
    ]);
    expect(refused.json.weir.upgrade_url).toBeTruthy();
    await world().owner.query(`update weir.organizations set pricing_plan = 'enterprise' where id = $1`, [
      tenant.organizationId,
    ]);
    await world().inForce();
    expect((await ask(tenant, `template:${slug}`)).status).toBe(200);
  });

  test('is for members only where an admin enabled it, for admins always', async () => {
    const { slug, templateId } = await templateOf();
    const owner = await createTenant(world().owner);
    const member = await addPerson(world().owner, owner.organizationId);
    expect((await ask(owner, `template:${slug}`)).status).toBe(200);
    expect(await codeOf(member, `template:${slug}`)).toEqual([403, 'forbidden']);
    await enableTemplate(world().owner, owner.organizationId, { templateId });
    await world().inForce();
    expect((await ask(member, `template:${slug}`)).status).toBe(200);
  });

  test('that is not active serves nobody', async () => {
    const { slug } = await templateOf({ is_active: false });
    expect(await codeOf(await createTenant(world().owner), `template:${slug}`)).toEqual([400, 'model_not_enabled']);
  });

  test('may serve a premium model that its people have no right to', async () => {
    const { slug, templateId } = await templateOf({ model_id: 'premium-locked' });
    const tenant = await createTenant(world().owner);
    await enableTemplate(world().owner, tenant.organizationId, { templateId });
    expect((await ask(tenant, `template:${slug}`)).status).toBe(200);
  });
});

describe('a premium model', () => {
  test('without any right is locked, and the answer says for how much and where it is bought', async () => {
    const tenant = await createTenant(world().owner);
    const { status, json } = await ask(tenant, 'premium-locked');
    expect(status).toBe(403);
    expect(json.weir).toMatchObject({ code: 'model_locked', price_usd: '2.99', upgrade_url: '/models/premium-locked' });
    expect(json.error.message).toContain('2.99');
  });

  const RIGHTS: readonly [string, (tenant: Tenant) => Columns][] = [
    ['bought by the person', (tenant) => ({ user_id: tenant.userId, source: 'purchase' })],
    ['granted to the organization', (tenant) => ({ organization_id: tenant.organizationId, source: 'admin_grant' })],
    ['given with the plan', (tenant) => ({ organization_id: tenant.organizationId, source: 'plan' })],
    [
      'granted until tomorrow',
      (tenant) => ({
        user_id: tenant.userId,
        source: 'admin_grant',
        expires_at: new Date(systemClock.nowMs() + 86_400_000),
      }),
    ],
  ];
  test.each(RIGHTS)('%s is open and uses no trial', async (_name, right) => {
    const tenant = await createTenant(world().owner);
    await insertRow(world().owner, 'entitlements', { id: newId(), model_id: 'premium-trial', ...right(tenant) });
    await world().inForce();
    for (let call = 0; call < 3; call += 1) expect((await ask(tenant, 'premium-trial')).status).toBe(200);
    const events = await eventsOf(world(), tenant.organizationId);
    expect(events.map((event) => event.trial)).toEqual([false, false, false]);
  });

  test.each([
    ['revoked', { revoked_at: new Date(systemClock.nowMs() - 1000) }],
    ['run out', { granted_at: new Date(0), expires_at: new Date(systemClock.nowMs() - 1000) }],
  ])('whose right is %s is locked again', async (_name, ended) => {
    const tenant = await createTenant(world().owner);
    await insertRow(world().owner, 'entitlements', {
      id: newId(),
      model_id: 'premium-locked',
      user_id: tenant.userId,
      source: 'admin_grant',
      ...ended,
    });
    await world().inForce();
    expect(await codeOf(tenant, 'premium-locked')).toEqual([403, 'model_locked']);
  });

  test('on trial counts down in a header, then says exhausted with the price', async () => {
    const tenant = await createTenant(world().owner);
    const first = await ask(tenant, 'premium-trial');
    const second = await ask(tenant, 'premium-trial');
    expect([first, second].map(({ headers }) => headers.get('x-weir-trial-remaining'))).toEqual(['1', '0']);
    const third = await ask(tenant, 'premium-trial');
    expect(third.status).toBe(403);
    expect(third.json.weir).toMatchObject({ code: 'trial_exhausted', price_usd: '2.99' });
    expect(third.json.weir.meters[0]).toMatchObject({ meter: 'trial', limit: 2, used: 2, held: 0, resets_at: null });
    expect(third.headers.get('retry-after')).toBeNull();
    const other = await addPerson(world().owner, tenant.organizationId);
    expect((await ask(other, 'premium-trial')).status).toBe(200);
  });

  test('on trial gives a message back when the provider fails', async () => {
    const tenant = await createTenant(world().owner);
    const failing = await exchange(`${world().url}/v1/chat/completions`, {
      key: tenant.key,
      body: { model: 'premium-trial', ...says('[[sandbox: status=500]]') },
    });
    expect(failing.status).toBe(502);
    expect(await onlyEventOf(world(), tenant.organizationId)).toMatchObject({ status: 'error', trial: false });
    expect((await ask(tenant, 'premium-trial')).headers.get('x-weir-trial-remaining')).toBe('1');
  });
});

describe('a feature', () => {
  test('that is inactive is 403, in maintenance 503 with Retry-After; nothing is held', async () => {
    const tenant = await createTenant(world().owner);
    const setStatus = async (status: string) => {
      await world().owner.query('update weir.features set status = $1 where id = $2', [status, FEATURE]);
      await world().inForce();
    };
    await setStatus('inactive');
    expect(await codeOf(tenant, 'feature:switchable')).toEqual([403, 'feature_inactive']);
    await setStatus('maintenance');
    const closed = await ask(tenant, 'feature:switchable');
    expect([closed.status, closed.json.weir.code]).toEqual([503, 'feature_maintenance']);
    expect(Number(closed.headers.get('retry-after'))).toBeGreaterThan(0);
    await setStatus('active');
    expect((await ask(tenant, 'feature:switchable')).status).toBe(200);
  });

  test('that costs credits needs a plan with credits', async () => {
    const tenant = await createTenant(world().owner, { organization: { pricing_plan: 'starter' } });
    expect(await codeOf(tenant, 'feature:goal_generation')).toEqual([403, 'plan_required']);
  });
});

describe('a kill switch', () => {
  test('closes system templates', async () => {
    const { slug } = await templateOf();
    await setSwitch('system_templates_enabled', false);
    expect(await codeOf(await createTenant(world().owner), `template:${slug}`)).toEqual([400, 'model_not_enabled']);
  });

  test('closes premium models, bought ones too', async () => {
    const tenant = await createTenant(world().owner);
    await insertRow(world().owner, 'entitlements', {
      id: newId(),
      model_id: 'premium-locked',
      user_id: tenant.userId,
      source: 'purchase',
    });
    await setSwitch('premium_enabled', false);
    expect(await codeOf(tenant, 'premium-locked')).toEqual([403, 'model_locked']);
    expect((await ask(tenant, 'sandbox-chat')).status).toBe(200);
  });

  test('has every call answered by the system default', async () => {
    const tenant = await createTenant(world().owner);
    await setSwitch('force_default_model', true);
    const answer = await ask(tenant, 'premium-locked');
    expect(answer.status).toBe(200);
    expect(answer.headers.get('x-weir-model')).toBe('gpt-4o-mini');
    expect(answer.headers.get('x-weir-fallback')).toBe('default_model_forced');
  });

  test('stops charging: use is recorded, money and credits are not taken', async () => {
    await setSwitch('charging_enabled', false);
    const tenant = await createTenant(world().owner);
    const answer = await ask(tenant, 'sandbox-chat');
    expect(answer.headers.get('x-weir-cost-usd')).toBe('0');
    const event = await onlyEventOf(world(), tenant.organizationId);
    expect(event.cost).toBe(0n);
    expect(event.providerCost).toBeGreaterThan(0n);
  });

  test('closes the gateway with 503 and Retry-After', async () => {
    const tenant = await createTenant(world().owner);
    await setSwitch('gateway_read_only', true);
    const answer = await ask(tenant, 'sandbox-chat');
    expect(answer.status).toBe(503);
    expect(answer.headers.get('retry-after')).toBeTruthy();
    expect((await exchange(`${world().url}/v1/models`, { key: tenant.key })).status).toBe(200);
  });
});
