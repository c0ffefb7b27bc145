// Proves: the way of credits: a quest is refused on a plan without them, made six times on the next, by calls of the gateway and deductions alike, given back once,
// topped up, and free of count on an unlimited plan. Each step is the API's over real HTTP.

import OpenAI from 'openai';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ApiAnswer } from '../../src/server/testing/api-person.ts';
import { PATIENCE_MS } from '../../src/server/testing/calls.ts';
import { dataOf, journeyOfFile, type Traveller } from './journey-world.ts';

const world = journeyOfFile();
const TOKENS = '/api/v1/tokens';
const GOALS = { tokenType: 'goal_generation', feature: 'goal_generation' };

let root: Traveller;
let count = 0;
beforeAll(async () => {
  root = await world().superadmin();
});

/** An organization with its owner and a key. */
interface Place {
  readonly owner: Traveller;
  readonly id: string;
  readonly key: string;
}

async function foundOn(plan: string): Promise<Place> {
  count += 1;
  const owner = await world().arrive(`Owner ${count}`, `owner-${count}@people.example`);
  const { id } = dataOf(await owner.request('POST', '/api/organizations', { body: { name: `Quests ${count}` } }), 201);
  const made = dataOf(await owner.request('POST', '/api/api-keys', { body: { name: 'Quests' } }), 201);
  const place = { owner, id, key: made.secret };
  await moveTo(place, plan);
  return place;
}

const moveTo = async ({ id }: Pick<Place, 'id'>, plan: string): Promise<void> => {
  dataOf(await root.request('PUT', `/api/admin/organizations/${id}`, { body: { pricing_plan: plan } }));
};
const ask = ({ owner }: Place, body: Record<string, unknown>): Promise<ApiAnswer> =>
  owner.request('POST', `${TOKENS}/check-balance`, { body: { ...GOALS, ...body } });

/** A quest by the official SDK: its status, and the error's body. */
async function quest({ key }: Place): Promise<{ readonly status: number; readonly weir?: Record<string, unknown> }> {
  const client = new OpenAI({ baseURL: `${world().url}/v1`, apiKey: key, maxRetries: 0 });
  const messages = [{ role: 'user' as const, content: 'I want to run a marathon' }];
  try {
    await client.chat.completions.create({ model: 'feature:goal_generation', messages });
    return { status: 200 };
  } catch (error) {
    if (!(error instanceof OpenAI.APIError)) throw error;
    const { weir } = error.error as { weir?: Record<string, unknown> };
    return { status: error.status, ...(weir && { weir }) };
  }
}

const balanceOf = async (place: Place): Promise<number | null> => (await ask(place, { action: 'check' })).body.balance;

describe('a quest of 3 credits', () => {
  it('on starter is refused at both doors, with where to upgrade', async () => {
    const place = await foundOn('starter');
    const taken = await ask(place, { action: 'deduct' });
    expect([taken.status, taken.body.code, taken.body.upgrade_url]).toEqual([403, 'plan_required', '/billing/plans']);
    expect(await quest(place)).toMatchObject({ status: 403, weir: { code: 'plan_required' } });
  });

  it('on pro is made six times through the gateway; then 402 with the 2 that are left, at both doors', async () => {
    const place = await foundOn('pro');
    for (let made = 1; made <= 6; made += 1) {
      expect((await quest(place)).status).toBe(200);
      // The answer is told before its settlement is booked.
      await expect.poll(() => usesOf(place), { timeout: PATIENCE_MS }).toBe(made);
    }
    expect(await balanceOf(place)).toBe(2);
    const refused = await quest(place);
    expect(refused).toMatchObject({
      status: 402,
      weir: { code: 'insufficient_credits', credits: { required: 3, balance: 2 } },
    });
    const refusals = async () =>
      (await place.owner.request('GET', '/api/usage/organization?group_by=feature&status=denied')).body.data.rows;
    await expect.poll(refusals, { timeout: PATIENCE_MS }).toMatchObject([{ key: 'goal_generation', requests: 1 }]);
    const taken = await ask(place, { action: 'deduct' });
    expect([taken.status, taken.body.balance]).toEqual([402, 2]);

    const { body } = await place.owner.request('GET', `${TOKENS}/ledger?kind=deduct`);
    expect(body.data).toHaveLength(6);
    for (const entry of body.data) expect(entry).toMatchObject({ amount: -3, feature: 'goal_generation' });
    const given = await place.owner.request('POST', `${TOKENS}/refund`, { body: { ledgerId: body.data[0].id } });
    expect(given.body).toMatchObject({ amount: 3, balance: 5 });
    expect((await quest(place)).status).toBe(200);
  });

  it('asked for forty times at once, half through the gateway, is made six times all told', async () => {
    const place = await foundOn('pro');
    // The key is known and its facts are in memory: the rush is about credits alone.
    expect((await quest(place)).status).toBe(200);
    const rush = await Promise.all(
      Array.from({ length: 20 }, () => [
        quest(place).then(({ status }) => status),
        ask(place, { action: 'deduct' }).then(({ status }) => status),
      ]).flat(),
    );
    expect(rush.filter((status) => status === 200)).toHaveLength(5);
    expect(rush.filter((status) => status === 402)).toHaveLength(35);
    expect(await balanceOf(place)).toBe(2);
  });

  it('after a grant is made again; on enterprise it costs nothing and is counted', async () => {
    const place = await foundOn('pro');
    await ask(place, { action: 'deduct', amount: 20 });
    expect((await quest(place)).status).toBe(402);
    const gift = { organizationId: place.id, tokenType: 'goal_generation', amount: 3, reference: 'case 7' };
    expect((await root.request('POST', `${TOKENS}/grant`, { body: gift })).status).toBe(201);
    expect((await quest(place)).status).toBe(200);

    const large = await foundOn('enterprise');
    expect((await quest(large)).status).toBe(200);
    expect((await ask(large, { action: 'deduct' })).body).toMatchObject({
      allowed: true,
      unlimited: true,
      balance: null,
    });
    await expect.poll(async () => (await goalsOf(large)).totalUsed, { timeout: PATIENCE_MS }).toBe(6);
    expect((await world().weir('ledger', 'verify')).stdout).toBe('drift 0\n');
  });
});

async function goalsOf({ owner }: Place) {
  const { body } = await owner.request('GET', `${TOKENS}/stats`);
  return body.balances.find(({ tokenType }: { tokenType: string }) => tokenType === 'goal_generation');
}

async function usesOf({ owner }: Place): Promise<number> {
  const { body } = await owner.request('GET', `${TOKENS}/stats`);
  return body.byFeature.find(({ feature }: { feature: string }) => feature === 'goal_generation')?.uses ?? 0;
}
