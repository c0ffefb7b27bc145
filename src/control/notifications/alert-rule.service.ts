// Owns: reading and changing alert rules, for the platform and for an organization. Not: evaluating them (alert-evaluation.service.ts).

import type { Caller, MemberCaller } from '../../contracts/caller.ts';
import { ALERT_RULES, type AlertRuleKey } from '../../contracts/notifications/alert-rules.ts';
import type { Database } from '../../database/pool.ts';
import { withPrincipal } from '../../database/principal.ts';
import type { Clock } from '../../primitives/clock.ts';
import { WeirError } from '../../primitives/errors.ts';
import { createUuidV7 } from '../../primitives/ids.ts';
import type { Random } from '../../primitives/random.ts';
import type { Audit } from '../audit/index.ts';
import { endStoredRule, listStoredRules, lockRule, putStoredRule, type RuleValues } from './alert-rule.queries.ts';
import { type EffectiveRule, effectiveRule, RULE_KEYS } from './alert-rule.rules.ts';

/** What is changed of a rule; what is left out stays. `reset`: back to what holds without the change. */
export type RuleChange =
  | { readonly reset: true }
  | { readonly [Field in keyof RuleValues]?: RuleValues[Field] | undefined };

/** The acts. A rule of the platform is no rule of an organization's: 404. */
export interface AlertRuleService {
  listOwn(caller: MemberCaller): Promise<EffectiveRule[]>;
  updateOwn(caller: MemberCaller, key: AlertRuleKey, change: RuleChange): Promise<EffectiveRule>;
  listPlatform(caller: Caller): Promise<EffectiveRule[]>;
  updatePlatform(caller: Caller, key: AlertRuleKey, change: RuleChange): Promise<EffectiveRule>;
}

/** Over the given database. */
export function createAlertRuleService(options: {
  readonly database: Database;
  readonly audit: Audit;
  readonly clock: Clock;
  readonly random: Random;
}): AlertRuleService {
  const { database, audit, clock, random } = options;
  const update = (
    caller: Caller,
    place: { readonly key: AlertRuleKey; readonly organizationId: string | null },
    change: RuleChange,
  ): Promise<EffectiveRule> => {
    const { key, organizationId } = place;
    return withPrincipal(database, caller, async (tx) => {
      const read = async () =>
        effectiveRule(key, await listStoredRules(tx, organizationId ?? undefined), organizationId);
      await lockRule(tx, key, organizationId);
      const before = await read();
      if ('reset' in change) await endStoredRule(tx, key, organizationId);
      else
        await putStoredRule(tx, {
          ...{ id: createUuidV7(clock.nowMs(), random), rule: key, organizationId, changedBy: caller.userId },
          isEnabled: change.isEnabled ?? before.isEnabled,
          threshold: change.threshold ?? before.threshold,
          windowMinutes: change.windowMinutes ?? before.windowMinutes,
          channels: change.channels ?? before.channels,
        });
      const after = await read();
      await audit.record(tx, caller, {
        ...{ action: 'alert_rule.update', targetType: 'alert_rule', targetId: key, organizationId },
        ...{ before: audited(before), after: audited(after) },
      });
      return after;
    });
  };
  return {
    listOwn: (caller) =>
      withPrincipal(database, caller, async (tx) => {
        const stored = await listStoredRules(tx, caller.organizationId);
        return RULE_KEYS.filter(isOfOrganizations).map((key) => effectiveRule(key, stored, caller.organizationId));
      }),
    async updateOwn(caller, key, change) {
      if (!isOfOrganizations(key)) throw new WeirError('not_found');
      return update(caller, { key, organizationId: caller.organizationId }, change);
    },
    listPlatform: (caller) =>
      withPrincipal(database, caller, async (tx) => {
        const stored = await listStoredRules(tx);
        return RULE_KEYS.map((key) => effectiveRule(key, stored, null));
      }),
    updatePlatform: (caller, key, change) => update(caller, { key, organizationId: null }, change),
  };
}

function isOfOrganizations(key: AlertRuleKey): boolean {
  return ALERT_RULES[key].scope === 'organization';
}

function audited({ isEnabled, threshold, windowMinutes, channels, source }: EffectiveRule): Record<string, unknown> {
  return { is_enabled: isEnabled, threshold, window_minutes: windowMinutes, channels, source };
}
