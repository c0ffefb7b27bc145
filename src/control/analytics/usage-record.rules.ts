// Owns: what a call that was made elsewhere has to be like. Pure. Not: booking it.

import { RECORD_DAYS_MAX } from '../../contracts/analytics/usage-events.ts';
import { type FieldError, invalidFields } from '../../contracts/problem.ts';

const DAY_MS = 86_400_000;
/** Clocks of others may be ahead by so much. */
const AHEAD_MAX_MS = 5 * 60_000;
const TAGS_MAX = 10;

/** What is looked at. */
export interface ToldCall {
  readonly occurredAtMs: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cachedInputTokens: number;
  readonly cacheWriteTokens: number;
  readonly reasoningTokens: number;
  readonly tags: Readonly<Record<string, string>> | null;
}

/** 400 naming each field that can't be. */
export function checkToldCall(call: ToldCall, nowMs: number): void {
  const faults: FieldError[] = [];
  const fault = (path: string, message: string): void => void faults.push({ path, message });
  if (call.occurredAtMs > nowMs + AHEAD_MAX_MS) fault('occurred_at', 'is still to come');
  if (call.occurredAtMs < nowMs - RECORD_DAYS_MAX * DAY_MS)
    fault('occurred_at', `is more than ${RECORD_DAYS_MAX} days ago`);
  if (call.cachedInputTokens + call.cacheWriteTokens > call.inputTokens)
    fault('input_tokens', 'is less than its parts, the cached and cache-write tokens');
  if (call.reasoningTokens > call.outputTokens) fault('output_tokens', 'is less than its part, the reasoning tokens');
  if (call.tags !== null && Object.keys(call.tags).length > TAGS_MAX) fault('tags', `has more than ${TAGS_MAX}`);
  if (faults.length > 0) throw invalidFields(faults);
}
