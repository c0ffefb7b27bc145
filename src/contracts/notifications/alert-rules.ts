// Owns: every rule of alerts: what it measures, over which time, from which threshold, and whose it is. Not: the measuring (control/notifications), or alerts of
// budgets, which each budget sets for itself.

import { z } from 'zod';

/** Whose a rule is: each organization has alerts of its own, or the platform has them. */
export type AlertRuleScope = 'organization' | 'platform';

/** The side of its threshold on which a rule fires. */
export type AlertRuleSide = 'above' | 'below';

interface AlertRuleEntry {
  readonly scope: AlertRuleScope;
  readonly title: string;
  readonly description: string;
  /** On which side of the threshold it fires. */
  readonly fires: AlertRuleSide;
  readonly threshold: number;
  readonly unit: string;
  readonly windowMinutes: number;
}

const HOUR = 60;
const DAY = 1_440;
/** Of a day at most: times are kept no longer. */
const LATENCY = { unit: 'ms', windowMinutes: 15 } as const;

/** The rules with their defaults. */
export const ALERT_RULES = {
  rate_limit_denials: {
    scope: 'organization',
    title: 'Many calls are denied by limits',
    description: 'Calls that a rate, quota or limit denied, in one organization.',
    fires: 'above',
    ...{ threshold: 5, unit: 'calls', windowMinutes: HOUR },
  },
  entitlement_denials: {
    scope: 'organization',
    title: 'People try models they may not use',
    description: 'Calls to models that are locked, not bought, or whose trial is used up.',
    fires: 'above',
    ...{ threshold: 5, unit: 'calls', windowMinutes: HOUR },
  },
  fallbacks: {
    scope: 'organization',
    title: 'Another model answered than was chosen',
    description: 'Calls that a fallback or the default answered in place of the chosen model.',
    fires: 'above',
    ...{ threshold: 10, unit: 'calls', windowMinutes: HOUR },
  },
  spend_anomaly: {
    scope: 'organization',
    title: 'Spending is unusual today',
    description:
      'How far today’s spending lies above the days before, as a robust z-score (median and median deviation of the last 28 days).',
    fires: 'above',
    ...{ threshold: 4, unit: 'deviations', windowMinutes: DAY },
  },
  recording_failures: {
    scope: 'platform',
    title: 'Use could not be recorded exactly',
    description: 'Calls whose use had to be estimated because nobody settled them in time.',
    fires: 'above',
    ...{ threshold: 0, unit: 'calls', windowMinutes: HOUR },
  },
  unpriced_use: {
    scope: 'platform',
    title: 'A model without a price was used',
    description: 'Calls whose cost is not known, by model.',
    fires: 'above',
    ...{ threshold: 0, unit: 'calls', windowMinutes: DAY },
  },
  provider_errors: {
    scope: 'platform',
    title: 'A provider fails often',
    description: 'Share of calls that ended in an error or timeout, by provider; of at least twenty calls.',
    fires: 'above',
    ...{ threshold: 0.2, unit: 'share', windowMinutes: 15 },
  },
  ledger_drift: {
    scope: 'platform',
    title: 'The ledger drifted',
    description: 'Counters, and hours of added-up use, that differ from their events at the last comparison.',
    fires: 'above',
    ...{ threshold: 0, unit: 'differences', windowMinutes: DAY },
  },
  job_late: {
    scope: 'platform',
    title: 'A background job is late',
    description: 'Minutes since a job should have succeeded.',
    fires: 'above',
    ...{ threshold: 0, unit: 'minutes', windowMinutes: HOUR },
  },
  disk: {
    scope: 'platform',
    title: 'The disk fills up',
    description: 'Share of the disk in use where Weir keeps its folder.',
    fires: 'above',
    ...{ threshold: 0.9, unit: 'share', windowMinutes: HOUR },
  },
  certificate: {
    scope: 'platform',
    title: 'The certificate ends soon or does not hold',
    description:
      'Days that the certificate of the public address still holds, as looked at every hour; 0 where it can’t be verified.',
    fires: 'below',
    ...{ threshold: 14, unit: 'days', windowMinutes: HOUR },
  },
  latency_credit_check: {
    scope: 'platform',
    title: 'Checks of credits are slow',
    description:
      'The time that 95 of 100 checks of credits stay below, over all replicas; of at least sixty, and of the last day at most.',
    fires: 'above',
    ...{ threshold: 20, ...LATENCY },
  },
  latency_credit_deduct: {
    scope: 'platform',
    title: 'Deductions of credits are slow',
    description:
      'The time that 95 of 100 deductions stay below, over all replicas; of at least sixty, and of the last day at most.',
    fires: 'above',
    ...{ threshold: 100, ...LATENCY },
  },
  latency_credit_stats: {
    scope: 'platform',
    title: 'Statistics of credits are slow',
    description:
      'The time that 95 of 100 readings of credit statistics stay below, over all replicas; of at least sixty, and of the last day at most.',
    fires: 'above',
    ...{ threshold: 50, ...LATENCY },
  },
  latency_api: {
    scope: 'platform',
    title: 'The product API is slow',
    description:
      'The time that 95 of 100 of all other requests to the product API stay below, over all replicas; of at least sixty, and of the last day at most.',
    fires: 'above',
    ...{ threshold: 500, ...LATENCY },
  },
  latency_dashboard: {
    scope: 'platform',
    title: 'Dashboards are slow',
    description:
      'The time that 95 of 100 readings of use and of budgets as they stand stay below, over all replicas; of at least sixty, and of the last day at most.',
    fires: 'above',
    ...{ threshold: 1_000, ...LATENCY },
  },
} as const satisfies Record<string, AlertRuleEntry>;

/** The key of a rule. */
export type AlertRuleKey = keyof typeof ALERT_RULES;
/** All keys, in the table's order. */
export const alertRuleKeys = z.enum(Object.keys(ALERT_RULES) as [AlertRuleKey, ...AlertRuleKey[]]);
