// Owns: row 1: how many calls a second, what each costs in processor time, and that the books are right afterwards. Not: latency at a fixed rate
// (added-latency.ts).

import { type Bench, inTurns } from '../bench.ts';
import type { LoadTarget } from '../load/bench-call.ts';
import type { LoadResult } from '../load/load-result.ts';
import { cpuTimeMs, treeCpuTimeMs } from '../processes/cpu-time.ts';
import {
  atLeast,
  formatCount,
  formatMs,
  formatRatio,
  formatUs,
  type ResultLine,
  type RowReport,
  type TargetLine,
} from '../report/row-report.ts';
import { median } from '../report/statistics.ts';
import { beginBooks } from './books.ts';
import { startContestants, startPortkeyTarget } from './contestants.ts';

const CONNECTIONS = [64, 256] as const;
/** The one that targets are set for. */
const TARGET_CONNECTIONS = 64;
const US_PER_MS = 1_000;

interface MeasuredLoad extends LoadResult {
  /** Milliseconds of processor time; null where it can't be told. */
  readonly gatewayCpuMs: number | null;
  readonly postgresCpuMs: number | null;
}

type Contest = Record<'bare' | 'weir' | 'portkey', MeasuredLoad[]>;

/** Measures it. */
export function measureThroughput(bench: Bench): Promise<RowReport> {
  return bench.within(async (stops) => {
    const { plan, world, tool } = bench;
    const { upstream, bare, weir } = await startContestants(bench, stops);
    const portkey = await startPortkeyTarget(bench, upstream, stops);
    const books = await beginBooks(bench, weir);
    const run = (target: LoadTarget, connections: number, seconds: number): Promise<MeasuredLoad> =>
      books.watch(target, connections, () => measureLoad(bench, target, { connections, seconds }));

    const results: ResultLine[] = [];
    const targets: TargetLine[] = [];
    for (const connections of CONNECTIONS) {
      bench.say(`throughput, ${connections} connections`);
      for (const target of [bare, weir, portkey]) await run(target, connections, plan.warmUpSeconds);
      const contest = await inTurns(plan.rounds, {
        bare: () => run(bare, connections, plan.roundSeconds),
        weir: () => run(weir, connections, plan.roundSeconds),
        portkey: () => run(portkey, connections, plan.roundSeconds),
      });
      results.push(...contestLines(connections, contest));
      if (connections === TARGET_CONNECTIONS) targets.push(...contestTargets(contest));
    }
    if (tool.takesManyKeys) {
      bench.say(`throughput, ${world.organizations.length} organizations`);
      const many = { ...weir, keys: world.organizations.map(({ key }) => key) };
      await run(many, TARGET_CONNECTIONS, plan.warmUpSeconds);
      const rounds = await inTurns(plan.rounds, { many: () => run(many, TARGET_CONNECTIONS, plan.roundSeconds) });
      results.push({
        what: `calls/s, ${TARGET_CONNECTIONS} connections, ${world.organizations.length} organizations`,
        weir: describeLoad(rounds.many),
        beside: '',
        comparison: describeCpu(rounds.many),
      });
    }
    const audit = await books.audit();
    return { results: [...results, audit.result], targets: [...targets, ...audit.targets] };
  });
}

async function measureLoad(
  { tool, world }: Bench,
  target: LoadTarget,
  options: { connections: number; seconds: number },
): Promise<MeasuredLoad> {
  const readCpu = () => Promise.all([cpuTimeMs(target.pid), treeCpuTimeMs(world.postgres.pid)]);
  const before = await readCpu();
  const result = await tool.run(target, options);
  const after = await readCpu();
  const [gatewayCpuMs = null, postgresCpuMs = null] = after.map((ms, index) => {
    const beforeMs = before[index];
    return ms === null || beforeMs == null ? null : ms - beforeMs;
  });
  return { ...result, gatewayCpuMs, postgresCpuMs };
}

function contestLines(connections: number, { bare, weir, portkey }: Contest): ResultLine[] {
  return [
    {
      what: `calls/s, ${connections} connections`,
      weir: describeLoad(weir),
      beside: `bare proxy ${describeLoad(bare)}`,
      comparison: `${formatPercent(ratio(weir, bare))} of the bare proxy`,
    },
    {
      what: '',
      weir: '',
      beside: `Portkey ${describeLoad(portkey)}`,
      comparison: `${formatRatio(ratio(weir, portkey))} Portkey`,
    },
    {
      what: '  processor time a call',
      weir: describeCpu(weir),
      beside: `bare proxy ${formatCpu(bare, 'gatewayCpuMs')}`,
      comparison: `Portkey ${formatCpu(portkey, 'gatewayCpuMs')}`,
    },
  ];
}

function contestTargets({ bare, weir, portkey }: Contest): TargetLine[] {
  const perSecond = callsPerSecond(weir);
  const ofBare = ratio(weir, bare) * 100;
  const ofPortkey = ratio(weir, portkey);
  const at = `at ${TARGET_CONNECTIONS} connections`;
  const times = { value: ofPortkey, text: formatRatio(ofPortkey), unit: '× Portkey' };
  return [
    atLeast(`throughput ${at}`, 60, { value: ofBare, text: `${ofBare.toFixed(0)} %`, unit: '% of the bare proxy' }),
    atLeast(`throughput ${at}`, 20, times),
    atLeast(`throughput ${at}, first release`, 12, times),
    atLeast(`throughput ${at}, first release`, 8_000, {
      value: perSecond,
      text: formatCount(perSecond),
      unit: 'calls/s',
    }),
  ];
}

const callsPerSecond = (loads: readonly LoadResult[]): number =>
  median(loads.map(({ answersPerSecond }) => answersPerSecond));

/** Of rounds that followed each other: what slowed one slowed the other. */
function ratio(loads: readonly LoadResult[], others: readonly LoadResult[]): number {
  return median(loads.map((load, round) => load.answersPerSecond / (others[round]?.answersPerSecond ?? Number.NaN)));
}

function describeLoad(loads: readonly LoadResult[]): string {
  const p50 = median(loads.map(({ latencyMsP50 }) => latencyMsP50));
  const p99 = median(loads.map(({ latencyMsP99 }) => latencyMsP99));
  return `${formatCount(callsPerSecond(loads))} (p50 ${formatMs(p50)}, p99 ${formatMs(p99)})`;
}

function describeCpu(loads: readonly MeasuredLoad[]): string {
  return `${formatCpu(loads, 'gatewayCpuMs')} + Postgres ${formatCpu(loads, 'postgresCpuMs')}`;
}

function formatCpu(loads: readonly MeasuredLoad[], which: 'gatewayCpuMs' | 'postgresCpuMs'): string {
  const perCall = loads.flatMap((load) => {
    const cpuMs = load[which];
    return cpuMs === null || load.answers === 0 ? [] : [(cpuMs * US_PER_MS) / load.answers];
  });
  return perCall.length === 0 ? 'unknown' : formatUs(median(perCall));
}

const formatPercent = (share: number): string => `${(share * 100).toFixed(0)} %`;
