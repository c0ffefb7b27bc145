// Owns: which seeds a test run simulates: `WEIR_SIMULATION_SEEDS` of them (1,000 when unset), from `WEIR_SIMULATION_SEED` on (0).

const DEFAULT_SEEDS = 1000;

/** Reads the range from the environment; what isn't a whole number counts as unset. */
export function seedsFromEnvironment(environment: Readonly<Record<string, string | undefined>> = process.env): {
  readonly firstSeed: number;
  readonly seeds: number;
} {
  return {
    firstSeed: wholeNumber(environment.WEIR_SIMULATION_SEED) ?? 0,
    seeds: wholeNumber(environment.WEIR_SIMULATION_SEEDS) ?? DEFAULT_SEEDS,
  };
}

function wholeNumber(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}
