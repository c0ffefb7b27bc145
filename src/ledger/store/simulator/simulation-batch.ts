// Owns: many runs: seeds spread over some harness makers, a failing one shortened and reported with the command that replays it.
// Not: one run (simulation-run.ts).

import type { LedgerHarness } from '../conformance/ledger-harness.ts';
import { createPlan, type SimulationPlan } from './simulation-plan.ts';
import { runSimulation, type SimulationFailure } from './simulation-run.ts';

/** Makes a store with its clock at `startMs` and nothing held. Runs of one maker follow each other. */
export type HarnessMaker = () => Promise<LedgerHarness>;

/** A seed that broke an invariant. */
export interface FailingSeed {
  readonly seed: number;
  readonly failure: string;
  /** What is left of the plan when every step that isn't needed is left out. */
  readonly shortest: SimulationPlan;
}

/** What to run. */
export interface SimulationOptions {
  readonly firstSeed: number;
  readonly seeds: number;
  readonly startMs: number;
  /** One for each run that may be under way. */
  readonly makers: readonly HarnessMaker[];
  /** Stop after so many failures. */
  readonly failuresMax: number;
  readonly onProgress?: (done: number) => void;
}

/** Rounds of shortening: each halves the pieces that are left out. */
const SHORTENING_ROUNDS = 6;

/** Runs the seeds; gives the failing ones. */
export async function simulateSeeds(options: SimulationOptions): Promise<readonly FailingSeed[]> {
  const failing: FailingSeed[] = [];
  const last = options.firstSeed + options.seeds;
  let next = options.firstSeed;
  let done = 0;
  const work = async (maker: HarnessMaker): Promise<void> => {
    while (next < last && failing.length < options.failuresMax) {
      const plan = createPlan(next);
      next += 1;
      const failure = await runOnce(plan, maker, options.startMs);
      if (failure !== null)
        failing.push(await shorten(plan, failure, (shorter) => runOnce(shorter, maker, options.startMs)));
      done += 1;
      options.onProgress?.(done);
    }
  };
  await Promise.all(options.makers.map(work));
  return failing;
}

/** A failing seed as people read it. */
export function describeFailure({ seed, failure, shortest }: FailingSeed, store: string): string {
  const steps = shortest.steps.map(
    (step) => `  ${JSON.stringify(step, (_, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value))}`,
  );
  return [
    `seed ${seed} broke an invariant: ${failure}`,
    `shortest plan that does (${shortest.steps.length} steps):`,
    ...steps,
    `replay: WEIR_SIMULATION_SEED=${seed} WEIR_SIMULATION_SEEDS=1 npx vitest run src/ledger/store/simulator/simulator-${store}.test.ts`,
  ].join('\n');
}

async function runOnce(plan: SimulationPlan, maker: HarnessMaker, startMs: number): Promise<SimulationFailure> {
  const harness = await maker();
  try {
    return await runSimulation(plan, harness, startMs);
  } finally {
    await harness.close();
  }
}

/** Leaves out ever smaller pieces of the plan as long as it still fails (delta debugging, Zeller 1999, without the recombination). */
async function shorten(
  plan: SimulationPlan,
  failure: string,
  rerun: (plan: SimulationPlan) => Promise<SimulationFailure>,
): Promise<FailingSeed> {
  let shortest = plan;
  let reason = failure;
  let piece = Math.ceil(plan.steps.length / 2);
  for (let round = 0; round < SHORTENING_ROUNDS; round += 1) {
    for (let at = 0; at < shortest.steps.length; ) {
      const shorter = { ...shortest, steps: shortest.steps.toSpliced(at, piece) };
      const still = await rerun(shorter);
      if (still === null) at += piece;
      else [shortest, reason] = [shorter, still];
    }
    piece = Math.max(1, Math.floor(piece / 2));
  }
  return { seed: plan.seed, failure: reason, shortest };
}
