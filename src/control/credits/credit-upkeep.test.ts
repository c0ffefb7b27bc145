// Proves: what time does to credits: new lots every 30 days whether asked for or not, the end of old ones, warnings once, refunds after the end. Nothing here sleeps:
// the services' moment is moved.

import { afterAll, beforeAll, expect, test } from 'vitest';
import type { MemberCaller } from '../../contracts/caller.ts';
import { createDemoDatabase, type DemoDatabase } from '../../database/facts/testing/demo-database.ts';
import { systemClock } from '../../primitives/clock.ts';
import { createSeededRandom, createSystemRandom } from '../../primitives/random.ts';
import { createAudit } from '../audit/index.ts';
import { createEvents } from '../events/index.ts';
import { createCreditLedgerService } from './credit-ledger.service.ts';
import { createCreditStatsService } from './credit-stats.service.ts';
import { createCreditUpkeep } from './credit-upkeep.ts';
import { createCreditUseService } from './credit-use.service.ts';

const DAY_MS = 86_400_000;
/** How many orders wait for a job at most, in these tests. */
const MANY = 100;
const GOALS = { creditType: 'goal_generation', feature: 'goal_generation', amount: null };

let demo: DemoDatabase;
beforeAll(async () => {
  demo = await createDemoDatabase();
});
afterAll(async () => {
  const { rows } = await demo.owner.query('select * from weir_private.credit_drift()');
  const lines = async (): Promise<unknown[]> =>
    (await demo.owner.query('select u::text from weir.credit_use u order by 1')).rows;
  const kept = await lines();
  await demo.owner.query('select weir_private.rebuild_credit_use()');
  const anew = await lines();
  await demo.close();
  expect(rows).toEqual([]);
  // What is kept beside the ledger is what the ledger says.
  expect(kept.length).toBeGreaterThan(0);
  expect(kept).toEqual(anew);
});

/** Credits as they are so many days from now. */
function inDays(days: number) {
  const [clock, random] = [systemClock, createSystemRandom()];
  const events = createEvents({ clock, random });
  const parts = { database: demo.runtime, audit: createAudit({ clock, random }), events, clock, random };
  const options = { ...parts, offsetMs: days * DAY_MS };
  return {
    use: createCreditUseService(options),
    stats: createCreditStatsService(options),
    ledger: createCreditLedgerService(options),
    upkeep: createCreditUpkeep(options),
  };
}

/** An organization of its own on plan pro, with one member who asks. */
async function place(): Promise<MemberCaller> {
  const userId = demo.userIds.proMember;
  // In one statement: an organization has an owner at all times.
  const { rows } = await demo.owner.query<{ id: string }>(
    `with place as (
       insert into weir.organizations (id, name, slug, business_type, pricing_plan)
       select id, 'Of ' || id, 'of-' || id, 'software', 'pro' from gen_random_uuid() as id returning id)
     insert into weir.members (id, organization_id, user_id, role)
     select gen_random_uuid(), id, $1, 'owner' from place returning organization_id as id`,
    [userId],
  );
  const organizationId = rows[0]?.id ?? '';
  const request = { id: userId, ip: null, userAgent: null };
  const person = { userId, platformRole: 'user', impersonatorId: null, sessionId: null, request } as const;
  return { ...person, organizationId, organizationRole: 'owner' };
}

async function entriesOf({ organizationId }: MemberCaller): Promise<string[]> {
  const { rows } = await demo.owner.query<{ text: string }>(
    `select kind || ' ' || amount as text from weir.credit_ledger
      where organization_id = $1 and credit_type = 'goal_generation' order by created_at, kind <> 'grant', id`,
    [organizationId],
  );
  return rows.map(({ text }) => text);
}

async function eventsOf({ organizationId }: MemberCaller, name: string): Promise<unknown[]> {
  const { rows } = await demo.owner.query<{ properties: unknown }>(
    'select properties from weir.analytics_events where organization_id = $1 and name = $2 order by id',
    [organizationId, name],
  );
  return rows.map(({ properties }) => properties);
}

test('after 30 days whoever asks finds the plan’s credits anew, and what was left is not added to them', async () => {
  const caller = await place();
  await inDays(0).use.deduct(caller, { ...GOALS, amount: 15n }, null);
  expect((await inDays(29.9).use.check(caller, GOALS)).balance).toBe(5n);
  const renewed = await inDays(30).use.deduct(caller, GOALS, null);
  expect(renewed).toMatchObject({ balance: 20n, remaining: 17n });
  // Three days and more without a job: as right as ever.
  expect((await inDays(64).use.check(caller, GOALS)).balance).toBe(20n);
});

test('idle organizations get their lots by the round, once, also when two replicas run it', async () => {
  const callers = [await place(), await place(), await place()];
  const { upkeep } = inDays(0);
  // Those that lack credits for other reasons are done first.
  await upkeep.refreshDue(MANY);
  const later = inDays(31).upkeep;
  const done = await Promise.all([later.refreshDue(MANY), later.refreshDue(MANY)]);
  expect(done[0] + done[1]).toBeGreaterThanOrEqual(callers.length);
  expect(await later.refreshDue(MANY)).toBe(0);
  for (const caller of callers) expect(await entriesOf(caller)).toEqual(['grant 20', 'grant 20']);
  expect(await inDays(62).upkeep.refreshDue(2)).toBe(2);
});

test('lots past their time are written off once, with an entry and an event', async () => {
  const caller = await place();
  await inDays(0).use.deduct(caller, GOALS, null);
  const { upkeep } = inDays(30);
  const [one, other] = await Promise.all([upkeep.expireLots(MANY), upkeep.expireLots(MANY)]);
  expect(one + other).toBeGreaterThan(0);
  expect(await upkeep.expireLots(MANY)).toBe(0);
  expect(await entriesOf(caller)).toEqual(['grant 20', 'deduct -3', 'expire -17']);
  expect(await eventsOf(caller, 'credits_expired')).toContainEqual({ credit_type: 'goal_generation', amount: 17 });
});

test('low credits are told once a type and period: by the deduction that reaches them, else by the round', async () => {
  const caller = await place();
  const { use, upkeep, stats } = inDays(0);
  await use.deduct(caller, { ...GOALS, amount: 16n }, null);
  expect(await eventsOf(caller, 'credits_low')).toEqual([]);
  await use.deduct(caller, { ...GOALS, amount: 1n }, null);
  await use.deduct(caller, { ...GOALS, amount: 1n }, null);
  expect(await eventsOf(caller, 'credits_low')).toEqual([
    { credit_type: 'goal_generation', balance: 3, allocated: 20 },
  ]);
  const goals = (await stats.get(caller)).balances.find(({ creditType }) => creditType === 'goal_generation');
  expect(goals).toMatchObject({ balance: 2n, allocated: 20n, used: 18n, percentUsed: 90, isLow: true });
  await upkeep.warnLow(MANY);
  expect(await eventsOf(caller, 'credits_low')).toHaveLength(1);
  // As calls of the gateway take them: no deduction told of it.
  await demo.owner.query('delete from weir.credit_warnings where organization_id = $1', [caller.organizationId]);
  await Promise.all([upkeep.warnLow(MANY), upkeep.warnLow(MANY)]);
  expect(await eventsOf(caller, 'credits_low')).toHaveLength(2);
  expect(await upkeep.warnLow(MANY)).toBe(0);
  await inDays(30).use.deduct(caller, { ...GOALS, amount: 19n }, null);
  expect(await eventsOf(caller, 'credits_low')).toHaveLength(3);
});

test('a refund after the lot has ended comes as a lot until the end of the running period', async () => {
  const caller = await place();
  const { ledgerId } = await inDays(0).use.deduct(caller, { ...GOALS, amount: 8n }, null);
  const later = inDays(40);
  await later.upkeep.expireLots(MANY);
  const refund = await later.ledger.refund(caller, ledgerId ?? '', 'it was our fault');
  expect(refund).toMatchObject({ amount: 8n, balance: 28n });
  expect(await entriesOf(caller)).toEqual(expect.arrayContaining(['expire -12', 'refund 8', 'expire -8', 'grant 8']));
  expect((await inDays(59).use.check(caller, GOALS)).balance).toBe(28n);
  expect((await inDays(60).use.check(caller, GOALS)).balance).toBe(20n);
});

test('a lower plan ends the spending, not the lots; a higher one again brings what is missing', async () => {
  const caller = await place();
  const { use } = inDays(0);
  const setPlan = (plan: string) =>
    demo.owner.query('update weir.organizations set pricing_plan = $2 where id = $1', [caller.organizationId, plan]);
  await use.deduct(caller, GOALS, null);
  await setPlan('starter');
  await expect(use.deduct(caller, GOALS, null)).rejects.toMatchObject({ code: 'plan_required' });
  await setPlan('pro');
  expect((await use.check(caller, GOALS)).balance).toBe(17n);
});

test('whatever happens at once, nothing is made twice or lost', async () => {
  const caller = await place();
  const { use, ledger, upkeep } = inDays(0);
  const [random, account] = [createSeededRandom(7), caller.organizationId];
  const gift = async (n: number): Promise<void> => {
    await demo.runtime.pool.query(
      `select weir.grant_credits($1, 'goal_generation', 5, 'promo', $2, null, now() - interval '1 hour', now() + interval '1 day' * $3)`,
      [account, `gift ${n}`, 1 + random.below(40)],
    );
  };
  const spend = async (amount: number): Promise<void> => {
    const taken = await use.deduct(caller, { ...GOALS, amount: BigInt(amount) }, null).catch(() => null);
    if (taken?.ledgerId === undefined || random.below(2) === 0) return;
    const later = inDays(random.below(50));
    // Two at once: one of them is told that it was done.
    await Promise.allSettled([1, 2].map(() => later.ledger.refund(caller, taken.ledgerId ?? '', '')));
  };
  const acts = Array.from({ length: 60 }, (_, n): (() => Promise<unknown>) => {
    if (n % 6 === 0) return () => gift(n);
    if (n % 6 === 1) return () => inDays(random.below(50)).upkeep.expireLots(1 + random.below(3));
    return () => spend(1 + random.below(9));
  });
  await Promise.all(acts.map((act) => act()));
  await upkeep.warnLow(MANY);
  const { items } = await ledger.list(caller, { limit: 100, creditType: GOALS.creditType });
  const refunds = items.filter(({ kind }) => kind === 'refund').map(({ refundOf }) => refundOf);
  expect(new Set(refunds).size).toBe(refunds.length);
  const { rows } = await demo.owner.query<{ left: string }>(
    'select sum(remaining) as left from weir.credit_grants where organization_id = $1 and credit_type = $2',
    [account, GOALS.creditType],
  );
  const entries = await demo.owner.query<{ left: string }>(
    'select sum(amount) as left from weir.credit_ledger where organization_id = $1 and credit_type = $2',
    [account, GOALS.creditType],
  );
  expect(rows).toEqual(entries.rows);
});

test('a call whose end nobody tells is given back after two days, and once: the end that comes after all gives nothing back', async () => {
  const caller = await place();
  const { organizationId } = caller;
  await inDays(0).use.check(caller, GOALS);
  const { rows: lots } = await demo.owner.query<{ id: string }>(
    `update weir.credit_grants set remaining = remaining - 3, consumed = consumed + 3
      where organization_id = $1 and credit_type = 'goal_generation' returning id`,
    [organizationId],
  );
  const lotIds = lots.map(({ id }) => id);
  await demo.owner.query(
    `insert into weir.usage_events (id, occurred_at, booked_at, sequence, organization_id, feature, model_id, provider, model_type, environment,
        route, input_tokens, output_tokens, cached_input_tokens, cache_write_tokens, reasoning_tokens, cache_write_1h_tokens, usage_source,
        cost_nano_usd, status, streamed, trial, retries, fallback_used, latency_ms, counter_ids, amounts, lot_ids, lot_amounts)
     select id, weir_private.uuid_v7_time(id), now(), 0, $1, 'goal_generation', 'a', 'p', 'catalog', 'production', 'chat_completions',
        1, 1, 0, 0, 0, 0, 'estimated', 1, 'error', false, false, 0, false, 1, '{}', '{}', $2, '{3}' from weir_private.uuid_v7() as id`,
    [organizationId, lotIds],
  );
  const { rows: entries } = await demo.owner.query<{ id: string }>(
    `insert into weir.credit_ledger (id, organization_id, credit_type, kind, amount, allocations, feature, request_id)
     select gen_random_uuid(), $1, 'goal_generation', 'deduct', -3, jsonb_build_array(jsonb_build_object('grant_id', $2::uuid, 'amount', 3)),
       'goal_generation', e.id from weir.usage_events e where e.organization_id = $1 returning id`,
    [organizationId, lotIds[0]],
  );
  const refund = (days: number) => inDays(days).ledger.refund(caller, entries[0]?.id ?? '', 'The server went away');
  await expect(refund(1)).rejects.toMatchObject({ code: 'conflict' });
  expect(await refund(3)).toMatchObject({ amount: 3n, balance: 20n });
  await demo.owner.query(
    `select weir_private.ledger_correct_event(e, e, 0, now()) from weir.usage_events e where e.organization_id = $1`,
    [organizationId],
  );
  expect((await inDays(3).use.check(caller, GOALS)).balance).toBe(20n);
  expect(await entriesOf(caller)).toEqual(expect.arrayContaining(['grant 20', 'deduct -3', 'refund 3']));
});
