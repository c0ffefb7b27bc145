// Proves: the ledger of credits over real HTTP: who reads what, deductions given back once, grants by superadmins once for a reference, and balances that add up.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ApiOrganization, createApiOrganization } from '../testing/api-organization.ts';
import { type ApiAnswer, type ApiPerson, createApiPerson, requestApi, UNKNOWN_ID } from '../testing/api-person.ts';
import { startTestServer, type TestServer } from '../testing/running-server.ts';

let server: TestServer;
let superadmin: ApiPerson;
beforeAll(async () => {
  server = await startTestServer();
  superadmin = await createApiPerson(server, { platformRole: 'superadmin' });
});
afterAll(async () => {
  const { rows } = await server.owner.query('select * from weir_private.credit_drift()');
  await server.close();
  expect(rows).toEqual([]);
});

const TOKENS = '/api/v1/tokens';
const GOALS = { tokenType: 'goal_generation', feature: 'goal_generation' };
const deduct = async (who: ApiPerson, body: Record<string, unknown> = {}): Promise<string> => {
  const taken = await who.request('POST', `${TOKENS}/check-balance`, { body: { ...GOALS, action: 'deduct', ...body } });
  expect(taken.status, JSON.stringify(taken.body)).toBe(200);
  return taken.body.ledgerId;
};
const refund = (who: ApiPerson, body: Record<string, unknown>): Promise<ApiAnswer> =>
  who.request('POST', `${TOKENS}/refund`, { body });
const grant = (body: Record<string, unknown>, who = superadmin): Promise<ApiAnswer> =>
  who.request('POST', `${TOKENS}/grant`, { body });
const goalsOf = async (place: ApiOrganization) => {
  const { body } = await place.admin.request('GET', `${TOKENS}/stats`);
  return body.balances.find(({ tokenType }: { tokenType: string }) => tokenType === 'goal_generation');
};

describe('a refund', () => {
  it('gives a deduction back to its lots, once, with its audit row', async () => {
    const place = await createApiOrganization(server);
    const ledgerId = await deduct(place.member);
    const answers = await Promise.all([1, 2, 3].map(() => refund(place.admin, { ledgerId, reason: 'no goals came' })));
    const [made] = answers.filter(({ status }) => status === 200);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409]);
    expect(made?.body).toMatchObject({ refundOf: ledgerId, tokenType: 'goal_generation', amount: 3, balance: 20 });
    expect(await goalsOf(place)).toMatchObject({ balance: 20, totalUsed: 0, percentUsed: 0 });
    const { body } = await place.admin.request('GET', `${TOKENS}/ledger?kind=deduct`);
    expect(body.data).toMatchObject([{ id: ledgerId, refundedBy: made?.body.id }]);
    expect(await place.actions()).toContain('credits.refund');
  });

  it('is for admins, of their own organization, of a deduction', async () => {
    const place = await createApiOrganization(server);
    const ledgerId = await deduct(place.member);
    expect((await refund(place.member, { ledgerId })).status).toBe(403);
    expect((await requestApi(server, ['POST', `${TOKENS}/refund`], { body: { ledgerId } })).status).toBe(401);
    const [foreign, unknown] = [
      await refund(place.stranger, { ledgerId }),
      await refund(place.stranger, { ledgerId: UNKNOWN_ID }),
    ];
    expect([foreign.status, { ...foreign.body, request_id: '' }]).toEqual([404, { ...unknown.body, request_id: '' }]);
    const { body } = await place.admin.request('GET', `${TOKENS}/ledger?kind=grant`);
    const refused = await refund(place.admin, { ledgerId: body.data[0].id });
    expect([refused.status, refused.body.errors[0].path]).toEqual([400, 'ledgerId']);
    expect((await refund(place.admin, { ledgerId: 'x' })).body.errors[0].path).toBe('ledgerId');
  });
});

describe('a grant', () => {
  it('makes one lot for a reference, however often it is sent; anything else under it is refused', async () => {
    const place = await createApiOrganization(server);
    const body = {
      organizationId: place.id,
      tokenType: 'goal_generation',
      amount: 7,
      reference: 'case 12',
      notes: 'sorry',
    };
    const [first, second] = await Promise.all([grant(body), grant(body)]);
    expect([first.status, second.status, first.body.id]).toEqual([201, 201, second.body.id]);
    expect(first.body).toMatchObject({ amount: 7, expiresAt: null, reference: 'case 12' });
    expect((await grant({ ...body, amount: 8 })).body.code).toBe('idempotency_mismatch');
    expect(await goalsOf(place)).toMatchObject({ balance: 27, totalAllocated: 27 });
    expect((await place.actions()).filter((action) => action === 'credits.grant')).toHaveLength(1);
  });

  it('that ends is spent before the plan’s', async () => {
    const place = await createApiOrganization(server);
    const expiresAt = '2999-01-01T00:00:00Z';
    await grant({ organizationId: place.id, tokenType: 'goal_generation', amount: 5, expiresAt });
    // The plan's own ends sooner.
    await deduct(place.member, { amount: 20 });
    const { rows } = await server.owner.query(
      `select source, remaining::integer from weir.credit_grants where organization_id = $1 and credit_type = 'goal_generation' order by source`,
      [place.id],
    );
    expect(rows).toEqual([
      { source: 'admin', remaining: 5 },
      { source: 'plan', remaining: 0 },
    ]);
  });

  it.each([
    ['an unknown organization', { organizationId: UNKNOWN_ID }, 404, 'organizationId'],
    ['an unknown type', { tokenType: 'wishes' }, 400, 'tokenType'],
    ['an end that has passed', { expiresAt: '2020-01-01T00:00:00Z' }, 400, 'expiresAt'],
    ['nothing', { amount: 0 }, 400, 'amount'],
    ['beyond 2^53', { amount: 2 ** 53 + 1 }, 400, 'amount'],
    ['no amount', { amount: undefined }, 400, 'amount'],
  ])('of %s is refused, and the field is named', async (_name, change, status, path) => {
    const { id: organizationId } = await shared();
    const refused = await grant({ organizationId, tokenType: 'goal_generation', amount: 1, ...change });
    expect([refused.status, refused.body.errors?.[0]?.path]).toEqual([status, path]);
  });

  it('is for superadmins', async () => {
    const place = await shared();
    const body = { organizationId: place.id, tokenType: 'goal_generation', amount: 1 };
    const platformAdmin = await createApiPerson(server, { platformRole: 'platform_admin' });
    for (const who of [place.owner, platformAdmin]) expect((await grant(body, who)).status).toBe(403);
    expect((await requestApi(server, ['POST', `${TOKENS}/grant`], { body })).status).toBe(401);
  });
});

describe('reading', () => {
  it('shows admins all entries and members their own, filtered, page by page', async () => {
    const place = await createApiOrganization(server);
    for (const who of [place.member, place.admin, place.member]) await deduct(who, { amount: 2 });
    const read = async (who: ApiPerson, query = '') => (await who.request('GET', `${TOKENS}/ledger${query}`)).body;
    expect((await read(place.member)).data).toHaveLength(2);
    // Five lots of the plan, three deductions.
    expect((await read(place.admin)).data).toHaveLength(8);
    expect((await read(place.admin, `?userId=${place.member.userId}&kind=deduct`)).data).toHaveLength(2);
    expect((await read(place.admin, '?feature=goal_generation&tokenType=goal_generation')).data).toHaveLength(3);
    expect((await read(place.admin, '?to=2020-01-01T00:00:00Z')).data).toEqual([]);
    const ids: string[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const page = await read(place.admin, `?limit=3${cursor && `&cursor=${cursor}`}`);
      ids.push(...page.data.map(({ id }: { id: string }) => id));
      cursor = page.next_cursor;
    }
    expect([ids.length, new Set(ids).size]).toEqual([8, 8]);
    const whole = (await read(place.admin)).data;
    expect(ids).toEqual(whole.map(({ id }: { id: string }) => id));
    // The lots are made by the first deduction, at its moment: they stand before it.
    const kinds = [...Array(3).fill('deduct'), ...Array(5).fill('grant')];
    expect(whole.map(({ kind }: { kind: string }) => kind)).toEqual(kinds);
    expect((await read(place.stranger)).data).toEqual([]);
    expect((await read(place.admin, '?kind=gift')).errors[0].path).toBe('kind');
    expect((await requestApi(server, ['GET', `${TOKENS}/ledger`])).status).toBe(401);
  });

  it('sums up the period: balances for everybody, use by feature and person as far as one sees it', async () => {
    const place = await createApiOrganization(server);
    await deduct(place.member, { amount: 9 });
    await deduct(place.admin, { amount: 8 });
    const read = async (who: ApiPerson) => (await who.request('GET', `${TOKENS}/stats`)).body;
    const [admin, member] = [await read(place.admin), await read(place.member)];
    expect(admin).toMatchObject({ plan: { slug: 'pro', hasCredits: true }, upgradeUrl: null });
    expect(Date.parse(admin.refreshDate) - Date.parse(admin.periodStart)).toBe(30 * 86_400_000);
    expect(member.balances).toEqual(admin.balances);
    expect(admin.balances).toContainEqual({
      ...{
        tokenType: 'goal_generation',
        name: 'Goal generation',
        balance: 3,
        held: 0,
        totalAllocated: 20,
        totalUsed: 17,
      },
      ...{ percentUsed: 85, refreshDate: admin.refreshDate, low: true, unlimited: false },
    });
    expect(admin.byFeature).toEqual([{ feature: 'goal_generation', tokenType: 'goal_generation', used: 17, uses: 2 }]);
    expect(admin.byUser.map(({ userId, used }: { userId: string; used: number }) => [userId, used])).toEqual([
      [place.member.userId, 9],
      [place.admin.userId, 8],
    ]);
    expect(member.byUser).toHaveLength(1);
    expect(member.byUser[0]).toMatchObject({ userId: place.member.userId, used: 9, uses: 1 });
    expect(admin.recent[0]).toMatchObject({ kind: 'deduct', amount: -8, balanceAfter: 3, charged: true });
    expect(admin.recent[0]).toMatchObject({ userId: place.admin.userId, userName: admin.byUser[1].name });
    expect((await requestApi(server, ['GET', `${TOKENS}/stats`])).status).toBe(401);
  });

  it('on plans without credits says where to upgrade; on unlimited ones only what was used', async () => {
    const [starter, enterprise] = [
      await createApiOrganization(server, 'starter'),
      await createApiOrganization(server, 'enterprise'),
    ];
    const { body } = await starter.admin.request('GET', `${TOKENS}/stats`);
    expect(body).toMatchObject({ plan: { hasCredits: false }, upgradeUrl: '/billing/plans', recent: [] });
    await deduct(enterprise.member, { amount: 500 });
    expect(await goalsOf(enterprise)).toMatchObject({
      ...{ balance: null, totalAllocated: null, totalUsed: 500, percentUsed: null, low: false, unlimited: true },
    });
  });
});

it('is what lots are compared with: one that was changed past it is found', async () => {
  const place = await createApiOrganization(server);
  await deduct(place.member);
  await server.owner.query('begin');
  try {
    await server.owner.query(
      `update weir.credit_grants set remaining = remaining - 1, voided = 1
        where organization_id = $1 and credit_type = 'goal_generation'`,
      [place.id],
    );
    const { rows } = await server.owner.query('select * from weir_private.credit_drift()');
    const found = { organization_id: place.id, credit_type: 'goal_generation', in_lots: '16', in_ledger: '17' };
    expect(rows).toEqual([found]);
  } finally {
    await server.owner.query('rollback');
  }
});

let place: Promise<ApiOrganization> | undefined;

/** One organization for what is refused: nothing becomes of it. */
function shared(): Promise<ApiOrganization> {
  place ??= createApiOrganization(server);
  return place;
}
