// Owns: an impact preview as JSON. Pure. Not: what it says.

import type { z } from 'zod';
import { IMPACT_ROWS_MAX, type impactSchema, type platformImpactSchema } from '../../../contracts/analytics/impact.ts';
import { formatUsd } from '../../../primitives/amounts.ts';
import { changePercent } from '../usage-range.rules.ts';
import type { ImpactAnswer } from './impact.service.ts';
import { mostAffected, mostBlocked } from './impact-ranking.rules.ts';
import type { ImpactPerson, ImpactSums } from './impact-report.rules.ts';

type ImpactJson = z.input<typeof impactSchema>;
type PlatformImpactJson = z.input<typeof platformImpactSchema>;

const moment = (ms: number): string => new Date(ms).toISOString();
const usd = (nanoUsd: bigint | null): string | null => (nanoUsd === null ? null : formatUsd(nanoUsd));
const shareOf = (part: number, whole: number): number =>
  whole === 0 ? 0 : Math.round((part / whole) * 10_000) / 10_000;

/** What every preview rests on. */
const ASSUMPTIONS = [
  'People would have called as they did; nobody who was blocked would have tried less, more, or elsewhere.',
  'A call counts when it began, with what it used in the end; calls of the same moment do not hold room for each other.',
  'Whoever finds anything left of a limit is let through: the gateway shortens an answer to what is left. Credits are taken whole.',
  'Blocked are calls that the proposal refuses and what is in force today does not.',
];

/** For an organization's admins. */
export function impactJson(answer: ImpactAnswer): ImpactJson {
  const { kind, prepared, report, events, truncated } = answer;
  const { totals, people, reasons, denied, notes } = report;
  return {
    ...{ kind, as_of: moment(answer.asOfMs), from: moment(answer.fromMs), to: moment(answer.toMs) },
    ...{ replayed_to: moment(answer.replayedToMs), counted_from: moment(answer.countedFromMs) },
    ...{ events_replayed: events, sampled: false, truncated, limit: prepared.limit },
    calls: {
      total: totals.calls,
      blocked: totals.blockedCalls,
      blocked_share: shareOf(totals.blockedCalls, totals.calls),
      ...{ freed: report.freed, blocked_either_way: report.blockedEitherWay, cut_short: report.cutShort },
    },
    people: {
      ...{ active: people.size, blocked: totals.blockedPeople },
      list: mostBlocked(people, IMPACT_ROWS_MAX).map((person) => personJson(person, answer)),
    },
    reasons: [...reasons].map(([code, calls]) => ({ code, blocked_calls: calls })),
    days: [...report.days].map(([day, sums]) => ({
      ...{ day: moment(day).slice(0, 10), ...blockedJson(sums), ...costJson(sums) },
    })),
    cost: {
      ...costJson(totals),
      change_percent: changePercent(totals.wouldBeNanoUsd, totals.asWasNanoUsd),
      ...{ unpriced_calls: report.unpriced, not_repriced_calls: report.notRepriced },
    },
    windows: windowsJson(answer),
    denied_then: {
      ...{ calls: denied.calls, people: denied.people },
      reasons: [...denied.reasons].map(([code, calls]) => ({ code, calls })),
    },
    fit: prepared.missingCapabilities && {
      missing_capabilities: [...prepared.missingCapabilities],
      beyond_context_window: notes.get('beyond_context_window') ?? 0,
      beyond_max_output: notes.get('beyond_max_output') ?? 0,
      on_trial: notes.get('on_trial') ?? 0,
    },
    plan: prepared.plans && {
      ...{ current: prepared.plans.current.slug, proposed: prepared.plans.proposed.slug },
      current_monthly_usd: usd(prepared.plans.current.monthlyNanoUsd),
      proposed_monthly_usd: usd(prepared.plans.proposed.monthlyNanoUsd),
    },
    assumptions: [...ASSUMPTIONS, ...prepared.assumptions],
  };
}

/** For superadmins: with the organizations. */
export function platformImpactJson(answer: ImpactAnswer): PlatformImpactJson {
  const { organizations } = answer.report;
  const list = mostAffected(organizations, IMPACT_ROWS_MAX).map(([id, sums]) => ({
    organization: { id, name: answer.names.get(id) ?? null },
    ...{ ...blockedJson(sums), ...costJson(sums) },
  }));
  const blocked = [...organizations.values()].filter(({ blockedCalls }) => blockedCalls > 0).length;
  return { ...impactJson(answer), organizations: { active: organizations.size, blocked, list } };
}

function personJson(person: ImpactPerson, { names }: ImpactAnswer): ImpactJson['people']['list'][number] {
  const { userId, organizationId, calls, blockedCalls, daysBlocked, code, firstBlockedMs } = person;
  return {
    user: userId === null ? null : { id: userId, name: names.get(userId) ?? null },
    ...{ organization_id: organizationId, first_blocked_at: moment(firstBlockedMs ?? 0), days_blocked: daysBlocked },
    ...{ blocked_calls: blockedCalls, calls, blocked_share: shareOf(blockedCalls, calls), code: code ?? '' },
  };
}

function blockedJson({ calls, blockedCalls, blockedPeople }: ImpactSums) {
  return { calls, blocked_calls: blockedCalls, blocked_people: blockedPeople };
}

function costJson({ asWasNanoUsd, wouldBeNanoUsd }: ImpactSums) {
  return {
    as_was_usd: formatUsd(asWasNanoUsd),
    would_be_usd: formatUsd(wouldBeNanoUsd),
    difference_usd: formatUsd(wouldBeNanoUsd - asWasNanoUsd),
  };
}

function windowsJson({ windows, prepared }: ImpactAnswer): ImpactJson['windows'] {
  if (windows === null) return null;
  const text = (amount: bigint): string => (prepared.limit?.unit === 'usd' ? formatUsd(amount) : amount.toString());
  return windows.map(({ startMs, endMs, limit, demand, reachedMs }) => ({
    ...{ from: moment(startMs), to: moment(endMs), limit: text(limit), demand: text(demand) },
    reached_at: reachedMs === null ? null : moment(reachedMs),
  }));
}
