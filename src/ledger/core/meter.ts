// Owns: what a meter is. Not: where limits come from (the gateway's rules) or where counters live (the stores).

import type { WindowRule } from './window.ts';

/** What is counted. Money is in nano-USD. */
export type Unit = 'tokens' | 'messages' | 'requests' | 'credits' | 'nano_usd';

/** The meters of `admission.md` section 3, in the order in which a denial is reported. */
export const METER_KINDS = [
  'organization_quota',
  'template_limit',
  'daily_messages',
  'trial',
  'credits',
  'budget',
  'key_requests',
  'key_tokens',
] as const;

/** One of the meters of `admission.md` section 3. */
export type MeterKind = (typeof METER_KINDS)[number];

/** Whose meter it is. Counters are locked in this order, so that the hottest row is held last and shortest and no two batches wait for each other. */
export const SCOPE_CLASSES = ['key', 'user', 'department', 'feature', 'organization', 'platform'] as const;

/** Whose meter it is. */
export type ScopeClass = (typeof SCOPE_CLASSES)[number];

/** Something limited: a scope, a unit, a window and the limit in force. Built from facts for one call; immutable. */
export interface Meter {
  /** Stable name of what is counted, without the window: `org:<id>:tokens:month`. At most 200 characters. */
  readonly key: string;
  readonly kind: MeterKind;
  readonly scopeClass: ScopeClass;
  readonly unit: Unit;
  readonly window: WindowRule;
  /** Null counts without limiting. */
  readonly limit: bigint | null;
  /** A soft meter counts past its limit and never refuses. */
  readonly mode: 'hard' | 'soft';
  /** Null for a meter of the whole platform. */
  readonly organizationId: string | null;
  /** What a person calls it: a budget's name, a template's slug. */
  readonly label: string;
  /** Where its counter began in the middle of a window: how people are told of it. */
  readonly told?: ToldMeter;
}

/** A meter as it is told: `limit` is the whole one, `before` is what was used before the counter counted. The meter's own limit is the rest. */
export interface ToldMeter {
  readonly limit: bigint;
  readonly before: bigint;
}

/** The limit as people know it. */
export const toldLimit = ({ limit, told }: Pick<Meter, 'limit' | 'told'>): bigint | null => told?.limit ?? limit;

/** What is used of it, of which the counter has `used`. */
export const toldUse = ({ told }: Pick<Meter, 'told'>, used: bigint): bigint => (told?.before ?? 0n) + used;
