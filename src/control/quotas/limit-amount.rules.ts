// Owns: amounts of limits between bodies, rows and answers: tokens and messages are counts, money is US dollars outside and nano-USD inside. Pure.

import type { LimitKind } from '../../contracts/enumerations.ts';
import { invalidField } from '../../contracts/problem.ts';
import type { LimitUnit } from '../../contracts/quotas/limit-words.ts';
import { formatUsd, parseUsd, toJsonAmount } from '../../primitives/amounts.ts';

/** Of nano-USD as a decimal place. */
const PLACES = 9;
const COUNT = /^\d{1,15}$/;

/** What a kind of limit counts. */
export function unitOf(kind: LimitKind): 'tokens' | 'messages' | 'nano_usd' {
  if (kind === 'budget') return 'nano_usd';
  return kind === 'daily_messages' ? 'messages' : 'tokens';
}

/** The unit as answers name it. */
export function shownUnit(unit: string): LimitUnit {
  return unit === 'nano_usd' ? 'usd' : (unit as LimitUnit);
}

/** An amount in a unit, as answers carry it. */
export function shownAmount(amount: bigint, unit: string): number | string {
  return unit === 'nano_usd' ? formatUsd(amount) : toJsonAmount(amount);
}

/** The amount that a body names for a kind of limit. Throws 400 naming `amount`. */
export function parseLimit(kind: LimitKind, amount: string | number): bigint {
  const found = kind === 'budget' ? parseMoney(amount) : parseCount(amount);
  if (found === undefined || found <= 0n)
    throw invalidField(
      'amount',
      kind === 'budget'
        ? 'is more than 0 and less than 1,000,000,000 US dollars, with at most nine decimal places'
        : 'is a whole number above 0, of at most fifteen digits',
    );
  return found;
}

function parseCount(amount: string | number): bigint | undefined {
  const text = typeof amount === 'number' ? (Number.isSafeInteger(amount) ? String(amount) : '') : amount;
  return COUNT.test(text) ? BigInt(text) : undefined;
}

function parseMoney(amount: string | number): bigint | undefined {
  if (typeof amount === 'string') return parseUsd(amount);
  if (!Number.isFinite(amount) || amount <= 0 || amount >= 1e9) return undefined;
  const text = amount.toFixed(PLACES);
  return Number(text) === amount ? parseUsd(text) : undefined;
}
