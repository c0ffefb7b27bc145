// Owns: the audit of a load: every answer has its event, no counter has drifted, no hold is left. Not: making the load.

import { setTimeout as delay } from 'node:timers/promises';
import type { Bench } from '../bench.ts';
import type { LoadTarget } from '../load/bench-call.ts';
import { callExactly } from '../load/call-client.ts';
import type { LoadResult } from '../load/load-result.ts';
import { formatCount, type ResultLine, type TargetLine } from '../report/row-report.ts';
import { countDrift, countHolds, countSuccesses, type World } from '../world/world.ts';

/** Watches loads and looks at the books afterwards. */
export interface Books {
  /** Runs a load and remembers what it says of Weir's answers; loads of others are just run. */
  watch<T extends LoadResult>(target: LoadTarget, connections: number, load: () => Promise<T>): Promise<T>;
  audit(): Promise<{ result: ResultLine; targets: TargetLine[] }>;
}

/** Settlements reach the ledger after the answer; this is many batches. */
const SETTLE_PATIENCE_MS = 30_000;
const POLL_MS = 50;
const EXACT_CONNECTIONS = 64;

/** Begins to count. */
export async function beginBooks(bench: Bench, weir: LoadTarget): Promise<Books> {
  const { world, plan } = bench;
  const successesBefore = await countSuccesses(world);
  const seen = { answers: 0, failures: 0, cutMost: 0 };
  return {
    async watch(target, connections, load) {
      const result = await load();
      if (target.pid === weir.pid) {
        seen.answers += result.answers;
        seen.failures += result.failures;
        seen.cutMost += connections;
      }
      return result;
    },
    async audit() {
      bench.say('looking at the books');
      await untilSettled(world);
      const successesOfLoad = (await countSuccesses(world)) - successesBefore;
      const exactAnswers = await callExactly(weir, { count: plan.exactCalls, connections: EXACT_CONNECTIONS });
      const holds = await untilSettled(world);
      const exactSuccesses = (await countSuccesses(world)) - successesBefore - successesOfLoad;
      const drift = await countDrift(world);
      // A load tool hangs up on the calls under way when its time is over: they may have been answered, and then count, but it did not see them.
      const unseen = successesOfLoad - seen.answers;
      return {
        result: {
          what: '  the books afterwards',
          weir: `drift ${drift}, ${holds} holds left`,
          beside: `${formatCount(successesOfLoad)} events for ${formatCount(seen.answers)} answers`,
          comparison: `${unseen} answered as the tool hung up`,
        },
        targets: [
          exactly('ledger drift after the load', 0, drift),
          exactly('holds left after the load', 0, holds),
          exactly('calls under load that failed', 0, seen.failures),
          exactly(`success events of ${formatCount(plan.exactCalls)} counted calls`, exactAnswers, exactSuccesses),
          {
            what: 'success events of the load',
            target: `answers seen + at most ${seen.cutMost} cut`,
            result: `answers seen + ${unseen}`,
            isMet: unseen >= 0 && unseen <= seen.cutMost,
          },
        ],
      };
    },
  };
}

/** Waits until no hold is open; gives how many are left when patience ends. */
async function untilSettled(world: World): Promise<number> {
  const deadlineMs = performance.now() + SETTLE_PATIENCE_MS;
  for (;;) {
    const holds = await countHolds(world);
    if (holds === 0 || performance.now() > deadlineMs) return holds;
    await delay(POLL_MS);
  }
}

function exactly(what: string, target: number, result: number): TargetLine {
  return { what, target: formatCount(target), result: formatCount(result), isMet: result === target };
}
