// Proves: the way of a model through the catalog: made with a price, listed, used and paid for by it, switched off, in its place the default, premium, granted, taken
// back. Each step by the API over real HTTP; the portal's list, the gateway's list and what answers are the same all along.

import { beforeAll, describe, expect, it } from 'vitest';
import { PATIENCE_MS } from '../../src/server/testing/calls.ts';
import {
  type CallOutcome,
  callModel,
  chatOutcome,
  dataOf,
  journeyOfFile,
  listedModels,
  type Traveller,
} from './journey-world.ts';

/** Generous: it says nothing of how long things take. */
const PATIENCE = { timeout: PATIENCE_MS } as const;
const MODEL = 'atlas-1';
const DEFAULT = 'gpt-4o-mini';
const PRICE = { inputUsdPerMillion: '2', outputUsdPerMillion: '10' } as const;

const world = journeyOfFile();
let root: Traveller;
let ada: Traveller;
let key = '';
beforeAll(async () => {
  [root, ada] = [await world().superadmin(), await world().arrive('Ada', 'ada@catalog.example')];
  dataOf(await ada.request('POST', '/api/organizations', { body: { name: 'Acme' } }), 201);
  key = dataOf(await ada.request('POST', '/api/api-keys', { body: { name: 'First key' } }), 201).secret;
});

const administer = (act: string) => root.request('POST', `/api/admin/models/${MODEL}/${act}`);
const call = (model: string): Promise<CallOutcome> => callModel(world(), key, { model });
/** What answers who names no model, and why it is not the one preferred. */
const served = async () => {
  const { headers } = await call('auto');
  return [headers.get('x-weir-model'), headers.get('x-weir-fallback')];
};
const chatted = async () => {
  const { data } = await chatOutcome(ada, { message: 'Hello, Weir' });
  return [data.model, data.fallback];
};
/** Where the portal shows the model: its part of the list, with the offer; null: nowhere. */
async function offered() {
  const { free, premium } = dataOf(await ada.request('GET', '/api/models'));
  for (const [tier, offers] of Object.entries({ free, premium })) {
    const offer = (offers as { id: string }[]).find(({ id }) => id === MODEL);
    if (offer !== undefined) return { ...offer, tier };
  }
  return null;
}
const isListed = async () => (await listedModels(world(), key)).includes(MODEL);
const prefer = (model: string) =>
  ada.request('PATCH', '/api/profile/model-preferences', { body: { defaultModelId: model } });

describe('a model', () => {
  it('is made with its price, and shown to nobody until it is switched on', async () => {
    const body = {
      ...{ id: MODEL, provider: 'sandbox', providerModelId: MODEL, displayName: 'Atlas', modelType: 'llm' },
      ...{ capabilities: ['chat', 'streaming'], contextWindow: 32_000, pricing: PRICE },
    };
    expect((await ada.request('POST', '/api/admin/models', { body })).status).toBe(403);
    expect(dataOf(await root.request('POST', '/api/admin/models', { body }), 201)).toMatchObject({
      ...{ id: MODEL, tier: 'free', enabled: false, pricing: PRICE },
    });
    expect([await offered(), await isListed()]).toEqual([null, false]);
    expect((await prefer(MODEL)).body.code).toBe('model_not_enabled');
  });

  it('that is switched on is in both lists, answers by its name and as a preference, and costs what its price says', async () => {
    dataOf(await administer('enable'));
    expect(await offered()).toMatchObject({ tier: 'free', locked: false, pricing: PRICE, priceUsd: null });
    await expect.poll(isListed, PATIENCE).toBe(true);
    const answer = await call(MODEL);
    expect([answer.status, answer.headers.get('x-weir-model')]).toEqual([200, MODEL]);
    const { prompt_tokens: input, completion_tokens: output } = answer.usage;
    expect(Number(answer.headers.get('x-weir-cost-usd'))).toBeCloseTo((input * 2 + output * 10) / 1_000_000, 9);
    dataOf(await prefer(MODEL));
    await expect.poll(served, PATIENCE).toEqual([MODEL, null]);
    expect(await chatted()).toEqual([MODEL, null]);
  });

  it('that is switched off is gone from both, with who is affected told; who preferred it gets the default, and is told why', async () => {
    const told = dataOf(await administer('disable?dry_run=true'));
    expect(told).toMatchObject({ dryRun: true, enabled: true, affected: { people: { byDefault: 1 } } });
    expect(await served()).toEqual([MODEL, null]);
    dataOf(await administer('disable'));
    expect(await offered()).toBeNull();
    expect((await ada.request('GET', `/api/models/${MODEL}`)).status).toBe(404);
    expect(await served()).toEqual([DEFAULT, 'model_disabled']);
    expect(await chatted()).toEqual([DEFAULT, 'model_disabled']);
    expect(await isListed()).toBe(false);
    expect(await call(MODEL)).toMatchObject({ status: 400, code: 'model_not_enabled' });
  });

  it('that comes back as a premium one is locked, with its price and where to buy it', async () => {
    const change = { body: { tier: 'premium', priceCents: 499 } };
    dataOf(await root.request('PATCH', `/api/admin/models/${MODEL}`, change));
    dataOf(await administer('enable'));
    await expectLocked();
    expect(await offered()).toMatchObject({ trialMessagesRemaining: 0, purchased: false, entitlement: null });
  });

  it('works at once for whom it is granted to, and is locked at once when that is taken back', async () => {
    const grant = { body: { userId: ada.id, notes: 'Pilot' } };
    const given = dataOf(await root.request('POST', `/api/admin/models/${MODEL}/grant-access`, grant), 201);
    await expect.poll(served, PATIENCE).toEqual([MODEL, null]);
    expect(await chatted()).toEqual([MODEL, null]);
    expect(await offered()).toMatchObject({
      ...{ tier: 'premium', locked: false, purchased: true },
      entitlement: { source: 'admin_grant', scope: 'user', expiresAt: null },
    });
    expect([await isListed(), (await call(MODEL)).status]).toEqual([true, 200]);

    dataOf(await root.request('DELETE', `/api/admin/models/grants/${given.id}`), 204);
    await expectLocked();
    const { data } = (await root.request('GET', `/api/admin/models/${MODEL}/grants`)).body;
    expect(data).toMatchObject([{ id: given.id, notes: 'Pilot', isActive: false, user: { id: ada.id } }]);
  });
});

async function expectLocked(): Promise<void> {
  expect(await offered()).toMatchObject({
    ...{ tier: 'premium', locked: true, lockedReason: 'not_entitled' },
    ...{ priceUsd: '4.99', upgradeUrl: `/models/${MODEL}` },
  });
  await expect.poll(served, PATIENCE).toEqual([DEFAULT, 'model_locked']);
  expect(await chatted()).toEqual([DEFAULT, 'model_locked']);
  expect(await isListed()).toBe(false);
  expect(await call(MODEL)).toMatchObject({
    ...{ status: 403, code: 'model_locked' },
    weir: { price_usd: '4.99', upgrade_url: `/models/${MODEL}` },
  });
}
