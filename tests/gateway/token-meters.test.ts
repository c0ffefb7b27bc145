// Proves: the organization's quota and the limits of templates hold to the token, shrink answers near their end, and reset with their window.

import { describe, expect, test } from 'vitest';
import { exchange, says } from '../../src/gateway/testing/exchanges.ts';
import { countersOf, eventsOf } from '../../src/gateway/testing/ledger-view.ts';
import {
  addPerson,
  addTemplate,
  type Columns,
  createTenant,
  enableTemplate,
  type Tenant,
} from '../../src/gateway/testing/tenants.ts';
import { worldOfFile } from '../../src/gateway/testing/world-of-file.ts';
import { systemClock } from '../../src/primitives/clock.ts';
import { untilNoonMs } from '../../src/primitives/testing/noon.ts';

let offsetMs = untilNoonMs(systemClock.nowMs());
const world = worldOfFile({ ledgerOffsetMs: () => offsetMs });

interface Wish {
  readonly model?: string;
  readonly max_tokens?: number;
  readonly content?: string;
}

function ask(tenant: Pick<Tenant, 'key'>, { content = '[[sandbox: tokens=5000]] x', ...wish }: Wish = {}) {
  return exchange(`${world().url}/v1/chat/completions`, {
    key: tenant.key,
    body: { model: 'sandbox-chat', ...wish, ...says(content) },
  });
}

/** Moves the ledger's time to an instant, or leaves it when it is past it. */
async function moveTo(instantMs: number): Promise<void> {
  await world().settled();
  offsetMs += Math.max(0, instantMs - world().store.nowMs());
}

describe('the organization’s quota', () => {
  test('lowers the upstream’s max_tokens near its end, and is never passed', async () => {
    const limit = 900n;
    const tenant = await createTenant(world().owner, { organization: { token_quota_monthly: limit } });
    let answers = 0;
    for (;;) {
      world().tap.forget();
      const { status, json } = await ask(tenant);
      if (status !== 200) break;
      answers += 1;
      const sent = world().tap.last().json() as { max_tokens: number };
      expect(sent.max_tokens).toBeLessThan(Number(limit));
      expect(json.usage.completion_tokens).toBeLessThanOrEqual(sent.max_tokens);
      expect(json.choices[0].finish_reason).toBe('length');
      await world().settled();
      const [quota] = await countersOf(world().owner, tenant.organizationId);
      expect(quota?.used).toBeLessThanOrEqual(limit);
    }
    expect(answers).toBeGreaterThan(0);
    const events = await eventsOf(world(), tenant.organizationId);
    expect(events.every((event) => event.overruns === null || event.overruns.every((over) => over === 0n))).toBe(true);
  });

  test('refuses with the meter, its reset, and nothing to retry', async () => {
    const tenant = await createTenant(world().owner, { organization: { token_quota_monthly: 40n } });
    const { status, json, headers } = await ask(tenant);
    expect(status).toBe(429);
    expect(json.error).toMatchObject({ type: 'insufficient_quota', code: 'organization_quota_exceeded' });
    const [meter] = json.weir.meters;
    expect(meter).toMatchObject({
      meter: 'organization_quota',
      unit: 'tokens',
      window: 'month',
      limit: 40,
      used: 0,
      held: 0,
    });
    expect(meter.asked).toBeGreaterThan(40);
    const reset = new Date(meter.resets_at);
    expect([reset.getUTCDate(), reset.getUTCHours(), reset.getUTCMinutes()]).toEqual([1, 0, 0]);
    const seconds = (reset.getTime() - world().store.nowMs()) / 1000;
    expect(Math.abs(Number(headers.get('retry-after')) - seconds)).toBeLessThan(60);
    expect(headers.get('x-should-retry')).toBe('false');
  });

  test('of the plan holds where the organization has none, its own goes before', async () => {
    const own = await createTenant(world().owner, { organization: { pricing_plan: 'free', token_quota_monthly: 10n } });
    const plan = await createTenant(world().owner, { organization: { pricing_plan: 'free' } });
    const unlimited = await createTenant(world().owner, { organization: { pricing_plan: 'enterprise' } });
    const explained = async (tenant: Tenant) => {
      const { json } = await exchange(`${world().url}/v1/admission/explain`, {
        key: tenant.key,
        body: { model: 'sandbox-chat', ...says('x') },
      });
      return json.meters.find(({ meter }: { meter: string }) => meter === 'organization_quota').limit;
    };
    expect([await explained(own), await explained(plan), await explained(unlimited)]).toEqual([10, 100_000, null]);
  });

  test('less than a useful answer left is refused; a caller who asks for little gets it', async () => {
    const tenant = await createTenant(world().owner, { organization: { token_quota_monthly: 60n } });
    expect((await ask(tenant, { content: 'x' })).status).toBe(200);
    await world().settled();
    const { rows } = await world().owner.query(
      `select used::int as used from weir.counters where organization_id = $1`,
      [tenant.organizationId],
    );
    await world().owner.query('update weir.organizations set token_quota_monthly = $2 where id = $1', [
      tenant.organizationId,
      rows[0].used + 20,
    ]);
    await world().inForce();
    expect((await ask(tenant, { content: 'x' })).status).toBe(429);
    const little = await ask(tenant, { content: 'x', max_tokens: 3 });
    expect(little.status).toBe(200);
    expect(little.json.usage.completion_tokens).toBeLessThanOrEqual(3);
  });

  test('is there again in the next month without any job', async () => {
    const tenant = await createTenant(world().owner, { organization: { token_quota_monthly: 300n } });
    while ((await ask(tenant)).status === 200) await world().settled();
    const refused = await ask(tenant);
    expect(refused.status).toBe(429);
    await moveTo(Date.parse(refused.json.weir.meters[0].resets_at));
    expect((await ask(tenant)).status).toBe(200);
    await world().settled();
    const counters = await countersOf(world().owner, tenant.organizationId);
    expect(counters.map(({ kind }) => kind)).toEqual(['organization_quota', 'organization_quota']);
  });
});

const PERIODS = ['daily', 'weekly', 'monthly'] as const;

async function limitedTemplate(slug: string, columns: Columns = {}, config: Columns = {}) {
  const templateId = await addTemplate(world().owner, { slug, ...columns });
  const tenant = await createTenant(world().owner);
  await enableTemplate(world().owner, tenant.organizationId, { templateId, ...config });
  await world().inForce();
  return tenant;
}

describe('a template’s limit', () => {
  test.each(PERIODS)('%s: holds per person, says when it resets, and resets then', async (period) => {
    const model = `template:limited-${period}`;
    const limit = { token_limit_period: period, token_limit_amount: 250n };
    const tenant = await limitedTemplate(`limited-${period}`, limit);
    while ((await ask(tenant, { model })).status === 200) await world().settled();
    const refused = await ask(tenant, { model });
    expect([refused.status, refused.json.weir.code]).toEqual([429, 'user_limit_exceeded']);
    const [meter] = refused.json.weir.meters;
    expect(meter).toMatchObject({ meter: 'template_limit', name: `limited-${period}`, limit: 250 });
    expect(meter.used).toBeLessThanOrEqual(250);
    const reset = new Date(meter.resets_at);
    expect(reset.getTime() % 86_400_000).toBe(0);
    if (period === 'weekly') expect(reset.getUTCDay()).toBe(1);
    if (period === 'monthly') expect(reset.getUTCDate()).toBe(1);
    const other = await addPerson(world().owner, tenant.organizationId);
    expect((await ask(other, { model })).status).toBe(200);
    await moveTo(reset.getTime());
    expect((await ask(tenant, { model })).status).toBe(200);
  });

  test('of the organization goes before the template’s', async () => {
    const limit = { token_limit_period: 'daily', token_limit_amount: 100_000n };
    const tenant = await limitedTemplate('tightened', limit, { token_limit_per_user: 10n });
    const refused = await ask(tenant, { model: 'template:tightened' });
    expect(refused.json.weir.meters[0]).toMatchObject({ meter: 'template_limit', limit: 10 });
  });

  test('does not hold for a free template, which counts on no token meter', async () => {
    const tenant = await limitedTemplate('gratis', { is_free: true });
    await world().owner.query('update weir.organizations set token_quota_monthly = 1 where id = $1', [
      tenant.organizationId,
    ]);
    await world().inForce();
    expect((await ask(tenant, { model: 'template:gratis', content: 'x' })).status).toBe(200);
    const [event] = await eventsOf(world(), tenant.organizationId);
    expect(event?.output).toBeGreaterThan(0n);
    expect(await countersOf(world().owner, tenant.organizationId)).toEqual([]);
  });
});

test('what a template adds beside its words counts before the call leaves: tools, a schema', async () => {
  const { owner } = world();
  const tenant = await createTenant(owner, { organization: { token_quota_monthly: 1_500n } });
  const described = { name: 'look', description: 'Looks something up. '.repeat(100), parameters: { type: 'object' } };
  const parameters = JSON.stringify({ tools: [{ type: 'function', function: described }] });
  const templateId = await addTemplate(owner, { slug: 'with-tools', parameters });
  await enableTemplate(owner, tenant.organizationId, { templateId });
  await world().inForce();
  const { status, json } = await ask(tenant, { model: 'template:with-tools', max_tokens: 10 });
  expect([status, json.weir.code]).toEqual([429, 'organization_quota_exceeded']);
  expect(world().tap.requests).toHaveLength(0);
});

test('every failing meter is named in one answer, the organization’s quota first', async () => {
  const limit = { token_limit_period: 'daily', token_limit_amount: 5n };
  const tenant = await limitedTemplate('twice-short', limit);
  await world().owner.query('update weir.organizations set token_quota_monthly = 5 where id = $1', [
    tenant.organizationId,
  ]);
  await world().inForce();
  const { json } = await ask(tenant, { model: 'template:twice-short' });
  expect(json.weir.code).toBe('organization_quota_exceeded');
  expect(json.weir.meters.map(({ meter }: { meter: string }) => meter)).toEqual([
    'organization_quota',
    'template_limit',
  ]);
});

test('an input whose bound has no room is counted exactly before it is refused', async () => {
  const tenant = await createTenant(world().owner, { organization: { token_quota_monthly: 400n } });
  // 900 letters are 900 bytes, but far fewer tokens.
  const { status, json } = await ask(tenant, { content: 'internationalization '.repeat(43), max_tokens: 40 });
  expect([status, json.error]).toEqual([200, undefined]);
  expect(json.usage.prompt_tokens).toBeLessThan(360);
});
