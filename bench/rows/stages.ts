// Owns: where the time of a call goes, stage by stage, alone and under load. Not: how fast calls are as a whole (throughput.ts, added-latency.ts).

import { request } from 'undici';
import type { Bench } from '../bench.ts';
import { loadTarget } from '../load/bench-call.ts';
import { startRole } from '../processes/child-process.ts';
import { OBSERVATIONS_PATH, type Observations, type ObservedGatewayOptions } from '../processes/observed-gateway.ts';
import { type CostLine, formatCount, formatDuration, type RowReport } from '../report/row-report.ts';
import type { Summary } from '../report/statistics.ts';
import { measureLatency } from './added-latency.ts';

const CONNECTIONS = 64;

/** The stages in the order of a call, with what a person calls them. */
const STAGES: readonly (readonly [keyof Observations['stages'], string])[] = [
  ['read', 'read: authenticate, parse the body'],
  ['reserve', 'reserve: resolve, decide, durable hold'],
  ['dispatch', 'dispatch: to the provider and back'],
  ['upstream', '  of which the provider'],
  ['answer', 'answer: settle to the journal, write'],
  ['whole', 'the whole call inside Weir'],
];

/** Measures it. */
export function measureStages(bench: Bench): Promise<RowReport> {
  return bench.within(async (stops) => {
    const { world, plan, tool } = bench;
    const { directory } = world;
    bench.say('where the time goes');
    const { url: upstream } = await startRole('mock-upstream', '', { directory, stops });
    const options: ObservedGatewayOptions = { databaseUrl: world.postgres.url, upstream, directory };
    const server = await startRole('observed-gateway', JSON.stringify(options), { directory, stops });
    const target = loadTarget(server, world.organizations.slice(0, 1), upstream);
    const observe = async (): Promise<Observations> => {
      const { body } = await request(server.url + OBSERVATIONS_PATH);
      return (await body.json()) as Observations;
    };
    await tool.run(target, { connections: CONNECTIONS, seconds: plan.warmUpSeconds });
    await observe();
    await measureLatency(target, plan.roundSeconds);
    const calm = await observe();
    await tool.run(target, { connections: CONNECTIONS, seconds: plan.roundSeconds });
    const loaded = await observe();
    return {
      results: [],
      costs: [
        ...STAGES.map(([stage, part]) => stageLine(part, calm.stages[stage], loaded.stages[stage])),
        countLine('ledger: operations a batch', calm.batchSize, loaded.batchSize),
        {
          part: 'ledger: a batch, sent to committed',
          figures: [calm.batchMs.p50, calm.batchMs.p99, loaded.batchMs.p50].map(formatDuration),
        },
        {
          part: 'ledger: batches a call',
          figures: [formatCount(calm.batches / calm.calls), '', formatCount(loaded.batches / loaded.calls)],
        },
      ],
      targets: [],
      notes: [`stages: at 200 calls/s, and under load of ${CONNECTIONS} connections`],
    };
  });
}

function stageLine(part: string, calm: Summary, loaded: Summary): CostLine {
  return { part, figures: [calm.p50, calm.p99, loaded.p50].map(formatDuration) };
}

function countLine(part: string, calm: Summary, loaded: Summary): CostLine {
  return { part, figures: [formatCount(calm.p50), formatCount(calm.p99), formatCount(loaded.p50)] };
}
