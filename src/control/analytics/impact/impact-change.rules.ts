// Owns: what another price or model comes to: the rules in force, the proposed ones, and the calls it is about. Pure. Not: single limits
// (impact-scenario.rules.ts), plans (impact-plan.rules.ts), or reading the facts (impact-preparation.ts).

import { winningRight } from '../../../contracts/entitlements/model-right.ts';
import type { Price } from '../../../primitives/price.ts';
import { priceOfDay, type ReplayCall, repriced } from './impact-call.rules.ts';
import type { ImpactBudget, ImpactModel, ImpactRight } from './impact-facts.ts';
import type { ReplayMeter } from './impact-replay.rules.ts';
import { type ImpactCase, LIMIT_CASE } from './impact-scenario.rules.ts';
import type { ReplayScope } from './impact-usage.queries.ts';
import { budgetMeter, messagesMeter, OPEN_WORLD } from './impact-world.rules.ts';

const BUDGETS_AS_TODAY =
  'Hard budgets that are active today were in force all the time; other limits are not replayed.';
const OWN_BUDGETS_ONLY = 'Budgets over all organizations are not replayed: their other calls are not looked at.';

/** Which calls share hard budgets with those of some models. */
function budgetScope(
  models: readonly string[],
  { organizationId, budgets }: { readonly organizationId: string | null; readonly budgets: readonly ImpactBudget[] },
): ReplayScope {
  const organizationIds = organizationId === null ? null : [organizationId];
  // A budget over all organizations is shared by all calls.
  if (budgets.some((budget) => budget.organizationId === null)) return { organizationIds };
  const sharing = budgets.flatMap((budget) => (budget.organizationId === null ? [] : [budget.organizationId]));
  return { organizationIds, models, orOrganizationIds: [...new Set(sharing)] };
}

/** Other prices of a model. */
export function priceCase(
  model: ImpactModel,
  price: Price,
  { organizationId, budgets }: { readonly organizationId: string | null; readonly budgets: readonly ImpactBudget[] },
): ImpactCase {
  const meters = budgets.map(budgetMeter);
  const isAbout = ({ modelId }: ReplayCall): boolean => modelId === model.id;
  return {
    ...LIMIT_CASE,
    scenario: {
      current: { ...OPEN_WORLD, meters },
      proposed: {
        ...{ ...OPEN_WORLD, meters },
        costOf: (call) => (isAbout(call) ? repriced(call, price) : call.costNanoUsd),
      },
      notesOf: () => [],
      isAbout,
    },
    scope: budgetScope([model.id], { organizationId, budgets }),
    denied: { codes: ['budget_exceeded'], names: [model.id] },
    limit: null,
    assumptions: [BUDGETS_AS_TODAY, ...(organizationId === null ? [] : [OWN_BUDGETS_ONLY])],
  };
}

/** What is known for a switch of models. */
interface SwitchFacts {
  readonly from: ImpactModel;
  readonly to: ImpactModel;
  /** Rights to the other model. */
  readonly rights: readonly ImpactRight[];
  readonly budgets: readonly ImpactBudget[];
  readonly organizationId: string | null;
  readonly nowMs: number;
}

/** Calls of a model go to another one, with their tokens as they were. */
export function switchCase(facts: SwitchFacts): ImpactCase {
  const { from, to, budgets, organizationId } = facts;
  const isAbout = ({ modelId }: ReplayCall): boolean => modelId === from.id;
  const money = budgets.map(budgetMeter);
  const messages = (servedBy: (call: ReplayCall) => string): ReplayMeter[] =>
    [...new Map([from, to].map((model) => [model.id, model])).values()].map(({ id, messagesPerDay }) =>
      messagesMeter({ modelId: id, limit: messagesPerDay, servedBy }),
    );
  const right = rightReader(facts);
  const isFit = (call: ReplayCall): boolean => isAbout(call) && from.id !== to.id;
  const { input: noInput, output: noOutput } = { input: to.contextWindow, output: to.maxOutputTokens };
  return {
    ...LIMIT_CASE,
    scenario: {
      current: { ...OPEN_WORLD, meters: [...messages(({ modelId }) => modelId), ...money] },
      proposed: {
        meters: [...messages((call) => (isAbout(call) ? to.id : call.modelId)), ...money],
        refusalOf: (call) => (isFit(call) && right(call) === 'none' ? 'model_locked' : null),
        costOf(call) {
          const price = isAbout(call) ? priceOfDay(to.prices, call) : null;
          return price === null ? call.costNanoUsd : repriced(call, price);
        },
      },
      notesOf(call) {
        if (!isFit(call)) return [];
        const { input, output } = call.tokens;
        return [
          ...(noInput !== null && input + output > noInput ? ['beyond_context_window'] : []),
          ...(noOutput !== null && output > noOutput ? ['beyond_max_output'] : []),
          ...(right(call) === 'trial' ? ['on_trial'] : []),
        ];
      },
      isAbout,
    },
    // Messages of the day are of both models.
    scope: budgetScope([from.id, to.id], { organizationId, budgets }),
    denied: { codes: ['daily_message_limit', 'budget_exceeded', 'model_locked'], names: [from.id] },
    limit: null,
    missingCapabilities: from.capabilities.filter((capability) => !to.capabilities.includes(capability)),
    assumptions: [
      'Each call takes as many tokens of the other model as it took; models count and answer differently.',
      'The other model’s price is that of the call’s day, or its first where it is younger.',
      'Calls that do not fit the other model are flagged in `fit` and not blocked; trial messages are taken to last.',
      BUDGETS_AS_TODAY,
      ...(organizationId === null ? [] : [OWN_BUDGETS_ONLY]),
    ],
  };
}

/** Whether a person may use the other model, each looked up once. */
function rightReader({ to, rights, nowMs }: SwitchFacts): (call: ReplayCall) => 'right' | 'trial' | 'none' {
  if (to.tier === 'free') return () => 'right';
  const inForce = rights.filter((right) => winningRight([right], nowMs) !== null);
  const holders = new Set(inForce.map(({ userId, organizationId }) => userId ?? organizationId));
  const otherwise = to.trialMessages > 0n ? 'trial' : 'none';
  return ({ modelType, userId, organizationId }) =>
    modelType === 'system' || holders.has(organizationId) || (userId !== null && holders.has(userId))
      ? 'right'
      : otherwise;
}
