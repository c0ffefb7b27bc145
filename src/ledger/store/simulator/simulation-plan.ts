// Owns: what a simulation does, as data: meters, calls and steps drawn from a seed. Not: doing it (simulation-run.ts).

import { createSeededRandom, type Random } from '../../../primitives/random.ts';
import type { Meter } from '../../core/meter.ts';
import type { OutputAsk } from '../../core/reservation.ts';

/** A meter of one of the organizations (0, 1) or of the platform (null). */
export interface MeterPlan extends Pick<Meter, 'kind' | 'scopeClass' | 'unit' | 'mode' | 'limit'> {
  readonly name: string;
  readonly organization: number | null;
  /** The anniversary's anchor is the start of the run. */
  readonly window: 'minute' | 'day' | 'week' | 'month' | 'quarter' | 'lifetime' | 'anniversary';
}

/** A call, as its caller means it. */
export interface CallPlan {
  readonly organization: number;
  readonly legs: readonly { readonly meter: number; readonly base: bigint; readonly rate: bigint }[];
  readonly output: OutputAsk;
  readonly credits: bigint | null;
  /** Whole minutes; three quarters of one are added, so that no hold ends on the stroke of a step. */
  readonly ttlMinutes: number;
}

/** One thing that a caller does. What needs a hold that the caller doesn't have yet reserves instead. */
export type Action =
  | { readonly kind: 'reserve' | 'release' | 'orphan'; readonly call: number }
  /** `ofCall`: under the call's own id, as after a refusal; otherwise of a call that never asked. */
  | { readonly kind: 'record'; readonly call: number; readonly ofCall: boolean }
  | { readonly kind: 'extend'; readonly call: number; readonly output: bigint }
  | { readonly kind: 'settle'; readonly call: number; readonly percent: bigint; readonly oldestHold: boolean }
  | { readonly kind: 'sweep'; readonly limit: number }
  | { readonly kind: 'read' };

/** An action, by which replica, and whether its caller hears the answer. */
export interface SentAction {
  readonly action: Action;
  readonly replica: number;
  readonly replyLost: boolean;
}

/** What goes wrong after so many turns of the event loop: the first replica is killed, or every connection to the database is cut. */
export interface Fault {
  readonly kind: 'crash' | 'cut';
  readonly afterTurns: number;
}

/** What happens next. Actions of one step are under way together. */
export type Step =
  | { readonly kind: 'together'; readonly actions: readonly SentAction[]; readonly fault: Fault | null }
  /** Negative: the clock is set back. */
  | { readonly kind: 'clock'; readonly minutes: number }
  | { readonly kind: 'limit'; readonly meter: number; readonly limit: bigint | null }
  | { readonly kind: 'facts'; readonly scope: number | 'platform' }
  | {
      readonly kind: 'grant';
      readonly organization: number;
      readonly amount: bigint;
      readonly days: number | null;
      readonly priority: number;
    };

/** A whole run. */
export interface SimulationPlan {
  readonly seed: number;
  readonly meters: readonly MeterPlan[];
  readonly calls: readonly CallPlan[];
  readonly steps: readonly Step[];
}

const ORGANIZATIONS = 2;
const CALLS = 16;
const STEPS = 26;
/** More actions at once would have more orders than a check can try. */
const TOGETHER_MAX = 4;

/** Draws a run. The same seed gives the same plan. */
export function createPlan(seed: number): SimulationPlan {
  const random = createSeededRandom(seed);
  const meters = [...Array(ORGANIZATIONS).keys()].flatMap((organization) => drawMeters(random, organization));
  meters.push(
    meter('platform budget', null, 'week', {
      kind: 'budget',
      scopeClass: 'platform',
      unit: 'nano_usd',
      limit: between(random, 300, 4000),
    }),
  );
  const calls = Array.from({ length: CALLS }, () => drawCall(random, meters));
  const grants = [...Array(ORGANIZATIONS).keys()].map((organization) => drawGrant(random, organization));
  const steps = [...grants];
  for (let step = 0; step < STEPS; step += 1) steps.push(...drawSteps(random, step, meters));
  return { seed, meters, calls, steps };
}

function drawMeters(random: Random, organization: number): MeterPlan[] {
  return [
    meter('quota', organization, 'month', {
      kind: 'organization_quota',
      scopeClass: 'organization',
      unit: 'tokens',
      limit: between(random, 100, 3000),
    }),
    meter('template', organization, 'day', {
      kind: 'template_limit',
      scopeClass: 'user',
      unit: 'tokens',
      limit: between(random, 50, 1500),
    }),
    meter('requests', organization, 'minute', {
      kind: 'key_requests',
      scopeClass: 'key',
      unit: 'requests',
      limit: between(random, 2, 9),
    }),
    meter('trial', organization, 'lifetime', {
      kind: 'trial',
      scopeClass: 'user',
      unit: 'messages',
      limit: between(random, 2, 9),
    }),
    meter('soft budget', organization, 'quarter', {
      kind: 'budget',
      scopeClass: 'department',
      unit: 'nano_usd',
      limit: between(random, 1, 200),
      mode: 'soft',
    }),
    meter('credits', organization, 'anniversary', {
      kind: 'credits',
      scopeClass: 'feature',
      unit: 'credits',
      limit: null,
    }),
  ];
}

function meter(
  name: string,
  organization: number | null,
  window: MeterPlan['window'],
  more: Pick<MeterPlan, 'kind' | 'scopeClass' | 'unit' | 'limit'> & { mode?: MeterPlan['mode'] },
): MeterPlan {
  return { name, organization, window, mode: 'hard', ...more };
}

function drawCall(random: Random, meters: readonly MeterPlan[]): CallPlan {
  const organization = random.below(ORGANIZATIONS);
  const floor = between(random, 0, 20);
  const needed = floor + between(random, 0, 60);
  const wanted = needed + between(random, 0, 200);
  const legs = [...meters.entries()]
    .filter(([, plan]) => (plan.organization ?? organization) === organization && random.below(100) < 45)
    .map(([index, plan]) => {
      const counted = plan.unit === 'tokens' || plan.unit === 'nano_usd';
      return {
        meter: index,
        base: counted ? between(random, 0, 60) : 1n,
        rate: counted ? BigInt(random.below(4)) : 0n,
      };
    });
  return {
    organization,
    legs,
    output: random.below(5) === 0 ? { wanted: 0n, needed: 0n, floor: 0n } : { wanted, needed, floor },
    credits: random.below(3) === 0 ? between(random, 0, 7) : null,
    ttlMinutes: pick(random, [1, 2, 3, 10, 90, 2000]),
  };
}

function drawGrant(random: Random, organization: number): Step {
  const days = pick(random, [null, 1, 2, 40]);
  return { kind: 'grant', organization, amount: between(random, 1, 15), days, priority: random.below(3) };
}

function drawSteps(random: Random, step: number, meters: readonly MeterPlan[]): Step[] {
  const draw = random.below(100);
  if (draw < 12) return [{ kind: 'clock', minutes: pick(random, [1, 1, 2, 4, 60, 120, 1440, 2880, 43_200]) }];
  if (draw < 18) {
    const index = random.below(meters.length);
    const limit =
      meters[index]?.kind === 'credits' || random.below(6) === 0
        ? null
        : between(random, 0, pick(random, [10, 500, 5000]));
    return [{ kind: 'limit', meter: index, limit }];
  }
  if (draw < 21) return [{ kind: 'facts', scope: pick(random, [0, 1, 'platform' as const]) }];
  if (draw < 25) return [drawGrant(random, random.below(ORGANIZATIONS))];
  if (draw < 28) {
    const minutes = pick(random, [1, 120, 1500]);
    return [{ kind: 'clock', minutes: -minutes }, drawTogether(random, step), { kind: 'clock', minutes }];
  }
  return [drawTogether(random, step)];
}

function drawTogether(random: Random, step: number): Step {
  const actions: SentAction[] = [];
  const count = 1 + random.below(TOGETHER_MAX);
  while (actions.length < count) {
    const sent = {
      action: drawAction(random, step, count === 1),
      replica: Number(random.below(4) === 0),
      replyLost: random.below(8) === 0,
    };
    actions.push(sent);
    // A caller that hears nothing sends the same again, perhaps to another replica.
    if (actions.length < count && random.below(4) === 0) actions.push({ ...sent, replica: random.below(2) });
  }
  return { kind: 'together', actions, fault: drawFault(random) };
}

function drawFault(random: Random): Fault | null {
  const draw = random.below(100);
  if (draw < 12) return { kind: 'crash', afterTurns: random.below(12) };
  return draw < 16 ? { kind: 'cut', afterTurns: random.below(12) } : null;
}

function drawAction(random: Random, step: number, alone: boolean): Action {
  // Calls come up one after the other, and old ones come back.
  const newest = Math.min(CALLS, 3 + Math.floor((step * CALLS) / STEPS));
  const call = random.below(3) === 0 ? random.below(newest) : Math.max(0, newest - 1 - random.below(4));
  const draw = random.below(100);
  if (draw < 42) return { kind: 'reserve', call };
  if (draw < 70)
    return {
      kind: 'settle',
      call,
      percent: BigInt(pick(random, [0, 30, 100, 100, 170])),
      oldestHold: random.below(3) === 0,
    };
  if (draw < 78) return { kind: 'extend', call, output: between(random, 0, 400) };
  if (draw < 84) return { kind: 'release', call };
  if (draw < 90) return { kind: 'sweep', limit: pick(random, [1, 2, 1000]) };
  if (draw < 93) return { kind: 'orphan', call };
  if (draw < 96) return { kind: 'record', call, ofCall: alone };
  return { kind: 'read' };
}

function between(random: Random, least: number, most: number): bigint {
  return BigInt(least + random.below(most - least + 1));
}

function pick<T>(random: Random, choices: readonly T[]): T {
  const chosen = choices[random.below(choices.length)];
  if (chosen === undefined) throw new RangeError('nothing to choose from');
  return chosen;
}
