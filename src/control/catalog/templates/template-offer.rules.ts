// Owns: what somebody has left of a template, and why they can't use it now, out of what counters and settings say. Pure. Not: reading them.

import type { TemplateContent } from '../../../contracts/catalog/template-fields.ts';
import type { WarningLevel } from '../../../contracts/catalog/template-reading.ts';
import type { UnusableReason } from '../../../contracts/catalog/templates.ts';
import type { TokenLimitPeriod } from '../../../contracts/enumerations.ts';
import { useOf } from './template-usage.rules.ts';

const DAY_MS = 86_400_000;

/** What is left. Amounts in tokens. */
export interface TemplateLeft {
  readonly used: bigint;
  readonly held: bigint;
  readonly limit: number | null;
  readonly period: TokenLimitPeriod;
  readonly resetsAt: Date;
  readonly percent: number | null;
  readonly level: WarningLevel;
  readonly trial: { readonly days: number; readonly startedAt: Date | null; readonly endsAt: Date | null } | null;
  /** Null: it can be used. */
  readonly unusable: UnusableReason | null;
}

/** Says it. */
export function whatIsLeft(facts: {
  readonly content: TemplateContent;
  readonly limit: number | null;
  readonly reading: { readonly used: bigint; readonly held: bigint; readonly resetsAt: Date };
  /** Tokens in the window where there is no limit, and so no counter. */
  readonly unmetered: bigint;
  /** The first use of a trial; null: none yet, or no trial. */
  readonly trialStartedAt: Date | null;
  readonly isSwitchedOff: boolean;
  /** Whether its model answers. */
  readonly isServed: boolean;
  readonly nowMs: number;
}): TemplateLeft {
  const { content, limit, reading, trialStartedAt, nowMs } = facts;
  const used = limit === null ? facts.unmetered : reading.used;
  const { percent, level } = useOf(used, limit);
  const { is_trial: isTrial, trial_expires_days: days } = content;
  const endsAt = trialStartedAt === null || days === null ? null : new Date(trialStartedAt.getTime() + days * DAY_MS);
  const reasons: (readonly [holds: boolean, reason: UnusableReason])[] = [
    [facts.isSwitchedOff, 'switched_off'],
    [!facts.isServed, 'model_unavailable'],
    [endsAt !== null && nowMs >= endsAt.getTime(), 'trial_ended'],
    [limit !== null && used >= BigInt(limit), 'limit_reached'],
  ];
  return {
    ...{ used, limit, percent, level, held: limit === null ? 0n : reading.held },
    ...{ period: content.token_limit_period ?? 'monthly', resetsAt: reading.resetsAt },
    trial: isTrial && days !== null ? { days, startedAt: trialStartedAt, endsAt } : null,
    unusable: reasons.find(([holds]) => holds)?.[1] ?? null,
  };
}
