// Owns: every rule of alerts: what it measures, over which time, from which threshold, and whose it is. Not: the measuring (control/notifications), or alerts of
// budgets, which each budget sets for itself.

import { z } from 'zod';

/** Whose a rule is: each organization has alerts of its own, or the platform has them. */
export type AlertRuleScope = 'organization' | 'platform';

interface AlertRuleEntry {
  readonly scope: AlertRuleScope;
  readonly title: string;
  readonly description: string;
  /** It fires above the threshold. */
  readonly threshold: number;
  readonly unit: string;
  readonly windowMinutes: number;
}

const HOUR = 60;
const DAY = 1_440;

/** The rules with their defaults. */
export const ALERT_RULES = {
  rate_limit_denials: {
    scope: 'organization',
    title: 'Many calls are denied by limits',
    description: 'Calls that a rate, quota or limit denied, in one organization.',
    ...{ threshold: 5, unit: 'calls', windowMinutes: HOUR },
  },
  entitlement_denials: {
    scope: 'organization',
    title: 'People try models they may not use',
    description: 'Calls to models that are locked, not bought, or whose trial is used up.',
    ...{ threshold: 5, unit: 'calls', windowMinutes: HOUR },
  },
  fallbacks: {
    scope: 'organization',
    title: 'Another model answered than was chosen',
    description: 'Calls that a fallback or the default answered in place of the chosen model.',
    ...{ threshold: 10, unit: 'calls', windowMinutes: HOUR },
  },
  spend_anomaly: {
    scope: 'organization',
    title: 'Spending is unusual today',
    description:
      'How far today’s spending lies above the days before, as a robust z-score (median and median deviation of the last 28 days).',
    ...{ threshold: 4, unit: 'deviations', windowMinutes: DAY },
  },
  recording_failures: {
    scope: 'platform',
    title: 'Use could not be recorded exactly',
    description: 'Calls whose use had to be estimated because nobody settled them in time.',
    ...{ threshold: 0, unit: 'calls', windowMinutes: HOUR },
  },
  unpriced_use: {
    scope: 'platform',
    title: 'A model without a price was used',
    description: 'Calls whose cost is not known, by model.',
    ...{ threshold: 0, unit: 'calls', windowMinutes: DAY },
  },
  provider_errors: {
    scope: 'platform',
    title: 'A provider fails often',
    description: 'Share of calls that ended in an error or timeout, by provider; of at least twenty calls.',
    ...{ threshold: 0.2, unit: 'share', windowMinutes: 15 },
  },
  ledger_drift: {
    scope: 'platform',
    title: 'The ledger drifted',
    description: 'Counters, and hours of added-up use, that differ from their events at the last comparison.',
    ...{ threshold: 0, unit: 'differences', windowMinutes: DAY },
  },
  job_late: {
    scope: 'platform',
    title: 'A background job is late',
    description: 'Minutes since a job should have succeeded.',
    ...{ threshold: 0, unit: 'minutes', windowMinutes: HOUR },
  },
  disk: {
    scope: 'platform',
    title: 'The disk fills up',
    description: 'Share of the disk in use where Weir keeps its folder.',
    ...{ threshold: 0.9, unit: 'share', windowMinutes: HOUR },
  },
} as const satisfies Record<string, AlertRuleEntry>;

/** The key of a rule. */
export type AlertRuleKey = keyof typeof ALERT_RULES;
/** All keys, in the table's order. */
export const alertRuleKeys = z.enum(Object.keys(ALERT_RULES) as [AlertRuleKey, ...AlertRuleKey[]]);
