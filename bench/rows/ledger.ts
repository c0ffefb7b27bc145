// Owns: row 4: how many calls the ledger alone can hold and settle, on one hot organization and on many, and how long one caller alone waits. Not: what it is
// measured beside (plain-postgres.ts).

import { type Bench, inTurns } from '../bench.ts';
import { treeCpuTimeMs } from '../processes/cpu-time.ts';
import { atLeast, atMost, formatCount, formatMs, formatRatio, formatUs, type RowReport } from '../report/row-report.ts';
import { median, type Summary, summarise } from '../report/statistics.ts';
import { openLedger } from '../world/gateway-parts.ts';
import { METERS, populate } from '../world/populate.ts';
import { countDrift, countHolds } from '../world/world.ts';
import { openPlainPostgres } from './plain-postgres.ts';
import { createPairs } from './reserve-settle-pairs.ts';

const CALLERS = 512;
/** As many connections as make the baseline fastest on two cores, and more. */
const PLAIN_CONNECTIONS = 32;
const US_PER_MS = 1_000;
const MS_PER_SECOND = 1_000;

/** What saturated callers did. */
interface Rate {
  readonly perSecond: number;
  /** Null where it can't be told. */
  readonly postgresUs: number | null;
}

/** Measures it. */
export function measureLedger(bench: Bench): Promise<RowReport> {
  return bench.within(async (stops) => {
    const { world, plan } = bench;
    const { postgres, owner } = world;
    bench.say(`ledger alone: making ${formatCount(plan.ledgerOrganizations)} organizations`);
    const spreadIds = (await populate(owner, plan.ledgerOrganizations)).map(({ id }) => id);
    const hotIds = world.organizations.slice(0, 1).map(({ id }) => id);
    let sizes: number[] = [];
    const store = await openLedger(postgres.url, { stops, onBatch: ({ size }) => sizes.push(size) });
    const hot = await createPairs(owner, store, hotIds);
    const spread = await createPairs(owner, store, spreadIds);
    const createPlain = openPlainPostgres(postgres.ownerUrl, { connections: PLAIN_CONNECTIONS, stops });
    const plainHot = await createPlain(1);
    const plainSpread = await createPlain(plan.ledgerOrganizations);
    // Each organization once: its counters are made then, which is not what is measured.
    await saturate(spread, CALLERS, { pairs: spreadIds.length });
    for (const pair of [hot, plainHot, plainSpread]) await saturateFor(bench, pair, plan.warmUpSeconds);

    bench.say('ledger alone: saturated');
    sizes = [];
    const run = (pair: () => Promise<void>) => () => saturateFor(bench, pair, plan.roundSeconds);
    const rates = await inTurns(plan.rounds, {
      hot: run(hot),
      spread: run(spread),
      plainHot: run(plainHot),
      plainSpread: run(plainSpread),
    });
    const batch = summarise(sizes);
    bench.say('ledger alone: one caller');
    const alone = await inTurns(plan.rounds, {
      ours: () => runAlone(hot, plan),
      plain: () => runAlone(plainHot, plan),
    });
    const [drift, holds] = [await countDrift(world), await countHolds(world)];

    const hotRate = perSecond(rates.hot);
    const spreadRate = perSecond(rates.spread);
    const aloneMs = median(alone.ours.map(({ p50 }) => p50));
    const line = (what: string, ours: readonly Rate[], plain: readonly Rate[]) => ({
      what,
      weir: describe(ours),
      beside: `plain Postgres ${describe(plain)}`,
      comparison: formatRatio(
        median(ours.map((rate, round) => rate.perSecond / (plain[round]?.perSecond ?? Number.NaN))),
      ),
    });
    return {
      results: [
        line(`ledger pairs/s, ${METERS} meters, one organization`, rates.hot, rates.plainHot),
        line(`ledger pairs/s, ${formatCount(plan.ledgerOrganizations)} organizations`, rates.spread, rates.plainSpread),
        {
          what: '  one caller alone',
          weir: `p50 ${formatMs(aloneMs)} a pair`,
          beside: `plain Postgres p50 ${formatMs(median(alone.plain.map(({ p50 }) => p50)))}`,
          comparison: `drift ${drift}, ${holds} holds left`,
        },
      ],
      costs: [{ part: 'ledger alone, saturated: operations a batch', figures: ['', '', batch.p50.toFixed(0)] }],
      targets: [
        atLeast('ledger pairs, one organization', 20_000, { value: hotRate, text: formatCount(hotRate), unit: '/s' }),
        atLeast(`ledger pairs, ${formatCount(plan.ledgerOrganizations)} organizations`, 20_000, {
          value: spreadRate,
          text: formatCount(spreadRate),
          unit: '/s',
        }),
        atMost('ledger pair of one caller alone p50', 0.7, { value: aloneMs, text: formatMs(aloneMs), unit: 'ms' }),
        atMost('ledger drift after the pairs', 0, { value: drift, text: String(drift), unit: '' }),
      ],
    };
  });
}

/** Has callers do pairs until the time is over or so many are done; gives how many were. */
async function saturate(
  pair: () => Promise<void>,
  callers: number,
  until: { untilMs?: number; pairs?: number },
): Promise<number> {
  const { untilMs = Number.POSITIVE_INFINITY, pairs = Number.POSITIVE_INFINITY } = until;
  let begun = 0;
  const caller = async (): Promise<void> => {
    while (begun < pairs && performance.now() < untilMs) {
      begun += 1;
      await pair();
    }
  };
  await Promise.all(Array.from({ length: callers }, caller));
  return begun;
}

async function saturateFor({ world }: Bench, pair: () => Promise<void>, seconds: number): Promise<Rate> {
  const cpuBeforeMs = await treeCpuTimeMs(world.postgres.pid);
  const startedMs = performance.now();
  const pairs = await saturate(pair, CALLERS, { untilMs: startedMs + seconds * MS_PER_SECOND });
  const elapsedMs = performance.now() - startedMs;
  const cpuAfterMs = await treeCpuTimeMs(world.postgres.pid);
  return {
    perSecond: (pairs * MS_PER_SECOND) / elapsedMs,
    postgresUs: cpuBeforeMs === null || cpuAfterMs === null ? null : ((cpuAfterMs - cpuBeforeMs) * US_PER_MS) / pairs,
  };
}

async function runAlone(pair: () => Promise<void>, { roundSeconds }: Bench['plan']): Promise<Summary> {
  const timesMs: number[] = [];
  const untilMs = performance.now() + (roundSeconds * MS_PER_SECOND) / 2;
  for (let startedMs = performance.now(); startedMs < untilMs; startedMs = performance.now()) {
    await pair();
    timesMs.push(performance.now() - startedMs);
  }
  return summarise(timesMs);
}

const perSecond = (rates: readonly Rate[]): number => median(rates.map((rate) => rate.perSecond));

function describe(rates: readonly Rate[]): string {
  const cpu = rates.flatMap(({ postgresUs }) => (postgresUs === null ? [] : [postgresUs]));
  const suffix = cpu.length === 0 ? '' : ` (Postgres ${formatUs(median(cpu))})`;
  return `${formatCount(perSecond(rates))}${suffix}`;
}
