// Proves: the way of a system template: a superadmin makes it, an admin of an organization that it is for switches it on, knowing whom that concerns, a member uses it
// to the limit, and again when the window rolls, with no job run meanwhile; switched off, it is gone at once. Each step by the API over real HTTP; the time moves.

import { beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/primitives/clock.ts';
import type { ApiAnswer } from '../../src/server/testing/api-person.ts';
import { PATIENCE_MS } from '../../src/server/testing/calls.ts';
import { callModel, chatOutcome, dataOf, journeyOfFile, listedModels, type Traveller } from './journey-world.ts';

const DAY_MS = 86_400_000;
/** Generous: it says nothing of how long things take. */
const PATIENCE = { timeout: PATIENCE_MS } as const;
const SLUG = 'shelf-writer';
const CALLED = `template:${SLUG}`;
const LIMIT = 100_000;
const PROMPT = '[[sandbox: tokens=100]] A label for oat milk';

let aheadMs = 0;
const world = journeyOfFile({ aheadMs: () => aheadMs });
const nowMs = (): number => systemClock.nowMs() + aheadMs;

interface Place {
  readonly owner: Traveller;
  readonly key: string;
}

let root: Traveller;
let shop: Place;
/** Of another type. */
let bank: Place;
/** Of the type, on a lower plan. */
let kiosk: Place;
/** A member of the shop, with a key of her own. */
let bea: Traveller;
let key = '';
let id = 0;
beforeAll(async () => {
  // Noon of tomorrow: no window ends before it is made to.
  aheadMs = 1.5 * DAY_MS - (systemClock.nowMs() % DAY_MS);
  root = await world().superadmin();
  shop = await found('Shop', 'retail', 'pro');
  bank = await found('Bank', 'finance', 'pro');
  kiosk = await found('Kiosk', 'retail', 'free');
  bea = await world().arriveInvited(shop.owner, 'Bea', 'bea@templates.example');
  key = await keyOf(bea);
});

async function found(name: string, businessType: string, plan: string): Promise<Place> {
  const owner = await world().arrive(name, `${name.toLowerCase()}@templates.example`);
  const place = { name, business_type: businessType };
  const made = dataOf(await owner.request('POST', '/api/organizations', { body: place }), 201);
  dataOf(await root.request('PUT', `/api/admin/organizations/${made.id}`, { body: { pricing_plan: plan } }));
  return { owner, key: await keyOf(owner) };
}

const keyOf = async (who: Traveller): Promise<string> =>
  dataOf(await who.request('POST', '/api/api-keys', { body: { name: 'My key' } }), 201).secret;

const BASE = '/api/system-models';
const set = async (path: string, body?: object): Promise<ApiAnswer['body']> =>
  dataOf(await shop.owner.request('POST', `${BASE}/${id}/${path}`, body === undefined ? {} : { body }));
const statusOf = async (who: Traveller, path: string): Promise<number> => (await who.request('GET', path)).status;
const slugsOf = async (who: Traveller, path: string): Promise<string[]> =>
  dataOf(await who.request('GET', `${path}?limit=100`)).map(({ slug }: { slug: string }) => slug);
const shown = async () =>
  dataOf(await bea.request('GET', '/api/templates?limit=100')).find(({ slug }: { slug: string }) => slug === SLUG);
const usage = async () => (await shown()).usage;
/** The same once nothing is under way: an answer is told before its settlement is booked. */
const settled = async () => {
  await expect.poll(async () => (await usage()).held, PATIENCE).toBe(0);
  return usage();
};
const use = (by = key) => callModel(world(), by, { model: CALLED, prompt: PROMPT });
const talk = (who = bea) => chatOutcome(who, { message: PROMPT, templateId: id });

async function expectGone(who: Traveller, by: string): Promise<void> {
  expect(await slugsOf(who, '/api/templates')).not.toContain(SLUG);
  expect(await statusOf(who, `/api/templates/${id}`)).toBe(404);
  expect(await listedModels(world(), by)).not.toContain(CALLED);
  expect(await talk(who)).toMatchObject({ status: 404, data: { code: 'not_found' } });
}

describe('a system template', () => {
  it('is made by a superadmin for one business type and the plans from pro', async () => {
    const body = {
      ...{ name: 'Shelf writer', role: 'Writer', system_message: 'You write labels.', model_id: 'sandbox-chat' },
      ...{ business_types: ['retail'], required_plan: 'pro' },
      ...{ token_limit_period: 'daily', token_limit_amount: LIMIT },
    };
    expect((await shop.owner.request('POST', BASE, { body })).status).toBe(403);
    const made = dataOf(await root.request('POST', BASE, { body }), 201);
    expect(made).toMatchObject({ slug: SLUG, is_active: true, is_featured: false });
    id = made.id;
  });

  it('is there for the admin of a matching organization; for another type and a lower plan there is none', async () => {
    expect(await slugsOf(shop.owner, BASE)).toContain(SLUG);
    expect(dataOf(await shop.owner.request('GET', `${BASE}/${id}`)).is_enabled_for_users).toBe(false);
    for (const { owner, key: strange } of [bank, kiosk]) {
      expect(await slugsOf(owner, BASE)).not.toContain(SLUG);
      expect(await statusOf(owner, `${BASE}/${id}`)).toBe(404);
      for (const act of ['enable', 'enable?dry_run=true', 'disable'])
        expect((await owner.request('POST', `${BASE}/${id}/${act}`)).status).toBe(404);
      await expectGone(owner, strange);
    }
    await expect.poll(async () => (await use(kiosk.key)).code, PATIENCE).toBe('plan_required');
    expect((await use(kiosk.key)).weir).toMatchObject({ required_plan: 'pro', upgrade_url: '/billing/plans' });
    expect(await use(bank.key)).toMatchObject({ status: 404, code: 'model_not_found' });
  });

  it('is switched on by the admin, who is told first how many that concerns', async () => {
    await expectGone(bea, key);
    expect(await use()).toMatchObject({ status: 403, code: 'forbidden' });
    expect(await set('enable?dry_run=true')).toMatchObject({ dry_run: true, changed: false, people_affected: 1 });
    await expectGone(bea, key);
    expect(await set('enable')).toMatchObject({ dry_run: false, changed: true, people_affected: 1 });
    expect(await shown()).toMatchObject({
      ...{ scope: 'system', call_as: CALLED, is_usable: true, unusable_reason: null },
      usage: { used: 0, held: 0, limit: LIMIT, period: 'daily', percent: 0, warning_level: 'none' },
    });
    const { resets_at: resetsAt } = await usage();
    expect([Date.parse(resetsAt) % DAY_MS, Date.parse(resetsAt) > nowMs()]).toEqual([0, true]);
    await expect.poll(() => listedModels(world(), key), PATIENCE).toContain(CALLED);
  });

  it('answers the member at the gateway and in a chat, and both count', async () => {
    const answer = await use();
    expect([answer.status, answer.headers.get('x-weir-model')]).toEqual([200, 'sandbox-chat']);
    await expect.poll(async () => (await usage()).used, PATIENCE).toBeGreaterThan(100);
    const { used } = await settled();
    expect(await talk()).toMatchObject({ status: 200, event: 'done', data: { code: null } });
    await expect.poll(async () => (await usage()).used, PATIENCE).toBeGreaterThan(used + 100);
    expect(await settled()).toMatchObject({ percent: 0, warning_level: 'none' });
  });

  it.each([
    [50, 'notice'],
    [80, 'warning'],
    [90, 'high'],
  ])('warns the member from %i per cent of the limit that the admin sets for each: %s', async (percent, level) => {
    const { used } = await settled();
    const limit = Math.floor((used * 100) / percent);
    expect(await set('set-limit?dry_run=true', { token_limit_per_user: limit })).toMatchObject({
      dry_run: true,
      impact: { period: 'daily', proposed_limit: limit, people_above: 0 },
    });
    expect(await set('set-limit', { token_limit_per_user: limit })).toMatchObject({ token_limit_per_user: limit });
    expect(await usage()).toMatchObject({ used, limit, percent, warning_level: level });
    expect((await shown()).is_usable).toBe(true);
  });

  it('is used up to that limit, and then refused with what was used and when it is whole again', async () => {
    const { used } = await settled();
    const limit = used + 500;
    await set('set-limit', { token_limit_per_user: limit });
    await expect.poll(inForceLimit, PATIENCE).toBe(limit);
    let refused = await use();
    for (let calls = 1; refused.status === 200; calls += 1) {
      expect(calls).toBeLessThan(10);
      refused = await use();
    }
    const left = await settled();
    expect(refused).toMatchObject({ status: 429, code: 'user_limit_exceeded' });
    expect(refused.weir.meters).toMatchObject([
      { meter: 'template_limit', name: SLUG, used: left.used, limit, resets_at: left.resets_at },
    ]);
    expect(refused.message).toMatch(/^Your limit on the template shelf-writer (is used up|leaves \d+ tokens)/);
    expect(left.used).toBeLessThanOrEqual(limit);
    expect(left.used).toBeGreaterThan(used + 300);
  });

  it('is locked at a limit of what is used, and says so in the list, at the gateway and in a chat', async () => {
    const { used, resets_at: resetsAt } = await usage();
    const order = { token_limit_per_user: used };
    expect((await set('set-limit?dry_run=true', order)).impact).toMatchObject({
      ...{ proposed_limit: used, people_above: 1, people: [{ id: bea.id, tokens: used }], resets_at: resetsAt },
    });
    await set('set-limit', order);
    expect(await shown()).toMatchObject({
      ...{ is_usable: false, unusable_reason: 'limit_reached' },
      usage: { used, limit: used, percent: 100, warning_level: 'exceeded' },
    });
    const meters = [{ meter: 'template_limit', used, limit: used, resets_at: resetsAt }];
    const refused = await use();
    expect(refused).toMatchObject({ status: 429, code: 'user_limit_exceeded', weir: { meters } });
    expect(refused.message).toContain(`Your limit on the template ${SLUG} is used up.`);
    expect(Number(refused.headers.get('retry-after'))).toBeLessThanOrEqual(DAY_MS / 1_000);
    expect(await talk()).toMatchObject({ status: 429, data: { code: 'user_limit_exceeded', meters } });
    const refusals = async () => dataOf(await shop.owner.request('GET', `${BASE}/${id}/usage`)).totals.denied;
    await expect.poll(refusals, PATIENCE).toBeGreaterThanOrEqual(3);
    const { rows } = dataOf(await shop.owner.request('GET', '/api/usage/organization?group_by=template&status=denied'));
    expect(rows).toContainEqual(expect.objectContaining({ key: SLUG, label: 'Shelf writer' }));
  });

  it('works again when the window rolls, though no job runs, up to the same limit', async () => {
    const { used: before, resets_at: resetsAt } = await usage();
    aheadMs = Date.parse(resetsAt) - systemClock.nowMs() + 60_000;
    expect(await shown()).toMatchObject({
      ...{ is_usable: true, unusable_reason: null },
      usage: { used: 0, limit: before, percent: 0, warning_level: 'none' },
    });
    expect(Date.parse((await usage()).resets_at)).toBe(Date.parse(resetsAt) + DAY_MS);
    expect((await use()).status).toBe(200);
    expect(await talk()).toMatchObject({ status: 200, event: 'done' });
    await expect.poll(async () => (await usage()).used, PATIENCE).toBeGreaterThan(200);
    expect((await settled()).used).toBeLessThanOrEqual(before);
    const jobs: { last_run: unknown }[] = dataOf(await root.request('GET', '/api/admin/jobs'));
    expect(jobs.filter(({ last_run: run }) => run !== null)).toEqual([]);
  });

  it('that is switched off is gone at once; what was used is not forgotten when it is on again', async () => {
    const { used } = await settled();
    expect(await set('disable?dry_run=true')).toMatchObject({ people_affected: 1, people_with_use: 1, changed: false });
    expect((await use()).status).toBe(200);
    expect(await set('disable')).toMatchObject({ is_enabled_for_users: false, people_affected: 1, changed: true });
    expect(await use()).toMatchObject({ status: 403, code: 'forbidden' });
    await expectGone(bea, key);
    await set('enable');
    expect((await settled()).used).toBeGreaterThan(used);
  });
});

/** The limit that the gateway holds the member to, asked without a call. */
async function inForceLimit(): Promise<number | undefined> {
  const response = await fetch(`${world().url}/v1/admission/explain`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ model: CALLED, messages: [{ role: 'user', content: PROMPT }] }),
  });
  const { meters } = (await response.json()) as { meters: { meter: string; limit: number }[] };
  return meters.find(({ meter }) => meter === 'template_limit')?.limit;
}
