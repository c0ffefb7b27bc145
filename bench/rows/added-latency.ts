// Owns: row 2: what Weir adds to a call's time at 200 calls a second, the durable hold included. Not: saturation (throughput.ts).

import { type Bench, inTurns } from '../bench.ts';
import type { LoadTarget } from '../load/bench-call.ts';
import { createCallClient, isSuccess } from '../load/call-client.ts';
import { atConstantRate } from '../load/constant-rate.ts';
import { atMost, formatMs, type RowReport } from '../report/row-report.ts';
import { median, type Summary, summarise } from '../report/statistics.ts';
import { startContestants } from './contestants.ts';

const PER_SECOND = 200;
/** More than are ever open at once unless something is stuck: a call never waits in the client. */
const CONNECTIONS = 256;

/** Measures it. */
export function measureAddedLatency(bench: Bench): Promise<RowReport> {
  return bench.within(async (stops) => {
    const { plan } = bench;
    const { bare, weir } = await startContestants(bench, stops);
    bench.say(`added latency, ${PER_SECOND} calls/s`);
    for (const target of [bare, weir]) await measureLatency(target, plan.warmUpSeconds);
    const rounds = await inTurns(plan.rounds, {
      bare: () => measureLatency(bare, plan.roundSeconds),
      weir: () => measureLatency(weir, plan.roundSeconds),
    });
    const added = (read: (summary: Summary) => number): number =>
      median(rounds.weir.map((summary, round) => read(summary) - read(rounds.bare[round] ?? summary)));
    const p50 = added((summary) => summary.p50);
    const p99 = added((summary) => summary.p99);
    const describe = (summaries: readonly Summary[]): string =>
      `p50 ${formatMs(median(summaries.map((one) => one.p50)))}, p99 ${formatMs(median(summaries.map((one) => one.p99)))}`;
    return {
      results: [
        {
          what: `latency at ${PER_SECOND} calls/s`,
          weir: describe(rounds.weir),
          beside: `bare proxy ${describe(rounds.bare)}`,
          comparison: `added p50 ${formatMs(p50)}, p99 ${formatMs(p99)}`,
        },
      ],
      targets: [
        atMost('added latency p50', 1, { value: p50, text: formatMs(p50), unit: 'ms' }),
        atMost('added latency p99', 5, { value: p99, text: formatMs(p99), unit: 'ms' }),
        atMost('added latency p50, first release', 1.5, { value: p50, text: formatMs(p50), unit: 'ms' }),
        atMost('added latency p99, first release', 6, { value: p99, text: formatMs(p99), unit: 'ms' }),
      ],
    };
  });
}

/** Milliseconds from when a call was due to the last byte of its answer. Throws when a call is not answered with 2xx. */
export async function measureLatency(target: LoadTarget, seconds: number): Promise<Summary> {
  const client = createCallClient(target, CONNECTIONS);
  const latenciesMs: number[] = [];
  await atConstantRate({ perSecond: PER_SECOND, count: PER_SECOND * seconds }, async (dueMs) => {
    const status = await client.call();
    if (!isSuccess(status)) throw new Error(`${target.name} answered ${status}`);
    latenciesMs.push(performance.now() - dueMs);
  });
  await client.close();
  return summarise(latenciesMs);
}
