// Owns: what a proposal of one limit comes to: the rules in force, the proposed ones, and the calls it is about. Pure. Not: plans, prices and models
// (impact-change.rules.ts), or reading the facts (impact-preparation.ts).

import { windowAt } from '../../../ledger/core/window.ts';
import { formatUsd } from '../../../primitives/amounts.ts';
import type { ImpactBudget, ImpactModel, ImpactTemplate } from './impact-facts.ts';
import type { ReplayMeter } from './impact-replay.rules.ts';
import type { ReplayScenario } from './impact-report.rules.ts';
import type { DeniedScope, ReplayScope } from './impact-usage.queries.ts';
import { budgetMeter, messagesMeter, quotaMeter, templateMeter, worldOf } from './impact-world.rules.ts';

/** What is shown of one limit. Amounts as text in their unit; null: none, or not one for all. */
interface LimitTerms {
  readonly meter: string;
  readonly unit: 'tokens' | 'messages' | 'usd';
  readonly window: string;
  readonly current: string | null;
  readonly proposed: string | null;
}

/** A proposal, ready to be replayed. */
export interface ImpactCase {
  readonly scenario: ReplayScenario;
  readonly scope: ReplayScope;
  readonly denied: DeniedScope;
  readonly limit: LimitTerms | null;
  /** The limit whose windows are told of one by one. */
  readonly tracked: ReplayMeter | null;
  readonly missingCapabilities: readonly string[] | null;
  readonly assumptions: readonly string[];
}

/** What proposals of one limit have in common. */
export const LIMIT_CASE = { missingCapabilities: null, tracked: null } as const;
const SINGLE_LIMIT = 'Only this limit is replayed; calls that others refused then are no demand.';

const text = (amount: bigint | null): string | null => (amount === null ? null : amount.toString());
const usd = (amount: bigint | null): string | null => (amount === null ? null : formatUsd(amount));

/** Two meters against each other; null: no limit. */
function limitScenario(current: ReplayMeter | null, proposed: ReplayMeter): ReplayScenario {
  return {
    current: current === null ? worldOf() : worldOf(current),
    proposed: worldOf(proposed),
    notesOf: () => [],
    isAbout: () => true,
  };
}

/** Where windows that are open at the start of the range begin; with rollover the ones before them. */
export function countedFrom({ current, proposed }: ReplayScenario, fromMs: number): number {
  const starts = [...current.meters, ...proposed.meters].map(({ window, rollover }) => {
    const { startMs } = windowAt(window, fromMs);
    return rollover ? windowAt(window, startMs - 1).startMs : startMs;
  });
  return Math.min(fromMs, ...starts);
}

/** Another limit for each person on a template: an organization's own, or with null the template's. */
export function templateCase(
  template: ImpactTemplate,
  proposal: {
    readonly organizationId: string | null;
    readonly isOwnLimit: boolean;
    readonly tokens: bigint | null;
    readonly period: ImpactTemplate['limitPeriod'];
  },
): ImpactCase {
  const { id, slug, isFree, limitPeriod, limitTokens, ownLimits } = template;
  const { organizationId, isOwnLimit, tokens } = proposal;
  const period = proposal.period ?? limitPeriod;
  const now = (organization: string): bigint | null => (isFree ? null : (ownLimits.get(organization) ?? limitTokens));
  const then = (organization: string): bigint | null => {
    if (isFree) return null;
    return isOwnLimit ? (tokens ?? limitTokens) : (ownLimits.get(organization) ?? tokens);
  };
  const proposed = templateMeter({ templateId: id, period, limitOf: then });
  return {
    ...LIMIT_CASE,
    scenario: limitScenario(templateMeter({ templateId: id, period: limitPeriod, limitOf: now }), proposed),
    scope: { organizationIds: organizationId === null ? null : [organizationId], templateId: id },
    denied: { codes: [proposed.code], names: [`template:${slug}`, `template:id:${id}`], templateId: id },
    limit: {
      ...{ meter: 'template_limit', unit: 'tokens', window: proposed.window.kind },
      current: text(organizationId === null ? limitTokens : now(organizationId)),
      proposed: text(organizationId === null ? tokens : then(organizationId)),
    },
    assumptions: [
      SINGLE_LIMIT,
      ...(isFree ? ['The template is free: no limit of tokens applies to it.'] : []),
      ...(isOwnLimit ? [] : ['Organizations with a limit of their own for the template keep it.']),
    ],
  };
}

/** Another monthly quota of some organizations. */
export function quotaCase(terms: {
  readonly organizationIds: readonly string[];
  readonly freeTemplates: ReadonlySet<string>;
  readonly currentOf: (organizationId: string) => bigint | null;
  readonly proposed: bigint | null;
}): ImpactCase {
  const { organizationIds, freeTemplates, currentOf, proposed: limit } = terms;
  const [only] = organizationIds.length === 1 ? organizationIds : [];
  const proposed = quotaMeter({ freeTemplates, limitOf: () => limit });
  return {
    ...LIMIT_CASE,
    scenario: limitScenario(quotaMeter({ freeTemplates, limitOf: currentOf }), proposed),
    scope: { organizationIds },
    denied: { codes: [proposed.code], names: null },
    tracked: only === undefined ? null : proposed,
    limit: {
      ...{ meter: 'organization_quota', unit: 'tokens', window: 'month' },
      current: only === undefined ? null : text(currentOf(only)),
      proposed: text(limit),
    },
    assumptions: [SINGLE_LIMIT, 'Templates that are free today were free all the time.'],
  };
}

/** Another number of messages to a model for each person and day. */
export function messagesCase(
  model: ImpactModel,
  proposal: { readonly organizationId: string | null; readonly messages: bigint | null },
): ImpactCase {
  const { id, messagesPerDay } = model;
  const { organizationId, messages } = proposal;
  const meter = (limit: bigint | null) => messagesMeter({ modelId: id, limit, servedBy: ({ modelId }) => modelId });
  return {
    ...LIMIT_CASE,
    scenario: limitScenario(meter(messagesPerDay), meter(messages)),
    scope: { organizationIds: organizationId === null ? null : [organizationId], models: [id] },
    denied: { codes: ['daily_message_limit'], names: [id] },
    limit: {
      ...{ meter: 'daily_messages', unit: 'messages', window: 'day' },
      ...{ current: text(messagesPerDay), proposed: text(messages) },
    },
    assumptions: [SINGLE_LIMIT],
  };
}

/** A new budget, or another form of one that there is; `current` null: there is none, or it is not active. */
export function budgetCase(
  current: ImpactBudget | null,
  proposed: ImpactBudget,
  organizationId: string | null,
): ImpactCase {
  const meter = budgetMeter(proposed);
  const home = proposed.organizationId ?? organizationId;
  return {
    ...LIMIT_CASE,
    scenario: limitScenario(current === null ? null : budgetMeter(current), meter),
    scope: { organizationIds: home === null ? null : [home], ...scopeOf(proposed) },
    denied: { codes: [meter.code], names: null },
    tracked: meter,
    limit: {
      ...{ meter: 'budget', unit: 'usd', window: meter.window.kind },
      ...{ current: usd(current?.amountNanoUsd ?? null), proposed: usd(proposed.amountNanoUsd) },
    },
    assumptions: [
      SINGLE_LIMIT,
      'The budget was in force, with this amount, in all windows.',
      ...(proposed.enforcement === 'soft'
        ? ['A soft budget blocks nobody: see `windows` for when it is reached.']
        : []),
      ...(proposed.organizationId === null && organizationId !== null
        ? ['Of a budget over all organizations only this organization’s calls are replayed.']
        : []),
    ],
  };
}

function scopeOf({ scope, reference, keyIds }: ImpactBudget): Omit<ReplayScope, 'organizationIds'> {
  if (scope === 'key') return { keyIds };
  if (reference === null) return {};
  if (scope === 'department') return { departmentId: reference };
  if (scope === 'user') return { userId: reference };
  return scope === 'feature' ? { feature: reference } : {};
}
