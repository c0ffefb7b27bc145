// Owns: judging: from what was measured and the rules that hold to what is wrong. Pure. Not: measuring (alert-signal.queries.ts), or what follows
// (alert-evaluation.service.ts).

import { ALERT_RULES, type AlertRuleKey } from '../../contracts/notifications/alert-rules.ts';
import type { LatencyClass } from '../../contracts/notifications/latency-classes.ts';
import type { EffectiveRule } from './alert-rule.rules.ts';
import { type Latencies, latencyFigures } from './latency.rules.ts';

/** Calls of one kind, added up over a window. */
export interface UseRow {
  readonly organizationId: string;
  readonly provider: string;
  readonly modelId: string;
  readonly status: string;
  readonly errorCode: string | null;
  readonly requests: number;
  readonly fallbacks: number;
  readonly unpriced: number;
  readonly estimated: number;
  /** Made elsewhere and told of. Sums by the hour, which long windows are read from, do not know. */
  readonly isRecorded?: boolean;
}

/** What an organization spent on a day. */
export interface DailySpend {
  readonly organizationId: string;
  /** `2026-01-31`, in UTC. */
  readonly day: string;
  readonly nanoUsd: bigint;
}

/** Everything that was measured. Null: it could not be, and what is open stays as it is. */
export interface Signals {
  readonly nowMs: number;
  readonly today: string;
  /** By minutes of the window. */
  readonly use: ReadonlyMap<number, readonly UseRow[]>;
  readonly spend: readonly DailySpend[];
  readonly driftedCounters: number | null;
  readonly lateJobs: readonly { readonly job: string; readonly minutes: number }[] | null;
  /** 0 to 1. */
  readonly diskUse: number | null;
  readonly certificate: Certificate | null;
  /** By minutes of the window. */
  readonly latencies: ReadonlyMap<number, Latencies>;
}

/** The certificate of the public address: when it ends, or why it can't be relied on. */
export type Certificate =
  | { readonly host: string; readonly endsAtMs: number }
  | { readonly host: string; readonly fault: string };

/** Something that is beyond its threshold. */
export interface Breach {
  readonly rule: AlertRuleKey;
  readonly organizationId: string | null;
  readonly reference: string | null;
  readonly value: number;
  readonly threshold: number;
  readonly windowMinutes: number;
  readonly detail: string;
  readonly isTold: boolean;
}

/** The rule as it holds for an organization, or for the platform (null). */
export type RuleOf = (key: AlertRuleKey, organizationId: string | null) => EffectiveRule;

const RATE_CODES = new Set([
  'rate_limited',
  'user_limit_exceeded',
  'organization_quota_exceeded',
  'daily_message_limit',
]);
const ENTITLEMENT_CODES = new Set(['model_locked', 'purchase_required', 'trial_exhausted', 'plan_required']);
/** So many models without a price are told of one by one. */
const UNPRICED_MODELS_MAX = 20;
/** What each class of requests is judged by. */
export const LATENCY_RULES = {
  credit_check: 'latency_credit_check',
  credit_deduct: 'latency_credit_deduct',
  credit_stats: 'latency_credit_stats',
  api: 'latency_api',
  dashboard: 'latency_dashboard',
} as const satisfies Record<LatencyClass, AlertRuleKey>;
const DAY_MS = 86_400_000;
/** Below so many calls a share says nothing. */
const CALLS_MIN = 20;
/** Days of history that a day is compared with, and the least of them. */
export const SPEND_DAYS = 28;
const SPEND_DAYS_MIN = 7;
/** An odd day of a few cents is nobody's concern: one US dollar. */
const SPEND_MIN_NANO_USD = 1_000_000_000;
/** The median absolute deviation of a normal distribution times this is its standard deviation. */
const MAD_SCALE = 1.4826;
/** The least deviation taken, as a share of the median: a constant past would make every cent an anomaly. */
const DEVIATION_SHARE_MIN = 0.1;

/** What a rule is called; a rule of elsewhere by its own name. */
export function titleOf(rule: string): string {
  if (Object.hasOwn(ALERT_RULES, rule)) return ALERT_RULES[rule as AlertRuleKey].title;
  return rule.replaceAll('_', ' ').replace(/^./, (first) => first.toUpperCase());
}

/** Rules about which nothing was measured: what is open of them is neither over nor new. */
export function unmeasuredRules({ driftedCounters, lateJobs, diskUse, certificate }: Signals): AlertRuleKey[] {
  return [
    ...(driftedCounters === null ? (['ledger_drift'] as const) : []),
    ...(lateJobs === null ? (['job_late'] as const) : []),
    ...(diskUse === null ? (['disk'] as const) : []),
    ...(certificate === null ? (['certificate'] as const) : []),
  ];
}

/** Everything that is wrong. */
export function findBreaches(signals: Signals, ruleOf: RuleOf): Breach[] {
  const organizations = new Set([
    ...[...signals.use.values()].flatMap((rows) => rows.map(({ organizationId }) => organizationId)),
    ...signals.spend.map(({ organizationId }) => organizationId),
  ]);
  return [
    ...[...organizations].flatMap((organizationId) => breachesOfOrganization(signals, ruleOf, organizationId)),
    ...breachesOfPlatform(signals, ruleOf),
  ];
}

function breachesOfOrganization(signals: Signals, ruleOf: RuleOf, organizationId: string): Breach[] {
  const judge = (key: AlertRuleKey, measure: (rows: readonly UseRow[]) => number, what: string): Breach[] => {
    const rule = ruleOf(key, organizationId);
    const rows = (signals.use.get(rule.windowMinutes) ?? []).filter((row) => row.organizationId === organizationId);
    const value = measure(rows);
    return exceeded(rule, { organizationId, reference: null, value, detail: `${value} ${what} ${inWindow(rule)}.` });
  };
  const denied = (codes: ReadonlySet<string>) => (rows: readonly UseRow[]) =>
    sum(rows, (row) => (row.status === 'denied' && codes.has(row.errorCode ?? '') ? row.requests : 0));
  const spend = ruleOf('spend_anomaly', organizationId);
  const deviation = spendDeviation(
    signals.spend.filter((each) => each.organizationId === organizationId),
    signals.today,
  );
  return [
    ...judge('rate_limit_denials', denied(RATE_CODES), 'calls were denied by limits'),
    ...judge('entitlement_denials', denied(ENTITLEMENT_CODES), 'calls asked for what nobody may use'),
    ...judge('fallbacks', (rows) => sum(rows, ({ fallbacks }) => fallbacks), 'calls were answered by another model'),
    ...exceeded(spend, {
      ...{ organizationId, reference: null, value: deviation },
      detail: 'Today’s spending is far above that of the days before.',
    }),
  ];
}

function breachesOfPlatform(signals: Signals, ruleOf: RuleOf): Breach[] {
  const rowsOf = (rule: EffectiveRule) => signals.use.get(rule.windowMinutes) ?? [];
  const recording = ruleOf('recording_failures', null);
  const estimated = sum(rowsOf(recording), (row) => row.estimated);
  const unpriced = ruleOf('unpriced_use', null);
  const providers = ruleOf('provider_errors', null);
  const platform = { organizationId: null } as const;
  return [
    ...exceeded(recording, {
      ...{ ...platform, reference: null, value: estimated },
      detail: `The use of ${estimated} calls was estimated ${inWindow(recording)}.`,
    }),
    ...unpricedBreaches(rowsOf(unpriced), unpriced),
    ...providerBreaches(rowsOf(providers), providers),
    ...exceeded(ruleOf('ledger_drift', null), {
      ...{ ...platform, reference: null, value: signals.driftedCounters ?? 0 },
      detail: `${signals.driftedCounters ?? 0} counters or sums differ from their events: see “weir ledger verify”.`,
    }),
    ...(signals.lateJobs ?? []).flatMap(({ job, minutes }) =>
      exceeded(ruleOf('job_late', null), {
        ...{ ...platform, reference: job, value: minutes },
        detail: `The job ${job} is ${minutes} minutes late.`,
      }),
    ),
    ...exceeded(ruleOf('disk', null), {
      ...{ ...platform, reference: null, value: signals.diskUse ?? 0 },
      detail: 'Free some space where Weir keeps its folder.',
    }),
    ...certificateBreaches(signals, ruleOf('certificate', null)),
    ...(Object.keys(LATENCY_RULES) as LatencyClass[]).flatMap((each) =>
      latencyBreaches(signals.latencies, each, ruleOf(LATENCY_RULES[each], null)),
    ),
  ];
}

/** One that can't be verified is wrong whatever the threshold: nobody gets in. */
function certificateBreaches({ certificate, nowMs }: Signals, rule: EffectiveRule): Breach[] {
  if (certificate === null) return [];
  const { host } = certificate;
  const platform = { organizationId: null, reference: null } as const;
  if ('fault' in certificate) {
    const detail = `The certificate of ${host} can’t be verified: ${certificate.fault}.`;
    return rule.isEnabled ? [breachOf(rule, { ...platform, value: 0, detail })] : [];
  }
  const value = Math.floor((certificate.endsAtMs - nowMs) / DAY_MS);
  const end = new Date(certificate.endsAtMs).toISOString().slice(0, 10);
  return exceeded(rule, { ...platform, value, detail: `The certificate of ${host} ends on ${end}.` });
}

function latencyBreaches(latencies: Signals['latencies'], latencyClass: LatencyClass, rule: EffectiveRule): Breach[] {
  const figures = latencyFigures(latencies.get(rule.windowMinutes)?.get(latencyClass));
  if (figures === null) return [];
  const { requests, p95Ms } = figures;
  const detail = `95 of 100 took up to ${p95Ms} ms, of ${requests} requests ${inWindow(rule)}.`;
  return exceeded(rule, { organizationId: null, reference: null, value: p95Ms, detail });
}

/** By model; of very many as one: what models are called anybody may say who tells of calls, and nobody's list is to be filled with that. */
function unpricedBreaches(rows: readonly UseRow[], rule: EffectiveRule): Breach[] {
  const breaches = [...groupSums(rows, 'modelId', (row) => row.unpriced)].flatMap(([model, value]) =>
    exceeded(rule, {
      organizationId: null,
      reference: model,
      value,
      detail: `${value} calls to ${model} have no price.`,
    }),
  );
  if (breaches.length <= UNPRICED_MODELS_MAX) return breaches;
  const value = sum(rows, (row) => row.unpriced);
  const detail = `${value} calls to ${breaches.length} models have no price.`;
  return exceeded(rule, { organizationId: null, reference: null, value, detail });
}

function providerBreaches(rows: readonly UseRow[], rule: EffectiveRule): Breach[] {
  // Anybody may tell of failures that nobody saw.
  const called = rows.filter(
    ({ status, isRecorded }) => status !== 'denied' && status !== 'cancelled' && isRecorded !== true,
  );
  const totals = groupSums(called, 'provider', ({ requests }) => requests);
  const failed = groupSums(called, 'provider', ({ status, requests }) => (status === 'success' ? 0 : requests));
  return [...totals].flatMap(([provider, total]) => {
    if (total < CALLS_MIN) return [];
    const errors = failed.get(provider) ?? 0;
    return exceeded(rule, {
      ...{ organizationId: null, reference: provider, value: errors / total },
      detail: `${errors} of ${total} calls to ${provider} failed ${inWindow(rule)}.`,
    });
  });
}

/** How many robust deviations today lies above the days before; 0 with too little past or too little money. */
export function spendDeviation(spend: readonly Omit<DailySpend, 'organizationId'>[], today: string): number {
  const amountOf = (each: { readonly nanoUsd: bigint }): number => Number(each.nanoUsd);
  const now = amountOf(spend.find(({ day }) => day === today) ?? { nanoUsd: 0n });
  const past = spend.filter(({ day }) => day < today).map(amountOf);
  if (past.length < SPEND_DAYS_MIN || now < SPEND_MIN_NANO_USD) return 0;
  const median = medianOf(past);
  const deviation = MAD_SCALE * medianOf(past.map((amount) => Math.abs(amount - median)));
  const least = Math.max(DEVIATION_SHARE_MIN * median, DEVIATION_SHARE_MIN * SPEND_MIN_NANO_USD);
  return Math.max(0, (now - median) / Math.max(deviation, least));
}

function medianOf(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? upper)) / 2;
}

type Found = Pick<Breach, 'organizationId' | 'reference' | 'value' | 'detail'>;

function exceeded(rule: EffectiveRule, found: Found): Breach[] {
  const { key, isEnabled, threshold } = rule;
  const isBeyond = ALERT_RULES[key].fires === 'below' ? found.value < threshold : found.value > threshold;
  return isEnabled && isBeyond ? [breachOf(rule, found)] : [];
}

function breachOf({ key, threshold, windowMinutes, channels }: EffectiveRule, found: Found): Breach {
  return { ...found, rule: key, threshold, windowMinutes, isTold: channels.includes('in_app') };
}

function inWindow({ windowMinutes }: EffectiveRule): string {
  return windowMinutes % 60 === 0 ? `in ${windowMinutes / 60} h` : `in ${windowMinutes} min`;
}

function sum(rows: readonly UseRow[], of: (row: UseRow) => number): number {
  return rows.reduce((total, row) => total + of(row), 0);
}

function groupSums(
  rows: readonly UseRow[],
  by: 'modelId' | 'provider',
  of: (row: UseRow) => number,
): Map<string, number> {
  const sums = new Map<string, number>();
  for (const row of rows) sums.set(row[by], (sums.get(row[by]) ?? 0) + of(row));
  return sums;
}
