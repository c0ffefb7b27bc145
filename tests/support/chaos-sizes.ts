// Owns: how large the chaos tests are and where their chance comes from. Not: what they do with it.

import { createSeededRandom, createSystemRandom, type Random } from '../../src/primitives/random.ts';

/** The whole size by `WEIR_CHAOS=full`; otherwise one that suits every run of the suite. */
export const isFull = (): boolean => process.env.WEIR_CHAOS === 'full';

/** `small` in every run, `full` when asked for. */
export function sized(small: number, full: number): number {
  return isFull() ? full : small;
}

/** Chance that a run can repeat: the seed is printed, and taken from `WEIR_CHAOS_SEED` when that is set. */
export function chaosRandom(name: string): Random {
  const seed = Number(process.env.WEIR_CHAOS_SEED ?? createSystemRandom().below(2 ** 31));
  tell(name, { WEIR_CHAOS_SEED: seed });
  return createSeededRandom(seed);
}

/** Prints what a test did: the figures are what a person reads of it. */
export function tell(name: string, figures: Readonly<Record<string, unknown>>): void {
  process.stdout.write(`chaos: ${name}: ${JSON.stringify(figures)}\n`);
}
