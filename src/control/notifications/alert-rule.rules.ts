// Owns: what holds of an alert rule: the organization's change, else the platform's, else the default. Not: where changes are kept.

import { ALERT_RULES, type AlertRuleKey } from '../../contracts/notifications/alert-rules.ts';
import type { RuleValues, StoredRule } from './alert-rule.queries.ts';

/** A rule as it holds. */
export interface EffectiveRule extends RuleValues {
  readonly key: AlertRuleKey;
  readonly source: 'default' | 'platform' | 'organization';
  readonly changedBy: string | null;
  readonly changedAt: Date | null;
}

/** All keys, in the table's order. */
export const RULE_KEYS = Object.keys(ALERT_RULES) as AlertRuleKey[];

/** A rule as it holds in an organization, or, with null, where no organization has changed it. */
export function effectiveRule(
  key: AlertRuleKey,
  stored: readonly StoredRule[],
  organizationId: string | null,
): EffectiveRule {
  const own =
    organizationId === null
      ? undefined
      : stored.find((each) => each.rule === key && each.organizationId === organizationId);
  const platform = stored.find((each) => each.rule === key && each.organizationId === null);
  const row = ALERT_RULES[key].scope === 'organization' ? (own ?? platform) : platform;
  if (row === undefined) {
    const { threshold, windowMinutes } = ALERT_RULES[key];
    const values = { isEnabled: true, threshold, windowMinutes, channels: ['in_app' as const] };
    return { key, ...values, source: 'default', changedBy: null, changedAt: null };
  }
  const { isEnabled, threshold, windowMinutes, channels, changedBy, changedAt } = row;
  const source = row.organizationId === null ? 'platform' : 'organization';
  return { key, isEnabled, threshold, windowMinutes, channels, source, changedBy, changedAt };
}
