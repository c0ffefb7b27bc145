// Owns: row 5: when the first byte of a stream comes, and how long each chunk is on its way. Not: what is in the chunks but the moment each left.

import { hrtime } from 'node:process';
import { type Bench, inTurns } from '../bench.ts';
import type { LoadTarget } from '../load/bench-call.ts';
import { createCallClient, isSuccess } from '../load/call-client.ts';
import { atConstantRate } from '../load/constant-rate.ts';
import { STAMP, STREAM_CHUNKS } from '../processes/mock-upstream.ts';
import { atMost, formatMs, formatUs, type RowReport } from '../report/row-report.ts';
import { median, type Summary, summarise } from '../report/statistics.ts';
import { startContestants } from './contestants.ts';

/** A stream takes 2 s, so that 20 are open at a time, and 2,000 chunks a second on their way. */
const PER_SECOND = 10;
const CONNECTIONS = 256;
const NS_PER_US = 1_000;
const US_PER_MS = 1_000;

interface StreamTimes {
  readonly firstByteMs: Summary;
  /** From the write of the mock to the read of the client. */
  readonly chunkUs: Summary;
}

/** Measures it. */
export function measureFirstByte(bench: Bench): Promise<RowReport> {
  return bench.within(async (stops) => {
    const { plan } = bench;
    const { bare, weir } = await startContestants(bench, stops);
    bench.say(`first byte, ${PER_SECOND} streams/s`);
    for (const target of [bare, weir]) await measureStreams(target, plan.warmUpSeconds);
    const rounds = await inTurns(plan.rounds, {
      bare: () => measureStreams(bare, plan.roundSeconds),
      weir: () => measureStreams(weir, plan.roundSeconds),
    });
    const middle = (times: readonly StreamTimes[], read: (time: StreamTimes) => number): number =>
      median(times.map(read));
    const added = (read: (time: StreamTimes) => number): number =>
      median(rounds.weir.map((time, round) => read(time) - read(rounds.bare[round] ?? time)));
    const describeFirst = (times: readonly StreamTimes[]): string =>
      `p50 ${formatMs(middle(times, (time) => time.firstByteMs.p50))}, p99 ${formatMs(middle(times, (time) => time.firstByteMs.p99))}`;
    const describeChunks = (times: readonly StreamTimes[]): string =>
      `p50 ${formatUs(middle(times, (time) => time.chunkUs.p50))}, p99 ${formatUs(middle(times, (time) => time.chunkUs.p99))}, ` +
      `most ${formatMs(middle(times, (time) => time.chunkUs.most) / US_PER_MS)}`;
    const firstMs = added((time) => time.firstByteMs.p50);
    const chunkMs = added((time) => time.chunkUs.p99) / US_PER_MS;
    return {
      results: [
        {
          what: 'first byte of a stream',
          weir: describeFirst(rounds.weir),
          beside: `bare proxy ${describeFirst(rounds.bare)}`,
          comparison: `p50 ${formatMs(firstMs)} later`,
        },
        {
          what: '  each chunk on its way',
          weir: describeChunks(rounds.weir),
          beside: `bare proxy ${describeChunks(rounds.bare)}`,
          comparison: `p99 ${formatMs(chunkMs)} later`,
        },
      ],
      targets: [
        atMost('first byte p50, after the bare proxy', 1, { value: firstMs, text: formatMs(firstMs), unit: 'ms' }),
        atMost('a chunk p99, after the bare proxy', 1, { value: chunkMs, text: formatMs(chunkMs), unit: 'ms' }),
      ],
    };
  });
}

/** Throws when a stream is not answered with 2xx, or a chunk of it is missing. */
async function measureStreams(target: LoadTarget, seconds: number): Promise<StreamTimes> {
  const client = createCallClient(target, CONNECTIONS);
  const firstBytesMs: number[] = [];
  const chunksUs: number[] = [];
  await atConstantRate({ perSecond: PER_SECOND, count: PER_SECOND * seconds }, async (dueMs) => {
    let rest = '';
    let chunks = 0;
    const status = await client.stream((part) => {
      const nowNs = hrtime.bigint();
      if (chunks === 0 && rest === '') firstBytesMs.push(performance.now() - dueMs);
      rest += part.toString('latin1');
      for (const [, sentNs = '0'] of rest.matchAll(STAMPED)) {
        chunksUs.push(Number(nowNs - BigInt(sentNs)) / NS_PER_US);
        chunks += 1;
      }
      rest = rest.slice(rest.lastIndexOf('\n') + 1);
    });
    if (!isSuccess(status) || chunks !== STREAM_CHUNKS) {
      throw new Error(`${target.name} answered ${status} with ${chunks} chunks of ${STREAM_CHUNKS}`);
    }
  });
  await client.close();
  return { firstByteMs: summarise(firstBytesMs), chunkUs: summarise(chunksUs) };
}

/** A stamp and the end of the line that it is on: one that is not whole yet is left for the next part. */
const STAMPED = new RegExp(`${STAMP}(\\d+) [^\\n]*\\n`, 'g');
