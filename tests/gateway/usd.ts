// Owns: reading an amount of dollars as Weir writes it, for comparing with the ledger. Not: writing it (primitives/amounts.ts).

/** `0.000012` to nano-USD; null stays null. */
export function parseUsd(text: string | null): bigint | null {
  if (text === null) return null;
  const [whole = '0', fraction = ''] = text.split('.');
  return BigInt(whole) * 1_000_000_000n + BigInt(fraction.padEnd(9, '0'));
}
