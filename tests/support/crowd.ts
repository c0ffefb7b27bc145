// Owns: many clients that call without a pause until they are told to stop. Not: what one call is (chaos-call.ts) or what must be true of their calls
// (books.ts).

import { Agent } from 'undici';
import type { Random } from '../../src/primitives/random.ts';
import { type CallOutcome, type CallPlan, makeCall } from './chaos-call.ts';
import type { ChaosWorld } from './chaos-world.ts';

/** Clients under way. */
export interface Crowd {
  /** Every call that has ended, in the order of its end. */
  readonly outcomes: readonly CallOutcome[];
  /** Calls that were answered whole, with the usage that their clients were told. */
  acknowledged(): CallOutcome[];
  /** From now on calls go to these servers. */
  aim(urls: readonly string[]): void;
  /** Makes no more calls; resolves when those under way have ended. */
  stop(): Promise<void>;
}

/** A client whose server is away tries again after so long, as an SDK does. Milliseconds. */
const BACK_OFF_MS = 25;
/** Calls of one crowd at most, so that no fault makes it run for ever. */
const CALLS_MAX = 200_000;

/** Starts `clients` clients. Their plans come from `random`, so that a seed gives the same mix again. */
export function startCrowd(options: {
  readonly world: Pick<ChaosWorld, 'organizations'>;
  readonly urls: readonly string[];
  readonly clients: number;
  readonly random: Random;
}): Crowd {
  const { world, random } = options;
  const agent = new Agent({ connections: options.clients, headersTimeout: 120_000, bodyTimeout: 120_000 });
  const outcomes: CallOutcome[] = [];
  let urls = options.urls;
  let isStopped = false;

  const client = async (): Promise<void> => {
    while (!isStopped && outcomes.length < CALLS_MAX) {
      const outcome = await makeCall(planCall({ world, urls, random }), agent);
      outcomes.push(outcome);
      if (outcome.status === null) await backOff();
    }
  };
  const clients = Array.from({ length: options.clients }, client);
  return {
    outcomes,
    acknowledged: () => outcomes.filter(({ told }) => told !== null),
    aim(next) {
      urls = next;
    },
    async stop() {
      isStopped = true;
      await Promise.all(clients);
      await agent.destroy();
    },
  };
}

/** Both protocols, streams and not, models and a feature that costs credits; most short, some that outgrow a hold's first estimate. */
export function planCall(options: {
  readonly world: Pick<ChaosWorld, 'organizations'>;
  readonly urls: readonly string[];
  readonly random: Random;
}): CallPlan {
  const { world, urls, random } = options;
  const one = <Value>(values: readonly Value[]): Value => {
    const value = values[random.below(values.length)];
    if (value === undefined) throw new Error('nothing to choose from');
    return value;
  };
  const stream = random.below(2) === 0;
  const pace = stream ? `chunk-delay=${random.below(8)}` : `delay=${random.below(60)}`;
  return {
    url: one(urls),
    key: one(world.organizations).key,
    protocol: one(['chat', 'messages']),
    model: one(['sandbox-chat', 'sandbox-claude', 'feature:chaos']),
    stream,
    maxTokens: 1_000,
    directives: `tokens=${1 + random.below(24)} ${pace}`,
  };
}

function backOff(): Promise<void> {
  const { promise, resolve: tryAgain } = Promise.withResolvers<void>();
  setTimeout(tryAgain, BACK_OFF_MS);
  return promise;
}
