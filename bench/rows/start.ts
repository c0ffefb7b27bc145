// Owns: row `start`: how soon a server answers that has been started before, and what memory it takes while nobody calls. Not: the first start, which
// makes a database.

import { setTimeout as delay } from 'node:timers/promises';
import type { Bench } from '../bench.ts';
import { residentBytes } from '../processes/memory.ts';
import { startWeirServer } from '../processes/weir-server.ts';
import { atMost, formatMs, type RowReport, type TargetLine } from '../report/row-report.ts';
import { median } from '../report/statistics.ts';

/** Nobody is called. */
const UPSTREAM = 'http://127.0.0.1:9';
/** What it does right after the start is over by then. */
const IDLE_MS = 5_000;
const BYTES_PER_MB = 1_000_000;

/** Measures it, as often as the plan has rounds. */
export async function measureStart(bench: Bench): Promise<RowReport> {
  bench.say('starting the server');
  const starts: Start[] = [];
  // The first one migrates and seeds nothing either, but finds nothing in the system's cache.
  await startOnce(bench, 0);
  for (let round = 0; round < bench.plan.rounds; round += 1) starts.push(await startOnce(bench, IDLE_MS));
  const readyMs = median(starts.map((start) => start.readyMs));
  const sizes = starts.flatMap(({ bytes }) => (bytes === null ? [] : [bytes]));
  return {
    results: [
      {
        what: 'start to serving',
        weir: formatMs(readyMs),
        beside: 'database running, migrated and seeded',
        comparison: `${starts.length} starts`,
      },
    ],
    targets: [
      atMost('ready after', 3_000, { value: readyMs, text: formatMs(readyMs), unit: 'ms' }),
      ...(sizes.length === 0 ? [] : [memoryTarget(median(sizes))]),
    ],
  };
}

interface Start {
  readonly readyMs: number;
  /** Null where it can't be told. */
  readonly bytes: number | null;
}

function startOnce(bench: Bench, idleMs: number): Promise<Start> {
  return bench.within(async (stops) => {
    const { directory, postgres } = bench.world;
    const beganMs = performance.now();
    const { pid } = await startWeirServer({ directory, stops, database: postgres, upstream: UPSTREAM });
    const readyMs = performance.now() - beganMs;
    await delay(idleMs);
    return { readyMs, bytes: await residentBytes(pid) };
  });
}

function memoryTarget(bytes: number): TargetLine {
  const value = bytes / BYTES_PER_MB;
  return atMost('memory while nobody calls', 200, { value, text: `${value.toFixed(0)} MB`, unit: 'MB' });
}
