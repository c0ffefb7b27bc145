// Proves: a replay blocks nobody anew for what is as it is today, never fewer for a tighter limit, by the ledger's windows; and costs what the calls cost.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { windowAt } from '../../../ledger/core/window.ts';
import { costOf, type Price } from '../../../primitives/price.ts';
import { joinCorrection, priceOfDay, type ReplayCall, repriced } from './impact-call.rules.ts';
import { priceCase, switchCase } from './impact-change.rules.ts';
import type { ImpactBudget, ImpactModel, ImpactPlan, ImpactTemplate } from './impact-facts.ts';
import { planCase } from './impact-plan.rules.ts';
import { countImpact, type ReplayScenario } from './impact-report.rules.ts';
import { budgetCase, countedFrom, messagesCase, quotaCase, templateCase } from './impact-scenario.rules.ts';
import { trackWindows } from './impact-windows.rules.ts';

const DAY_MS = 86_400_000;
/** A Thursday in the middle of a quarter. */
const FROM_MS = Date.UTC(2026, 7, 20);
const price: Price = {
  ...{ id: 'now', input: 150_000_000n, output: 600_000_000n, cachedInput: null, cacheWrite: null, cacheWrite1h: null },
  ...{ reasoning: null, perRequest: 0n, longContext: null },
};
const dearer: Price = { ...price, id: 'dearer', output: 1_200_000_000n };

let count = 0;
function call(atMs: number, columns: Partial<ReplayCall> & { readonly output?: bigint } = {}): ReplayCall {
  const { output = 50n, ...rest } = columns;
  const tokens = { input: 100n, output, cachedInput: 0n, cacheWrite: 0n, cacheWrite1h: 0n, reasoning: 0n };
  count += 1;
  return {
    ...{ id: `call ${count}`, atMs, organizationId: 'o', departmentId: null, userId: 'anna', keyId: null },
    ...{ templateId: '1', feature: null, modelId: 'x', modelType: 'catalog', route: 'chat_completions' },
    ...{ status: 'success', errorCode: null, tokenSource: 'provider', tokens, priceId: 'now', credits: null },
    ...{ costNanoUsd: costOf(price, tokens), providerCostNanoUsd: costOf(price, tokens), ...rest },
  };
}

const template: ImpactTemplate = {
  ...{ id: '1', slug: 'helper', limitTokens: 450n, limitPeriod: 'daily', isFree: false, ownLimits: new Map() },
};
const model = (id: string, more: Partial<ImpactModel> = {}): ImpactModel => ({
  ...{ id, tier: 'free', capabilities: ['chat'], contextWindow: null, maxOutputTokens: null, messagesPerDay: 4n },
  ...{ trialMessages: 0n, prices: [{ fromMs: 0, price }], ...more },
});
const budget = (amountNanoUsd: bigint, more: Partial<ImpactBudget> = {}): ImpactBudget => ({
  ...{ id: 'b', organizationId: 'o', scope: 'organization', reference: null, keyIds: [], period: 'weekly' },
  ...{ amountNanoUsd, enforcement: 'hard', rollover: false, ...more },
});
const own = (tokens: bigint | null, of = template) =>
  templateCase(of, { organizationId: 'o', isOwnLimit: true, tokens, period: null }).scenario;
const quota = (current: bigint, proposed: bigint | null) =>
  quotaCase({ organizationIds: ['o'], freeTemplates: new Set(['9']), currentOf: () => current, proposed }).scenario;
const messages = (proposed: bigint | null) =>
  messagesCase(model('x'), { organizationId: 'o', messages: proposed }).scenario;
const money = (amount: bigint, rollover = false) =>
  budgetCase(budget(150_000n, { rollover }), budget(amount, { rollover }), 'o').scenario;

function reportOf(scenario: ReplayScenario, calls: readonly ReplayCall[], fromMs = FROM_MS) {
  const counting = countImpact(scenario, fromMs);
  for (const each of calls) counting.count(each);
  return counting.report();
}

const arbitraryCalls = fc
  .array(
    fc.record({
      // Half of them within the windows that are open at the start.
      atMs: fc.integer({ min: FROM_MS - 20 * DAY_MS, max: FROM_MS + 20 * DAY_MS }),
      userId: fc.constantFrom('anna', 'bert', null),
      output: fc.bigInt({ min: 0n, max: 500n }),
      status: fc.constantFrom('success', 'success', 'error', 'cancelled'),
      modelId: fc.constantFrom('x', 'y'),
      templateId: fc.constantFrom('1', '9', null),
      route: fc.constantFrom('chat_completions', 'chat_completions', 'recorded'),
    }),
    { maxLength: 80 },
  )
  .map((calls) => calls.sort((a, b) => a.atMs - b.atMs).map(({ atMs, ...columns }) => call(atMs, columns)));

it('what an organization tells of is on no budget over all organizations, as in the gateway', () => {
  const wide = budget(40_000n, { organizationId: null, scope: 'platform' });
  const calls = [call(FROM_MS, { route: 'recorded' }), call(FROM_MS + 1), call(FROM_MS + 2)];
  expect(reportOf(budgetCase(null, wide, null).scenario, calls).totals.blockedCalls).toBe(1);
  expect(reportOf(money(40_000n), calls).totals.blockedCalls).toBe(2);
});

describe('whatever was called', () => {
  it('is blocked by nothing that is as it is today, and costs what it cost', () => {
    const today = [
      ...[own(450n), own(null), quota(2_000n, 2_000n), messages(4n), money(150_000n), money(150_000n, true)],
      priceCase(model('x'), price, { organizationId: 'o', budgets: [budget(150_000n)] }).scenario,
    ];
    fc.assert(
      fc.property(arbitraryCalls, fc.constantFrom(...today), (calls, scenario) => {
        const { totals, freed } = reportOf(scenario, calls);
        expect([totals.blockedCalls, totals.blockedPeople, freed]).toEqual([0, 0, 0]);
        expect(totals.wouldBeNanoUsd).toBe(totals.asWasNanoUsd);
      }),
    );
  });

  it('is blocked no less by a tighter limit', () => {
    const tighter: ((limit: bigint) => ReplayScenario)[] = [
      ...[
        (limit: bigint) => own(limit),
        (limit: bigint) => quota(9_999n, limit),
        (limit: bigint) => messages(limit / 100n),
      ],
      ...[(limit: bigint) => money(limit * 100n), (limit: bigint) => money(limit * 100n, true)],
    ];
    const limits = fc.bigInt({ min: 1n, max: 3_000n });
    fc.assert(
      fc.property(arbitraryCalls, fc.constantFrom(...tighter), limits, limits, (calls, of, a, b) => {
        const [low, high] = a < b ? [a, b] : [b, a];
        const [tight, loose] = [reportOf(of(low), calls), reportOf(of(high), calls)];
        expect(tight.totals.blockedCalls).toBeGreaterThanOrEqual(loose.totals.blockedCalls);
        expect(tight.totals.blockedPeople).toBeGreaterThanOrEqual(loose.totals.blockedPeople);
        expect(tight.totals.wouldBeNanoUsd).toBeLessThanOrEqual(loose.totals.wouldBeNanoUsd);
      }),
    );
  });

  it('costs the same when a model goes to itself, and is blocked by nothing', () => {
    const prices = [
      { fromMs: 0, price },
      { fromMs: FROM_MS + DAY_MS, price: dearer },
    ];
    const x = model('x', { prices, tier: 'premium' });
    const facts = { from: x, to: x, rights: [], budgets: [budget(150_000n)], organizationId: 'o', nowMs: FROM_MS };
    fc.assert(
      fc.property(arbitraryCalls, (calls) => {
        const { totals, notes } = reportOf(switchCase(facts).scenario, calls);
        expect([totals.blockedCalls, totals.wouldBeNanoUsd, notes.size]).toEqual([0, totals.asWasNanoUsd, 0]);
      }),
    );
  });

  it('adds up the same by days, organizations and people', () => {
    fc.assert(
      fc.property(arbitraryCalls, (calls) => {
        const { totals, days, organizations, people, reasons } = reportOf(own(200n), calls);
        const sum = (values: Iterable<number>) => [...values].reduce((a, b) => a + b, 0);
        for (const groups of [days, organizations]) {
          expect(sum([...groups.values()].map(({ calls: each }) => each))).toBe(totals.calls);
          expect(sum([...groups.values()].map(({ blockedCalls }) => blockedCalls))).toBe(totals.blockedCalls);
        }
        expect(sum([...people.values()].map(({ blockedCalls }) => blockedCalls))).toBe(totals.blockedCalls);
        expect(sum(reasons.values())).toBe(totals.blockedCalls);
      }),
    );
  });
});

describe('a limit', () => {
  it('blocks each person from what reached it to the end of the window, and in the next not', () => {
    const hours = [1, 2, 3, 4, 30];
    const calls = hours.flatMap((hour) => [call(FROM_MS + hour * 3_600_000)]);
    const report = reportOf(own(250n), [...calls, call(FROM_MS + 31 * 3_600_000, { userId: 'bert' })]);
    // 150 and 300 of 250: the second is cut short, the third and fourth are blocked; without a proposal the fourth would be.
    expect([report.totals.blockedCalls, report.blockedEitherWay, report.cutShort]).toEqual([1, 1, 1]);
    expect([...report.people.values()]).toMatchObject([
      {
        userId: 'anna',
        blockedCalls: 1,
        calls: 5,
        code: 'user_limit_exceeded',
        firstBlockedMs: FROM_MS + 3 * 3_600_000,
      },
      { userId: 'bert', blockedCalls: 0 },
    ]);
  });

  it('counts from the start of a window that was open before the range, and tells of nothing there', () => {
    const scenario = quota(10_000n, 300n);
    expect(countedFrom(scenario, FROM_MS)).toBe(windowAt({ kind: 'month' }, FROM_MS).startMs);
    const report = reportOf(scenario, [
      call(FROM_MS - DAY_MS),
      call(FROM_MS - DAY_MS),
      call(FROM_MS),
      call(FROM_MS + 1),
    ]);
    expect([report.totals.calls, report.totals.blockedCalls]).toEqual([2, 2]);
  });

  it('of a free template is none, and its calls are on no quota', () => {
    const calls = [call(FROM_MS, { templateId: '9' }), call(FROM_MS + 1, { templateId: '9' })];
    expect(reportOf(own(1n, { ...template, id: '9', isFree: true }), calls).totals.blockedCalls).toBe(0);
    expect(reportOf(quota(10_000n, 1n), calls).totals.blockedCalls).toBe(0);
  });

  it('leaves the next window what it did not use, once, where a budget says so', () => {
    const week = 7 * DAY_MS;
    const start = windowAt({ kind: 'week' }, FROM_MS + week).startMs;
    const calls = [1, 2, 3, 4].map((hour) => call(start + hour, { costNanoUsd: 40n }));
    const before = call(start - 1, { costNanoUsd: 70n });
    const hard = (rollover: boolean) => budgetCase(null, budget(100n, { rollover }), 'o').scenario;
    expect(reportOf(hard(false), [before, ...calls]).totals.blockedCalls).toBe(1);
    expect(reportOf(hard(true), [before, ...calls]).totals.blockedCalls).toBe(0);
    const track = trackWindows(budgetCase(null, budget(100n, { rollover: true }), 'o').tracked as never);
    for (const each of [before, ...calls]) track.count(each, each.costNanoUsd ?? 0n);
    expect(track.windowsAfter(start)).toMatchObject([{ limit: 130n, demand: 160n, reachedMs: start + 4 }]);
  });

  it('counts a call that was made elsewhere, and never blocks it', () => {
    const told = [1, 2, 3].map((at) => call(FROM_MS + at, { route: 'recorded' }));
    const report = reportOf(own(300n, { ...template, limitTokens: null }), [...told, call(FROM_MS + 4)]);
    expect([report.totals.calls, report.totals.blockedCalls]).toEqual([4, 1]);
  });

  it('takes a refused call for no demand, and counts it', () => {
    const denied = call(FROM_MS, { status: 'denied', errorCode: 'user_limit_exceeded', tokens: call(0).tokens });
    const report = reportOf(own(1n), [denied, { ...denied, id: 'again' }, call(FROM_MS + 1)]);
    expect([report.totals.calls, report.totals.blockedCalls, report.denied.calls, report.denied.people]).toEqual([
      1, 0, 2, 1,
    ]);
  });
});

describe('another price or model', () => {
  it('costs by its lines what was charged, and leaves what was not, what is estimated and what was given', () => {
    const charged = call(FROM_MS);
    expect(repriced(charged, dearer)).toBe(costOf(dearer, charged.tokens));
    expect(repriced({ ...charged, costNanoUsd: null }, dearer)).toBe(costOf(dearer, charged.tokens));
    expect(repriced({ ...charged, costNanoUsd: 0n }, dearer)).toBe(0n);
    expect(repriced({ ...charged, tokenSource: 'estimated', costNanoUsd: 7n }, dearer)).toBe(7n);
    expect(repriced({ ...charged, route: 'recorded', priceId: null, costNanoUsd: 8n }, dearer)).toBe(8n);
  });

  it('makes a hard budget block whom it did not', () => {
    const calls = [1, 2, 3, 4].map((at) => call(FROM_MS + at, { output: 1_000n }));
    const cost = calls[0]?.costNanoUsd ?? 0n;
    const report = reportOf(
      priceCase(model('x'), dearer, { organizationId: 'o', budgets: [budget(cost * 4n)] }).scenario,
      [...calls, call(FROM_MS + 5, { modelId: 'y', output: 0n, status: 'error', costNanoUsd: 0n })],
    );
    // The fifth both block: it isn't this model's, and not told of.
    expect(report.totals).toMatchObject({ calls: 4, blockedCalls: 1, blockedPeople: 1 });
  });

  it('flags what does not fit, blocks who has no right, and counts both models’ messages of the day', () => {
    const to = model('y', {
      contextWindow: 120n,
      maxOutputTokens: 40n,
      messagesPerDay: 3n,
      prices: [{ fromMs: 0, price: dearer }],
    });
    const facts = {
      from: model('x', { capabilities: ['chat', 'tools'] }),
      to,
      rights: [],
      budgets: [],
      organizationId: 'o',
      nowMs: 0,
    };
    const calls = [call(FROM_MS, { modelId: 'y' }), ...[1, 2, 3].map((at) => call(FROM_MS + at))];
    const open = switchCase(facts);
    expect(open.missingCapabilities).toEqual(['tools']);
    const { totals, notes, reasons } = reportOf(open.scenario, calls);
    expect([totals.calls, [...reasons]]).toEqual([3, [['daily_message_limit', 1]]]);
    expect(Object.fromEntries(notes)).toEqual({ beyond_context_window: 3, beyond_max_output: 3 });
    const premium = { ...facts, to: { ...to, tier: 'premium' as const, messagesPerDay: null } };
    expect([...reportOf(switchCase(premium).scenario, calls).reasons]).toEqual([['model_locked', 3]]);
    const right = {
      modelId: 'y',
      userId: 'anna',
      organizationId: null,
      source: 'purchase' as const,
      expiresAtMs: null,
    };
    expect(reportOf(switchCase({ ...premium, rights: [right] }).scenario, calls).totals.blockedCalls).toBe(0);
  });

  it('takes the price that a call names, else that of its day, else the first', () => {
    const history = [
      { fromMs: 10, price },
      { fromMs: 20, price: dearer },
    ];
    const priceId = null;
    expect(priceOfDay(history, { atMs: 5, priceId })).toBe(price);
    expect(priceOfDay(history, { atMs: 20, priceId })).toBe(dearer);
    expect(priceOfDay(history, { atMs: 20, priceId: 'now' })).toBe(price);
    expect(priceOfDay([], { atMs: 20, priceId })).toBeNull();
  });

  it('takes a call and its correction as one', () => {
    const estimate = call(FROM_MS, { status: 'timeout', tokenSource: 'estimated', costNanoUsd: 90n });
    const correction = { ...call(FROM_MS), id: estimate.id, costNanoUsd: -20n };
    expect(joinCorrection(estimate, correction)).toMatchObject({
      status: 'success',
      tokenSource: 'provider',
      costNanoUsd: 70n,
    });
  });
});

describe('another plan', () => {
  const plan = (slug: string, level: number, more: Partial<ImpactPlan> = {}): ImpactPlan => ({
    ...{
      slug,
      level,
      quota: null,
      monthlyNanoUsd: 0n,
      canUseCredits: true,
      allocations: new Map([['goals', null]]),
      ...more,
    },
  });
  const facts = {
    organization: { id: 'o', plan: 'enterprise', ownQuota: null, creditAnchorMs: FROM_MS },
    current: plan('enterprise', 3),
    ...{ freeTemplates: new Set<string>(), requiredLevels: new Map([['7', 3]]), premium: new Map([['z', 0n]]) },
    features: new Map([['goal', { type: 'goals', amount: 3n }]]),
    rights: [{ modelId: 'z', userId: null, organizationId: 'o', source: 'plan' as const, expiresAtMs: null }],
  };
  const reasonsOf = (proposed: ImpactPlan, calls: readonly ReplayCall[]) =>
    Object.fromEntries(reportOf(planCase({ ...facts, proposed }).scenario, calls).reasons);
  const goals = Array.from({ length: 8 }, (_, at) => call(FROM_MS + at, { feature: 'goal', templateId: null }));

  it('gives six uses of three credits out of twenty, of calls and of applications together', () => {
    const pro = plan('pro', 2, { allocations: new Map([['goals', 20n]]) });
    const taken = { ...call(FROM_MS + 100), credits: { type: 'goals', amount: 3n } };
    expect(reasonsOf(pro, [...goals, taken])).toEqual({ insufficient_credits: 3 });
    expect(reasonsOf(pro, [...goals.slice(2), { ...taken, atMs: FROM_MS + 30 * DAY_MS }])).toEqual({});
  });

  it('takes away templates, credits and rights of the plan, and its quota', () => {
    const starter = plan('starter', 1, { canUseCredits: false, quota: 400n });
    const calls = [call(FROM_MS, { templateId: '7' }), ...goals.slice(0, 1), call(FROM_MS + 50, { modelId: 'z' })];
    expect(reasonsOf(starter, calls)).toEqual({ plan_required: 2, model_locked: 1 });
    expect(
      reasonsOf(
        starter,
        [1, 2, 3, 4].map((at) => call(FROM_MS + at)),
      ),
    ).toEqual({ organization_quota_exceeded: 1 });
    expect(reasonsOf(plan('enterprise', 3), [...calls, ...goals.slice(1)])).toEqual({});
  });
});
