// Owns: what every row is handed: the database, the load tool, how long to measure, and an end for whatever it starts. Not: the rows.

import type { LoadTool } from './load/load-tool.ts';
import type { World } from './world/world.ts';

/** How long and how often things are measured. A quick run shows that all works; its figures are rough. */
export interface Plan {
  readonly warmUpSeconds: number;
  readonly roundSeconds: number;
  /** Contestants take turns so often; medians count. */
  readonly rounds: number;
  /** Organizations of the spread ledger. */
  readonly ledgerOrganizations: number;
  /** Calls that are counted one by one, to compare them with events. */
  readonly exactCalls: number;
  /** Turns of the loop that decides in memory. */
  readonly decisions: number;
  /** Calls whose sums dashboards are asked of, and calls that are added up. */
  readonly usageCalls: number;
  readonly foldedCalls: number;
}

/** The whole run. */
export const FULL_PLAN: Plan = {
  warmUpSeconds: 5,
  roundSeconds: 8,
  rounds: 5,
  ledgerOrganizations: 10_000,
  exactCalls: 10_000,
  decisions: 200_000,
  usageCalls: 50_000_000,
  foldedCalls: 1_000_000,
};

/** A short one. */
export const QUICK_PLAN: Plan = {
  warmUpSeconds: 1,
  roundSeconds: 2,
  rounds: 2,
  ledgerOrganizations: 1_000,
  exactCalls: 1_000,
  decisions: 20_000,
  usageCalls: 1_000_000,
  foldedCalls: 100_000,
};

/** What a row is handed. */
export interface Bench {
  readonly world: World;
  readonly plan: Plan;
  readonly tool: LoadTool;
  /** Runs work with an end of its own: what it deferred is run when it is over, or when the benchmark is cut short. */
  within<T>(work: (stops: AsyncDisposableStack) => Promise<T>): Promise<T>;
  /** Tells a person how far it is. */
  say(text: string): void;
}

/** Runs work over and over, each in turn, so that what slows the machine for a while slows all of them. */
export async function inTurns<Name extends string, T>(
  rounds: number,
  works: Readonly<Record<Name, () => Promise<T>>>,
): Promise<Record<Name, T[]>> {
  const names = Object.keys(works) as Name[];
  const results = Object.fromEntries(names.map((name) => [name, [] as T[]])) as Record<Name, T[]>;
  for (let round = 0; round < rounds; round += 1) for (const name of names) results[name].push(await works[name]());
  return results;
}
