// Owns: arithmetic on amounts (bigint in the smallest unit) and their decimal forms. Not: what an amount is charged for.

/** Nano-US-dollars in one US dollar. */
export const NANO_USD_PER_USD = 1_000_000_000n;

/** Tokens that a catalog price is quoted for. */
export const TOKENS_PER_PRICE_UNIT = 1_000_000n;

/** Quotient rounded towards minus infinity; the divisor's side keeps the remainder. Divisor must be positive. */
export function divFloor(dividend: bigint, divisor: bigint): bigint {
  const quotient = dividend / divisor;
  return dividend % divisor < 0n ? quotient - 1n : quotient;
}

/** Quotient rounded towards plus infinity: what is asked for never falls short. Divisor must be positive. */
export function divCeil(dividend: bigint, divisor: bigint): bigint {
  const quotient = dividend / divisor;
  return dividend % divisor > 0n ? quotient + 1n : quotient;
}

/** Quotient rounded to the nearest, halves to even (IEEE 754's default), so that sums of rounded lines carry no bias. Divisor must be positive. */
export function divRoundHalfEven(dividend: bigint, divisor: bigint): bigint {
  const floor = divFloor(dividend, divisor);
  const twiceRest = (dividend - floor * divisor) * 2n;
  if (twiceRest < divisor) return floor;
  if (twiceRest > divisor) return floor + 1n;
  return floor % 2n === 0n ? floor : floor + 1n;
}

/** The smaller of two amounts. */
export function minAmount(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}

/** The larger of two amounts. */
export function maxAmount(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}

/** Nano-USD as a decimal string of dollars with no trailing zeros: `1500n` gives `0.0000015`. */
export function formatUsd(nanoUsd: bigint): string {
  const negative = nanoUsd < 0n;
  const digits = (negative ? -nanoUsd : nanoUsd).toString().padStart(10, '0');
  const whole = digits.slice(0, -9);
  const fraction = digits.slice(-9).replace(/0+$/, '');
  return `${negative ? '-' : ''}${whole}${fraction === '' ? '' : `.${fraction}`}`;
}

/** Reads a decimal string of dollars with at most nine places into nano-USD; undefined when it is anything else. */
export function parseUsd(text: string): bigint | undefined {
  const match = /^(-?)(\d{1,9})(?:\.(\d{1,9}))?$/.exec(text);
  if (!match) return undefined;
  const nano = BigInt(match[2] ?? '0') * NANO_USD_PER_USD + BigInt((match[3] ?? '').padEnd(9, '0') || '0');
  return match[1] === '-' ? -nano : nano;
}

/** An amount as JSON carries it: a number while exact, a string beyond 2^53. */
export function toJsonAmount(amount: bigint): number | string {
  const exact = amount <= BigInt(Number.MAX_SAFE_INTEGER) && amount >= BigInt(Number.MIN_SAFE_INTEGER);
  return exact ? Number(amount) : amount.toString();
}
