// Proves: the way of a budget: lowered below what is spent, a hard one refuses the very next call, and raised lets it through; a soft one tells once, as an alert and to
// each admin, and refuses nothing. Each step by the API over real HTTP; what is spent was spent at the gateway.

import { beforeAll, describe, expect, it } from 'vitest';
import { PATIENCE_MS } from '../../src/server/testing/calls.ts';
import { fromNoon } from '../../src/server/testing/running-server.ts';
import { callModel, chatOutcome, dataOf, journeyOfFile, type Traveller } from './journey-world.ts';

/** Generous: it says nothing of how long things take. */
const PATIENCE = { timeout: PATIENCE_MS } as const;
const PROMPT = '[[sandbox: tokens=500]] Spend something';

const world = journeyOfFile(fromNoon());
let ada: Traveller;
let bea: Traveller;
let key = '';
beforeAll(async () => {
  ada = await world().arrive('Ada', 'ada@budgets.example');
  dataOf(await ada.request('POST', '/api/organizations', { body: { name: 'Acme' } }), 201);
  bea = await world().arriveInvited(ada, 'Bea', 'bea@budgets.example');
  dataOf(await ada.request('PUT', `/api/organizations/users/${bea.id}`, { body: { role: 'admin' } }));
  key = dataOf(await ada.request('POST', '/api/api-keys', { body: { name: 'First key' } }), 201).secret;
});

const call = () => callModel(world(), key, { model: 'sandbox-chat', prompt: PROMPT });
const chat = () => chatOutcome(ada, { message: PROMPT, model: 'sandbox-chat' });
const MONTH = { scope: 'organization', period: 'monthly' } as const;
/** What the server does every few seconds, now. */
const look = async (id: string) => dataOf(await ada.request('POST', '/api/budgets/alert', { body: { budget_id: id } }));
const make = async (body: object) => dataOf(await ada.request('POST', '/api/budgets', { body }), 201);
const change = async (id: string, body: object) => dataOf(await ada.request('PUT', `/api/budgets/${id}`, { body }));
const standing = async (id: string) =>
  dataOf(await ada.request('GET', '/api/budgets/status')).find((each: { id: string }) => each.id === id);
/** The same once nothing is under way: an answer is told before its settlement is booked. */
const settled = async (id: string) => {
  await expect.poll(async () => Number((await standing(id)).spent_usd), PATIENCE).toBeGreaterThan(0);
  await expect.poll(async () => (await standing(id)).held_usd, PATIENCE).toBe('0');
  return standing(id);
};
const alertsOf = async (id: string) =>
  dataOf(await ada.request('GET', '/api/alerts')).filter((each: { budget_id: string }) => each.budget_id === id);
const toldOf = async (who: Traveller, id: string) =>
  dataOf(await who.request('GET', '/api/notifications?type=budget_threshold')).filter(
    ({ data }: { data: { budget_id: string } }) => data.budget_id === id,
  );

describe('a hard budget', () => {
  it('refuses the very next call after it is lowered to what is spent, and lets calls through once raised', async () => {
    const { id } = await make({ ...MONTH, name: 'All of us', amount_usd: '5', enforcement: 'hard' });
    expect((await call()).status).toBe(200);
    const { spent_usd: spent, resets_at: resetsAt } = await settled(id);

    expect((await change(id, { amount_usd: spent })).warnings).toMatchObject([{ code: 'limit_reached' }]);
    const refused = await call();
    expect(refused).toMatchObject({ status: 402, code: 'budget_exceeded' });
    expect(refused.message).toContain('The budget "All of us" is used up.');
    const nanoUsd = Math.round(Number(spent) * 1_000_000_000);
    const meters = [{ meter: 'budget', name: 'All of us', used: nanoUsd, limit: nanoUsd, resets_at: resetsAt }];
    expect(refused.weir.meters).toMatchObject(meters);
    expect(await chat()).toMatchObject({ status: 402, data: { code: 'budget_exceeded', meters } });
    expect(await standing(id)).toMatchObject({
      ...{ spent_usd: spent, held_usd: '0', remaining_usd: '0', percent: 100, level: 'exceeded' },
    });

    expect((await change(id, { amount_usd: '5' })).warnings).toEqual([]);
    await expect.poll(async () => (await call()).status, PATIENCE).toBe(200);
    expect(await chat()).toMatchObject({ status: 200, event: 'done' });
    await change(id, { amount_usd: spent });
    expect((await call()).status).toBe(402);
    expect((await ada.request('DELETE', `/api/budgets/${id}`)).status).toBe(204);
    await expect.poll(async () => (await call()).status, PATIENCE).toBe(200);
  });
});

describe('a soft budget', () => {
  it('tells every admin once, refuses nothing, and is resolved once raised', async () => {
    const { id } = await make({
      ...{ ...MONTH, name: 'A nudge', amount_usd: '100', enforcement: 'soft', alert_thresholds: [0.8] },
    });
    // What was spent before it was made is spent of it.
    const { spent_usd: spent } = await settled(id);
    expect(await alertsOf(id)).toEqual([]);
    await change(id, { amount_usd: spent });
    for (let calls = 1; calls <= 3; calls += 1) {
      expect((await call()).status).toBe(200);
      await look(id);
    }
    const [alert, ...others] = await alertsOf(id);
    expect(alert).toMatchObject({ rule: 'budget_threshold', threshold: 0.8, status: 'open' });
    expect(others).toEqual([]);
    for (const who of [ada, bea]) {
      await expect.poll(() => toldOf(who, id), PATIENCE).toHaveLength(1);
      const [told] = await toldOf(who, id);
      expect(told).toMatchObject({ title: 'Budget “A nudge” reached 80%', organization: { name: 'Acme' } });
      expect(told.body).not.toContain('$0.00 ');
    }

    await change(id, { amount_usd: '100' });
    expect(await alertsOf(id)).toMatchObject([{ id: alert.id, status: 'resolved', resolved_at: expect.any(String) }]);
    expect((await look(id)).fired).toEqual([]);
    expect(await standing(id)).toMatchObject({ level: 'none' });
    expect([await toldOf(ada, id), await toldOf(bea, id)]).toMatchObject([[{}], [{}]]);
  });
});
