// Owns: by what right a premium model may be used, and which of several rights is named. One rule for the gateway and the control plane. Pure. Not: whether the
// model is there at all, or what is left of a trial (a meter).

import type { EntitlementSource, ModelTier } from '../enumerations.ts';

/** A right to a model that was not revoked. */
export interface HeldRight {
  readonly source: EntitlementSource;
  /** Null: it lasts for ever. */
  readonly expiresAtMs: number | null;
}

/** What a right is asked of. */
export interface RightfulModel {
  readonly tier: ModelTier;
  /** Messages that anybody may try. */
  readonly trialMessages: bigint;
}

/** By what right: none is needed, the right that wins, a trial, or none. */
export type ModelRight<Right extends HeldRight = HeldRight> =
  | { readonly by: 'free' | 'trial_messages' | 'none'; readonly right: null }
  | { readonly by: EntitlementSource; readonly right: Right };

/** Of rights that last equally long, the first of these. */
const SOURCE_ORDER: readonly EntitlementSource[] = ['purchase', 'admin_grant', 'plan', 'trial'];

/** The right that wins: the one that lasts longest, of equals the first source; null when none is in force. A right ends at its very millisecond. */
export function winningRight<Right extends HeldRight>(rights: readonly Right[], nowMs: number): Right | null {
  let winner: Right | null = null;
  for (const right of rights) {
    if (endOf(right) <= nowMs) continue;
    if (winner === null || wins(right, winner)) winner = right;
  }
  return winner;
}

/** By what right the model may be used. */
export function modelRight<Right extends HeldRight>(
  model: RightfulModel,
  rights: readonly Right[],
  nowMs: number,
): ModelRight<Right> {
  if (model.tier === 'free') return { by: 'free', right: null };
  const right = winningRight(rights, nowMs);
  if (right !== null) return { by: right.source, right };
  return { by: model.trialMessages > 0n ? 'trial_messages' : 'none', right: null };
}

function wins(right: HeldRight, other: HeldRight): boolean {
  const [end, otherEnd] = [endOf(right), endOf(other)];
  return end === otherEnd ? placeOf(right) < placeOf(other) : end > otherEnd;
}

const endOf = ({ expiresAtMs }: HeldRight): number => expiresAtMs ?? Number.POSITIVE_INFINITY;
const placeOf = ({ source }: HeldRight): number => SOURCE_ORDER.indexOf(source);
