// Owns: row 3: how long it takes to decide a call from facts in memory, and that no query is made. Not: the hold that follows (ledger.ts).

import { createOutputForecast } from '../../src/gateway/admission/output-forecast.ts';
import type { Caller } from '../../src/gateway/call.ts';
import { authenticate } from '../../src/gateway/stages/authenticate.ts';
import { decide } from '../../src/gateway/stages/decide.ts';
import { readWishes } from '../../src/gateway/stages/read-wishes.ts';
import { resolve } from '../../src/gateway/stages/resolve.ts';
import { systemClock } from '../../src/primitives/clock.ts';
import { parseChatCompletions } from '../../src/providers/openai/chat-call.ts';
import type { Bench } from '../bench.ts';
import { CALL_BODY } from '../load/bench-call.ts';
import { atMost, type CostLine, formatCount, formatUs, type RowReport } from '../report/row-report.ts';
import { type Summary, summarise } from '../report/statistics.ts';
import { startFacts } from '../world/gateway-parts.ts';
import { METERS } from '../world/populate.ts';

/** Nobody is called. */
const UPSTREAM = 'http://127.0.0.1:9';
const REMOTE_ADDRESS = '127.0.0.1';
const US_PER_MS = 1_000;

/** Measures it. */
export function measureDeciding(bench: Bench): Promise<RowReport> {
  return bench.within(async (stops) => {
    const { world, plan } = bench;
    bench.say('deciding in memory');
    const { database, snapshot } = await startFacts(world.postgres.url, UPSTREAM, stops);
    let queries = 0;
    database.pool.on('acquire', () => {
      queries += 1;
    });
    const askers = world.organizations.map(({ key }) => ({ headers: { authorization: `Bearer ${key}` } }));
    const callers = await Promise.all(askers.map((asking) => authenticate(asking, snapshot)));
    const loading = queries;
    const authenticating = await measureAsync(plan.decisions, (turn) =>
      Promise.resolve(authenticate(askers[turn % askers.length] ?? { headers: {} }, snapshot)),
    );
    const body = Buffer.from(CALL_BODY);
    const reading = measure(plan.decisions, () => void parseChatCompletions(body));
    const deciding = measureDecisions(callers, plan.decisions);
    const asked = queries - loading;

    const lines: CostLine[] = [
      costLine('authenticate, facts in memory', authenticating),
      costLine('read the body', reading),
      costLine('resolve and decide', deciding),
    ];
    return {
      results: [
        {
          what: 'deciding in memory',
          weir: `p50 ${formatUs(deciding.p50)}, p99 ${formatUs(deciding.p99)}`,
          beside: `${callers.length} organizations in turn, ${METERS} meters`,
          comparison: `${asked} queries in ${formatCount(plan.decisions)} decisions`,
        },
      ],
      costs: lines,
      targets: [
        atMost('deciding p50', 10, { value: deciding.p50, text: formatUs(deciding.p50), unit: 'µs' }),
        atMost('queries while deciding', 0, { value: asked, text: String(asked), unit: '' }),
      ],
    };
  });
}

/** Half of the turns go before, so that what is measured is compiled code. Throws when a call is not metered as the benchmark says. */
function measureDecisions(callers: readonly Caller[], turns: number): Summary {
  const forecast = createOutputForecast();
  const parsed = parseChatCompletions(Buffer.from(CALL_BODY));
  const wishes = readWishes({});
  const nowMs = systemClock.nowMs();
  return measure(turns, (turn) => {
    const caller = callers[turn % callers.length];
    if (caller === undefined) throw new Error('the benchmark has no organization');
    const resolution = resolve({ caller, parsed, wishes, nowMs });
    const { legs } = decide({ caller, resolution, parsed, wishes, nowMs, forecast, remoteAddress: REMOTE_ADDRESS });
    if (legs.length !== METERS) throw new Error(`the call has ${legs.length} meters instead of ${METERS}`);
  });
}

function measure(turns: number, work: (turn: number) => void): Summary {
  for (let turn = 0; turn < turns / 2; turn += 1) work(turn);
  const timesUs = new Float64Array(turns);
  for (let turn = 0; turn < turns; turn += 1) {
    const startedMs = performance.now();
    work(turn);
    timesUs[turn] = (performance.now() - startedMs) * US_PER_MS;
  }
  return summarise(timesUs);
}

async function measureAsync(turns: number, work: (turn: number) => Promise<unknown>): Promise<Summary> {
  for (let turn = 0; turn < turns / 2; turn += 1) await work(turn);
  const timesUs = new Float64Array(turns);
  for (let turn = 0; turn < turns; turn += 1) {
    const startedMs = performance.now();
    await work(turn);
    timesUs[turn] = (performance.now() - startedMs) * US_PER_MS;
  }
  return summarise(timesUs);
}

function costLine(part: string, { p50, p99 }: Summary): CostLine {
  return { part, figures: [formatUs(p50), formatUs(p99)] };
}
