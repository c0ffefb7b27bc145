// Owns: reading a token count that a provider reports. Does not own: where each protocol puts it.

import { minAmount } from '../../primitives/amounts.ts';
import type { ReportedUsage } from '../protocol.ts';

/**
 * More than any call can use: ten times the longest context there is. A larger number is nonsense; booked at a dear price it would
 * exceed what the ledger takes in one amount (`MAX_AMOUNT`), and a settlement must never be refused.
 */
const TOKENS_MAX = 100_000_000;

/** A reported count; null for what is no count: missing, negative, fractional, NaN, a string, absurd. An explicit 0 stays 0. */
export function readTokenCount(value: unknown): bigint | null {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= TOKENS_MAX
    ? BigInt(value)
    : null;
}

/** A usage whose parts can't exceed their whole, so that no token is charged twice or below zero. */
export function clampUsage(usage: ReportedUsage): ReportedUsage {
  const cachedInput = minAmount(usage.cachedInput, usage.input);
  const cacheWrite = minAmount(usage.cacheWrite, usage.input - cachedInput);
  return {
    input: usage.input,
    output: usage.output,
    cachedInput,
    cacheWrite,
    cacheWrite1h: minAmount(usage.cacheWrite1h, cacheWrite),
    reasoning: minAmount(usage.reasoning, usage.output),
  };
}
