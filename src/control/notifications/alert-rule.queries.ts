// Owns: the rows of what was changed of alert rules. Not: the rules and their defaults (contracts), or what holds (alert-rule.rules.ts).

import { sql } from 'kysely';
import type { NotificationChannel } from '../../contracts/enumerations.ts';
import type { AlertRuleKey } from '../../contracts/notifications/alert-rules.ts';
import type { DatabaseTransaction } from '../../database/pool.ts';

/** The values of a rule that can be changed. */
export interface RuleValues {
  readonly isEnabled: boolean;
  readonly threshold: number;
  readonly windowMinutes: number;
  readonly channels: readonly NotificationChannel[];
}

/** What was changed of a rule: by the platform (`organizationId` null) or an organization. */
export interface StoredRule extends RuleValues {
  readonly rule: string;
  readonly organizationId: string | null;
  readonly changedBy: string | null;
  readonly changedAt: Date;
}

/** Every change; with an organization only the platform's and that one's. */
export async function listStoredRules(tx: DatabaseTransaction, organizationId?: string): Promise<StoredRule[]> {
  const rows = await tx
    .selectFrom('alert_rules')
    .select(['rule', 'organization_id as organizationId', 'is_enabled as isEnabled', 'threshold', 'channels'])
    .select(['window_minutes as windowMinutes', 'changed_by as changedBy', 'updated_at as changedAt'])
    .$if(organizationId !== undefined, (query) =>
      query.where((is) => is.or([is('organization_id', 'is', null), is('organization_id', '=', organizationId ?? '')])),
    )
    .execute();
  return rows.map(({ threshold, channels, ...rest }) => ({
    ...rest,
    threshold: Number(threshold),
    channels: channels as NotificationChannel[],
  }));
}

/** One after another: two admins never mix their changes. */
export async function lockRule(
  tx: DatabaseTransaction,
  key: AlertRuleKey,
  organizationId: string | null,
): Promise<void> {
  const name = `weir alert rule ${key} ${organizationId ?? 'platform'}`;
  await sql`select pg_advisory_xact_lock(hashtextextended(${name}, 0))`.execute(tx);
}

/** Keeps what a rule is changed to. */
export async function putStoredRule(
  tx: DatabaseTransaction,
  rule: RuleValues & {
    readonly id: string;
    readonly rule: AlertRuleKey;
    readonly organizationId: string | null;
    readonly changedBy: string;
  },
): Promise<void> {
  const { isEnabled, threshold, windowMinutes, channels, changedBy } = rule;
  const values = {
    is_enabled: isEnabled,
    threshold: String(threshold),
    window_minutes: windowMinutes,
    channels: [...channels],
    changed_by: changedBy,
  };
  await tx
    .insertInto('alert_rules')
    .values({ id: rule.id, rule: rule.rule, organization_id: rule.organizationId, ...values })
    .onConflict((conflict) => conflict.constraint('alert_rules_once').doUpdateSet(values))
    .execute();
}

/** Back to what holds without it. */
export async function endStoredRule(
  tx: DatabaseTransaction,
  key: AlertRuleKey,
  organizationId: string | null,
): Promise<void> {
  await tx
    .deleteFrom('alert_rules')
    .where('rule', '=', key)
    .where('organization_id', organizationId === null ? 'is' : '=', organizationId)
    .execute();
}
