// Owns: pure decisions about budgets: amounts, thresholds, levels, what departments may be given. Not: forecasts, or any row.

import type { BudgetLevel } from '../../contracts/budgets/budget-schemas.ts';
import { invalidField, invalidFields } from '../../contracts/problem.ts';
import { divFloor, formatUsd, parseUsd } from '../../primitives/amounts.ts';
import type { WeirError } from '../../primitives/errors.ts';
import type { Budget, BudgetHome, BudgetTerms } from './budget.queries.ts';
import type { Allocation } from './budget-allocation.queries.ts';

const DEFAULT_THRESHOLDS = [0.8];
const PLACES = 9;

/** Nano-USD of `amount_usd`. Throws 400 naming the field for anything that is no amount above 0 and below a thousand million, exact to nine places. */
export function parseAmount(amount: string | number): bigint {
  const nano = typeof amount === 'string' ? parseUsd(amount) : parseNumber(amount);
  if (nano === undefined || nano <= 0n)
    throw invalidField(
      'amount_usd',
      'is more than 0 and at most 999999999 US dollars, with at most nine decimal places',
    );
  return nano;
}

/** A number's own decimal form has to fit: 0.1 is ten cents, 1e-10 is nothing that can be counted. */
function parseNumber(amount: number): bigint | undefined {
  if (!Number.isFinite(amount) || amount <= 0 || amount >= 1e9) return undefined;
  const text = amount.toFixed(PLACES);
  return Number(text) === amount ? parseUsd(text) : undefined;
}

/** Thresholds from either form; undefined: neither was given. Throws 400 when both were. */
export function parseThresholds(body: {
  readonly alert_threshold?: number | undefined;
  readonly alert_thresholds?: readonly number[] | undefined;
}): readonly number[] | undefined {
  const { alert_threshold: single, alert_thresholds: several } = body;
  if (single !== undefined && several !== undefined)
    throw invalidField('alert_threshold', 'and alert_thresholds say the same: give one of them');
  if (single !== undefined) return [single];
  return several === undefined ? undefined : [...new Set(several)].sort((a, b) => a - b);
}

/** Those of a budget that names none. */
export function defaultThresholds(): readonly number[] {
  return DEFAULT_THRESHOLDS;
}

/** Spent of the limit in per cent, to a tenth, rounded down: 100 is only what is really reached. Of a limit of 0 everything is. */
export function percentOf(spentNanoUsd: bigint, limitNanoUsd: bigint): number {
  if (limitNanoUsd <= 0n) return 100;
  return Number(divFloor(spentNanoUsd * 1000n, limitNanoUsd)) / 10;
}

/** The level of a percentage. */
export function levelOf(percent: number): BudgetLevel {
  if (percent >= 100) return 'exceeded';
  if (percent >= 90) return 'high';
  if (percent >= 80) return 'warning';
  return percent >= 50 ? 'notice' : 'none';
}

/** Throws 400 when a scope is none of the home's, or a reference is missing or too many. */
export function checkScope(
  { organizationId }: BudgetHome,
  { scope, reference }: { readonly scope: Budget['scope']; readonly reference: string | undefined },
): void {
  if (organizationId === null && scope !== 'platform' && scope !== 'feature')
    throw invalidField('scope', 'of a budget of the platform is `platform` or `feature`');
  if (organizationId !== null && scope === 'platform')
    throw invalidField('scope', '`platform` is for the owner of the platform');
  const needsReference = scope !== 'organization' && scope !== 'platform';
  if (needsReference && reference === undefined) throw invalidField('reference', `is required for the scope ${scope}`);
  if (!needsReference && reference !== undefined) throw invalidField('reference', `is none for the scope ${scope}`);
}

/** Throws 400 when a change names another scope or reference than the budget has: another scope is another count. */
export function checkSameScope(
  budget: Budget,
  body: { readonly scope?: Budget['scope'] | undefined; readonly reference?: string | null | undefined },
): void {
  const faults = [];
  if (body.scope !== undefined && body.scope !== budget.scope) faults.push({ path: 'scope', message: KEEPS });
  const { reference } = body;
  if (reference !== undefined && reference !== budget.referenceId && reference !== budget.referenceName)
    faults.push({ path: 'reference', message: KEEPS });
  if (faults.length > 0) throw invalidFields(faults);
}
const KEEPS = 'stays as it is: make another budget';

/** Why a department's budget can't be: what departments would be given passes the organization's hard budget of the period. */
export function overAllocation(allocation: Allocation | undefined): WeirError | undefined {
  if (allocation === undefined || allocation.hardNanoUsd === null) return undefined;
  const { hardNanoUsd, allocatedNanoUsd, period } = allocation;
  if (allocatedNanoUsd <= hardNanoUsd) return undefined;
  return invalidField(
    'amount_usd',
    `would give departments $${formatUsd(allocatedNanoUsd)} ${period}, more than the organization's own $${formatUsd(hardNanoUsd)}`,
  );
}

/** Whether the counter of a budget begins anew by a change: it counts under its period, and only while it is active. */
export function beginsAnew(before: BudgetTerms, after: BudgetTerms): boolean {
  return after.isActive && (!before.isActive || before.period !== after.period);
}

/** A budget as the audit log shows it. */
export function auditedBudget(budget: Budget): Record<string, unknown> {
  const { name, scope, referenceId, period, amountNanoUsd, alertThresholds, enforcement, rollover, isActive } = budget;
  return {
    ...{ name, scope, reference: referenceId, period, amount_usd: formatUsd(amountNanoUsd), enforcement, rollover },
    ...{ alert_thresholds: alertThresholds, is_active: isActive },
  };
}
