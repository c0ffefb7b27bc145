// Owns: how long a mail waits after a failed try. Pure. Not: when it is given up (create-mail.ts).

import type { Random } from '../primitives/random.ts';
import { FIRST_RETRY_MS, LONGEST_RETRY_MS } from './limits.ts';

const GROWTH = 4;

/** Milliseconds until the next try after so many, one at least: growing, bounded, and spread by half up and down so that a server that returns is not met by all at once. */
export function retryDelayMs(attempts: number, random: Random): number {
  const middle = Math.min(FIRST_RETRY_MS * GROWTH ** Math.max(0, attempts - 1), LONGEST_RETRY_MS);
  return Math.floor(middle / 2) + random.below(middle);
}
