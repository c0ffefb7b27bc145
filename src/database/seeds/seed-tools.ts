// Owns: what every seed is handed: the moment it is run at and new ids. Not: what is seeded.

import type { Clock } from '../../primitives/clock.ts';
import { createUuidV7 } from '../../primitives/ids.ts';
import type { Random } from '../../primitives/random.ts';

/** One run's moment and its ids; every row of a run is of the same moment. */
export interface SeedTools {
  readonly nowMs: number;
  readonly random: Random;
  newId(): string;
}

/** Reads the clock once. */
export function createSeedTools(options: { clock: Clock; random: Random }): SeedTools {
  const nowMs = options.clock.nowMs();
  return { nowMs, random: options.random, newId: () => createUuidV7(nowMs, options.random) };
}
