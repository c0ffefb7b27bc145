// Proves: the way of a person to a premium model: the offer of a trial, two messages of it, the refusal with price and place, an admin's grant, the model switched
// off, and the last message of the day. Each step by the API over real HTTP; what the portal shows and what the gateway does are the same all along.

import { beforeAll, describe, expect, it } from 'vitest';
import { PATIENCE_MS } from '../../src/server/testing/calls.ts';
import { fromNoon } from '../../src/server/testing/running-server.ts';
import { dataOf, journeyOfFile, type Traveller } from './journey-world.ts';

const world = journeyOfFile(fromNoon());
/** Generous: it says nothing of how long things take. */
const PATIENCE = { timeout: PATIENCE_MS } as const;
const MODEL = 'gpt-4o';
const DEFAULT = 'gpt-4o-mini';
const DAILY_LIMIT = 50;
const DAY_MS = 86_400_000;

let root: Traveller;
let ada: Traveller;
let key = '';
beforeAll(async () => {
  [root, ada] = [await world().superadmin(), await world().arrive('Ada', 'ada@models.example')];
  dataOf(await ada.request('POST', '/api/organizations', { body: { name: 'Acme' } }), 201);
  key = dataOf(await ada.request('POST', '/api/api-keys', { body: { name: 'First key' } }), 201).secret;
});

/** What one message came to. */
async function send(model: string) {
  const response = await fetch(`${world().url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ model, messages: [{ role: 'user', content: 'Hello, Weir' }] }),
  });
  // biome-ignore lint/suspicious/noExplicitAny: what an answer holds is what the test is about
  const body = (await response.json()) as any;
  const header = (name: string): string | null => response.headers.get(name);
  return {
    ...{ status: response.status, model: header('x-weir-model'), fallback: header('x-weir-fallback') },
    ...{ trialRemaining: header('x-weir-trial-remaining'), retryAfter: header('retry-after') },
    ...{ code: body.error?.weir?.code ?? null, message: body.error?.message, weir: body.error?.weir },
  };
}
const shown = async () => dataOf(await ada.request('GET', `/api/models/${MODEL}`));
const served = async () => {
  const { model, fallback } = await send('auto');
  return { model, fallback };
};

describe('a premium model', () => {
  it('is offered with its price and a trial to somebody without a right', async () => {
    const { premium, userPreferences } = dataOf(await ada.request('GET', '/api/models'));
    expect(premium.find(({ id }: { id: string }) => id === MODEL)).toMatchObject({
      ...{ purchased: false, entitlement: null, locked: false, trialMessagesRemaining: 2, priceUsd: '2.99' },
      usageToday: { used: 0, limit: DAILY_LIMIT },
    });
    expect(userPreferences).toEqual({ defaultModelId: null, personaOverrides: {} });
    const chosen = { body: { defaultModelId: MODEL } };
    const saved = await ada.request('PATCH', '/api/profile/model-preferences', chosen);
    expect(saved.body).toEqual({ success: true, data: { defaultModelId: MODEL, personaOverrides: {} } });
  });

  it('answers two messages of the trial', async () => {
    await expect.poll(async () => (await shown()).trialMessagesRemaining, PATIENCE).toBe(2);
    for (const trialRemaining of ['1', '0'])
      expect(await send(MODEL)).toMatchObject({ status: 200, model: MODEL, trialRemaining });
    await expect
      .poll(async () => dataOf(await ada.request('GET', `/api/models/${MODEL}/trial-status`)), PATIENCE)
      .toEqual({ trialMessagesAllowed: 2, used: 2, remaining: 0, exhausted: true, purchased: false });
  });

  it('then refuses with the price and the place to buy it; as a preference it is passed over, and the answer says so', async () => {
    const refused = await send(MODEL);
    expect(refused).toMatchObject({ status: 403, code: 'trial_exhausted' });
    expect(refused.weir).toMatchObject({ price_usd: '2.99', upgrade_url: `/models/${MODEL}` });
    expect(await served()).toEqual({ model: DEFAULT, fallback: 'trial_exhausted' });
    expect(await shown()).toMatchObject({ locked: true, lockedReason: 'trial_exhausted' });
    const again = await ada.request('PATCH', '/api/profile/model-preferences', { body: { defaultModelId: MODEL } });
    expect([again.status, again.body.code, again.body.price_usd]).toEqual([403, 'model_locked', '2.99']);
  });

  it('works once a superadmin grants it', async () => {
    const grant = { body: { email: ada.email, source: 'admin_grant', notes: 'Pilot' } };
    dataOf(await root.request('POST', `/api/admin/models/${MODEL}/grant-access`, grant), 201);
    expect(await shown()).toMatchObject({
      ...{ purchased: true, locked: false },
      entitlement: { source: 'admin_grant', scope: 'user', expiresAt: null },
    });
    await expect.poll(served, PATIENCE).toEqual({ model: MODEL, fallback: null });
  });

  it('that is switched off gives way to the default, and the answer says so', async () => {
    dataOf(await root.request('POST', `/api/admin/models/${MODEL}/disable`));
    await expect.poll(served, PATIENCE).toEqual({ model: DEFAULT, fallback: 'model_disabled' });
    expect((await send(MODEL)).code).toBe('model_not_enabled');
    expect((await ada.request('GET', `/api/models/${MODEL}`)).status).toBe(404);
    const chosen = await ada.request('PATCH', '/api/profile/model-preferences', { body: { defaultModelId: MODEL } });
    expect([chosen.status, chosen.body.code]).toEqual([400, 'model_not_enabled']);
    dataOf(await root.request('POST', `/api/admin/models/${MODEL}/enable`));
    await expect.poll(served, PATIENCE).toEqual({ model: MODEL, fallback: null });
  });

  it('answers fifty messages a day, and the next with when it will again', async () => {
    // An answer is told before it is counted: how many are left is known when one is refused, and how many there were once all are counted.
    let refused = await send(MODEL);
    for (let calls = 1; refused.status === 200; calls += 1) {
      expect(calls).toBeLessThanOrEqual(DAILY_LIMIT);
      refused = await send(MODEL);
    }
    const { status, code, retryAfter, weir } = refused;
    expect([status, code]).toEqual([429, 'daily_message_limit']);
    expect(Number(retryAfter)).toBeGreaterThan(0);
    await expect.poll(async () => (await shown()).usageToday.used, PATIENCE).toBe(DAILY_LIMIT);
    const { usageToday } = await shown();
    expect(usageToday.limit).toBe(DAILY_LIMIT);
    expect(weir.meters[0]).toMatchObject({
      meter: 'daily_messages',
      limit: DAILY_LIMIT,
      resets_at: usageToday.resetAt,
    });
    expect(Date.parse(usageToday.resetAt) % DAY_MS).toBe(0);
  });
});
