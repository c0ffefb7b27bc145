// Owns: limits that were raised for a time, where they are in force at the moment of the call. Pure. Not: the ordinary limits (meters.ts), or who raised them (the
// control plane).

import type { LimitOverrideFacts } from '../snapshot/facts.ts';

/** What is limited, among the overrides of one person or organization. */
export type OverrideTarget = Pick<LimitOverrideFacts, 'kind' | 'target'>;

/** The highest override in force at `nowMs` (the ledger's clock); undefined when there is none. */
export function findOverride(
  overrides: readonly LimitOverrideFacts[] | undefined,
  { kind, target }: OverrideTarget,
  nowMs: number,
): LimitOverrideFacts | undefined {
  if (overrides === undefined || overrides.length === 0) return undefined;
  let highest: LimitOverrideFacts | undefined;
  for (const each of overrides) {
    if (each.kind !== kind || each.target !== target) continue;
    if (each.startsAtMs > nowMs || (each.endsAtMs !== null && each.endsAtMs <= nowMs)) continue;
    if (highest === undefined || each.limit > highest.limit) highest = each;
  }
  return highest;
}

/**
 * The limit with what raises it. An override never lowers, and never limits what has no limit. `nowMs` undefined gives the ordinary limit.
 */
export function raisedLimit(
  ordinary: bigint | null,
  overrides: readonly LimitOverrideFacts[] | undefined,
  { nowMs, ...target }: OverrideTarget & { readonly nowMs: number | undefined },
): bigint | null {
  if (ordinary === null || nowMs === undefined) return ordinary;
  const override = findOverride(overrides, target, nowMs);
  return override !== undefined && override.limit > ordinary ? override.limit : ordinary;
}
