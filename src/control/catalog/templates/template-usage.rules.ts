// Owns: spans of time that use is told for, how far a limit is used, and whose a person's limit is. Pure. Not: counting (the ledger, usage events).

import type { TemplateUsagePeriod } from '../../../contracts/catalog/system-model-reports.ts';
import type { WarningLevel } from '../../../contracts/catalog/template-reading.ts';
import type { TokenLimitPeriod } from '../../../contracts/enumerations.ts';
import { PERIOD_WINDOWS } from '../../../ledger/core/meter-keys.ts';
import { type Window, windowAt } from '../../../ledger/core/window.ts';

const DAY_MS = 86_400_000;
const PERIOD_DAYS: Readonly<Record<TemplateUsagePeriod, number | null>> = { '7d': 7, '30d': 30, all: null };

/** The beginning of the UTC day that makes today the last of so many days. */
export function sinceDays(nowMs: number, days: number): Date {
  return new Date(Math.floor(nowMs / DAY_MS) * DAY_MS - (days - 1) * DAY_MS);
}

/** Where a span of use begins: a UTC day; null is from the beginning. */
export function usageSince(period: TemplateUsagePeriod, nowMs: number): Date | null {
  const days = PERIOD_DAYS[period];
  return days === null ? null : sinceDays(nowMs, days);
}

/** The window that a template's limit counts in; without a period of its own it is the month's. */
export function limitWindow(period: TokenLimitPeriod | null, nowMs: number): Window {
  return windowAt({ kind: PERIOD_WINDOWS[period ?? 'monthly'] }, nowMs);
}

/** How much of a limit is used, in whole percent rounded down, and the level of it. Without a limit neither. */
export function useOf(
  used: bigint,
  limit: number | null,
): { readonly percent: number | null; readonly level: WarningLevel } {
  if (limit === null) return { percent: null, level: 'none' };
  const percent = Number((used * 100n) / BigInt(limit));
  return { percent, level: levelOf(percent) };
}

function levelOf(percent: number): WarningLevel {
  if (percent >= 100) return 'exceeded';
  if (percent >= 90) return 'high';
  if (percent >= 80) return 'warning';
  return percent >= 50 ? 'notice' : 'none';
}

/** The limit that holds for each person, and where it comes from: the organization's own goes before the template's; a free template has none. */
export function effectiveLimit(
  template: { readonly is_free: boolean; readonly token_limit_amount: number | null },
  configured: number | null,
): { readonly tokens: number | null; readonly source: 'organization' | 'template' | 'none' } {
  if (template.is_free) return { tokens: null, source: 'none' };
  if (configured !== null) return { tokens: configured, source: 'organization' };
  const { token_limit_amount: tokens } = template;
  return { tokens, source: tokens === null ? 'none' : 'template' };
}
