// Proves: people see what they bought, admins what their organization bought, superadmins all of it; each as it was sold, with what it opened.

import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { systemClock } from '../../primitives/clock.ts';
import { type ApiOrganization, createApiOrganization } from '../testing/api-organization.ts';
import { type ApiPerson, createApiPerson } from '../testing/api-person.ts';
import { startTestServer, type TestServer } from '../testing/running-server.ts';

const MODEL = 'gpt-4o';

let server: TestServer;
let home: ApiOrganization;
let root: ApiPerson;
/** Ids by what they are. */
let bought: Record<'own' | 'personal' | 'fellow' | 'credits' | 'foreign' | 'failed', string>;

interface Row {
  readonly user?: string | null;
  readonly organization?: string | null;
  readonly product?: string;
  readonly status?: string;
  readonly hours: number;
}

async function buy({ user = null, organization = null, product, status = 'completed', hours }: Row): Promise<string> {
  const id = randomUUID();
  await server.owner.query(
    `insert into weir.purchases (id, user_id, organization_id, product_id, product_name, amount_cents, status, stripe_session_id, completed_at, created_at)
     values ($1::uuid, $2, $3, $4, 'As sold', 299, $5::text, 'cs_' || $1::uuid, case $5::text when 'completed' then now() end, now() - $6 * interval '1 hour')`,
    [id, user, organization, product ?? null, status, hours],
  );
  return id;
}

beforeAll(async () => {
  server = await startTestServer();
  home = await createApiOrganization(server);
  root = await createApiPerson(server, { platformRole: 'superadmin' });
  const { rows } = await server.owner.query<{ type: string; id: string }>(
    `insert into weir.products (id, type, name, model_id, credit_type, credit_amount, price_cents, active) values
       (gen_random_uuid(), 'model', 'Model', $1, null, null, 299, true),
       (gen_random_uuid(), 'credit_pack', 'Credits', null, (select min(slug) from weir.credit_types), 50, 999, false)
     returning type, id`,
    [MODEL],
  );
  const [model, credits] = rows.map(({ id }) => id);
  if (model === undefined || credits === undefined) throw new Error('no products');
  const { member, admin, stranger, id: organization } = home;
  bought = {
    own: await buy({ user: member.userId, organization, product: model, hours: 1 }),
    personal: await buy({ user: member.userId, product: model, hours: 2 }),
    fellow: await buy({ user: admin.userId, organization, hours: 3 }),
    credits: await buy({ organization, product: credits, hours: 4 }),
    foreign: await buy({ user: stranger.userId, product: model, hours: 5 }),
    failed: await buy({ user: member.userId, organization, product: model, status: 'failed', hours: 6 }),
  };
  await server.owner.query(
    `insert into weir.entitlements (id, user_id, model_id, source, purchase_id) values (gen_random_uuid(), $1, $2, 'purchase', $3)`,
    [member.userId, MODEL, bought.own],
  );
});
afterAll(() => server.close());

const seen = async (who: ApiPerson, query = '') => {
  const { status, body } = await who.request('GET', `/api/purchases${query}`);
  expect(status, JSON.stringify(body)).toBe(200);
  const names = new Map(Object.entries(bought).map(([name, id]) => [id, name]));
  return body.data.map(({ id }: { id: string }) => names.get(id));
};

it('are seen by whom they are: one’s own, the organization’s by its admins, nobody else’s', async () => {
  expect(await seen(home.member)).toEqual(['own', 'personal', 'failed']);
  expect(await seen(home.admin)).toEqual(['own', 'fellow', 'credits', 'failed']);
  expect(await seen(home.owner)).toEqual(['own', 'fellow', 'credits', 'failed']);
  expect(await seen(home.stranger)).toEqual(['foreign']);
  expect(await seen(home.member, '?status=failed')).toEqual(['failed']);
});

it('say what was sold and what it opened, of a product that is sold no more as well', async () => {
  const [own] = (await home.member.request('GET', '/api/purchases')).body.data;
  const [theirs, fellow, credits] = (await home.admin.request('GET', '/api/purchases')).body.data;
  expect(theirs).toEqual({ ...own, unlocked: { ...own.unlocked, entitlement: null } });
  expect(own).toMatchObject({
    ...{ productName: 'As sold', amountCents: 299, currency: 'usd', status: 'completed', refundedAt: null },
    user: { id: home.member.userId, name: expect.any(String) },
    unlocked: {
      type: 'model',
      modelId: MODEL,
      plan: null,
      credits: null,
      entitlement: { isActive: true, expiresAt: null },
    },
  });
  expect(fellow.unlocked).toEqual({ type: null, modelId: null, plan: null, credits: null, entitlement: null });
  expect(credits).toMatchObject({ user: null, organizationId: home.id });
  expect(credits.unlocked).toMatchObject({
    type: 'credit_pack',
    credits: { tokenType: expect.any(String), amount: 50 },
  });
});

it('come page by page', async () => {
  const first = await home.member.request('GET', '/api/purchases?limit=2');
  expect(first.body.data).toHaveLength(2);
  const second = await home.member.request('GET', `/api/purchases?limit=2&cursor=${first.body.next_cursor}`);
  expect(second.body.data.map(({ id }: { id: string }) => id)).toEqual([bought.failed]);
  expect(second.body.next_cursor).toBeNull();
});

it('are all there for superadmins, with filters', async () => {
  const all = async (query: string) => {
    const { status, body } = await root.request('GET', `/api/admin/purchases?${query}`);
    expect(status, JSON.stringify(body)).toBe(200);
    return body.data;
  };
  const ids = async (query: string) => (await all(query)).map(({ id }: { id: string }) => id);
  const [own] = await all(`organization=${home.id}`);
  expect(own).toMatchObject({
    user: { email: home.member.email },
    organization: { id: home.id },
    stripeSessionId: `cs_${bought.own}`,
    stripePaymentIntentId: null,
  });
  const { own: o, personal, fellow, credits, foreign, failed } = bought;
  expect(await ids(`organization=${home.id}`)).toEqual([o, fellow, credits, failed]);
  expect(await ids(`user=${home.member.userId}&status=completed`)).toEqual([o, personal]);
  expect(await ids(`model=${MODEL}&user=${home.stranger.userId}`)).toEqual([foreign]);
  const ago = (hours: number) => new Date(systemClock.nowMs() - hours * 3_600_000).toISOString();
  expect(await ids(`from=${ago(4.5)}&to=${ago(2.5)}`)).toEqual([fellow, credits]);
  const { rows } = await server.owner.query('select product_id as id from weir.purchases where id = $1', [credits]);
  expect(await ids(`product=${rows[0].id}`)).toEqual([credits]);
  expect((await home.owner.request('GET', '/api/admin/purchases')).status).toBe(403);
});
