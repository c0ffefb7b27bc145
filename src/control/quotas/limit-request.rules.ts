// Owns: what a higher limit may be. Pure. Not: who decides it, or that it holds (the gateway).

import type { LimitKind } from '../../contracts/enumerations.ts';
import { invalidField } from '../../contracts/problem.ts';
import { WeirError } from '../../primitives/errors.ts';
import { shownAmount, unitOf } from './limit-amount.rules.ts';
import type { LimitTarget } from './limit-target.queries.ts';

/** The id of what is to be raised, as its table has it. Throws 400 naming `target`. */
export function checkTarget(kind: LimitKind, target: string | number | undefined): string {
  if (kind === 'organization_quota') {
    if (target !== undefined) throw invalidField('target', "names nothing: there is one organization's quota");
    return '';
  }
  if (target === undefined) throw invalidField('target', 'is required for this kind');
  return String(target);
}

/** The limit that there is to raise. Throws 400 naming `target`. */
export function limitToRaise(target: LimitTarget | undefined): {
  readonly target: LimitTarget;
  readonly limit: bigint;
} {
  if (target === undefined) throw invalidField('target', 'is nothing that you have a limit on');
  if (target.limit === null) throw invalidField('target', 'has no limit');
  return { target, limit: target.limit };
}

/**
 * Throws 400 naming `amount` for what raises nothing, or passes the organization's quota: that is around all limits of tokens, and a promise that can't be
 * kept is none.
 */
export function checkRaise(
  kind: LimitKind,
  amount: bigint,
  { target, limit }: { readonly target: LimitTarget; readonly limit: bigint },
): void {
  const unit = unitOf(kind);
  if (amount <= limit) throw invalidField('amount', `is not more than the limit of ${shownAmount(limit, unit)}`);
  const { organizationQuota: quota } = target;
  if (kind === 'template_limit' && quota !== null && amount > quota)
    throw invalidField('amount', `passes the organization's monthly quota of ${quota} tokens`);
}

/** When what is raised ends. Throws 400 naming `until` for a time that is past. */
export function checkUntil(until: string | undefined, nowMs: number): Date | null {
  if (until === undefined) return null;
  const end = new Date(until);
  if (end.getTime() <= nowMs) throw invalidField('until', 'is not in the future');
  return end;
}

/** Throws 403 where an organization would raise its own quota. */
export function checkMayApprove(kind: LimitKind, isPlatform: boolean): void {
  if (kind === 'organization_quota' && !isPlatform)
    throw new WeirError('forbidden', {
      message: "The platform raises an organization's quota. You may deny the request.",
    });
}
