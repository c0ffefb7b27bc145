// Owns: the bounds of idempotency keys, each with its name. Not: the bounds of a call (the gateway's limits.ts).

import { HOLD_TTL_MS } from '../limits.ts';

/** Characters of a key; the table holds no more. */
export const IDEMPOTENCY_KEY_MAX = 255;

/** Larger answers are not kept: the key's later callers are told so. Bytes. */
export const KEPT_ANSWER_MAX = 4 * 1024 * 1024;

/** Bounds in time. Milliseconds. */
export interface IdempotencyLimits {
  /** An answer is given again for so long. */
  readonly keptMs: number;
  /** A call can't be under way for longer; after that its process has died, and nobody knows whether the provider was called. */
  readonly underWayMs: number;
  /** A caller waits so long for the first one's answer. */
  readonly waitMs: number;
  /** First and longest pause between two looks at a call under way in another process. */
  readonly lookFirstMs: number;
  readonly lookLongestMs: number;
  /** How long the database is tried again when a call begins. */
  readonly beginPatienceMs: number;
  /** How long the database is tried again when a call that has been answered is to be kept. */
  readonly keepPatienceMs: number;
}

/** What holds unless the operator sets something else. */
export const DEFAULT_IDEMPOTENCY_LIMITS: IdempotencyLimits = {
  keptMs: 24 * 60 * 60_000,
  underWayMs: HOLD_TTL_MS,
  waitMs: 60_000,
  lookFirstMs: 25,
  lookLongestMs: 1_000,
  beginPatienceMs: 2_500,
  keepPatienceMs: 30_000,
};
