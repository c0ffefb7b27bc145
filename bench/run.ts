// Owns: one run: database, rows in their order, tables, exit code, and an end for everything also when it is cut short. Not: the rows.

import { type Bench, FULL_PLAN, QUICK_PLAN } from './bench.ts';
import { findLoadTool } from './load/load-tool.ts';
import { describeMachine, readLoad } from './machine.ts';
import { type BenchOptions, type RowName, readOptions, USAGE } from './options.ts';
import { type NamedReport, renderReports } from './report/print-report.ts';
import type { RowReport } from './report/row-report.ts';
import { measureAddedLatency } from './rows/added-latency.ts';
import { measureCredits } from './rows/credits.ts';
import { measureDashboards } from './rows/dashboards.ts';
import { measureDeciding } from './rows/deciding.ts';
import { measureFirstByte } from './rows/first-byte.ts';
import { measureLedger } from './rows/ledger.ts';
import { measureApiModels, measureSelection } from './rows/models.ts';
import { measureStages } from './rows/stages.ts';
import { measureStart } from './rows/start.ts';
import { measureThroughput } from './rows/throughput.ts';
import { createWorld } from './world/world.ts';

const MEASURES: Readonly<Record<RowName, (bench: Bench) => Promise<RowReport>>> = {
  throughput: measureThroughput,
  latency: measureAddedLatency,
  deciding: measureDeciding,
  ledger: measureLedger,
  'first-byte': measureFirstByte,
  stages: measureStages,
  selection: measureSelection,
  'api-models': measureApiModels,
  credits: measureCredits,
  dashboards: measureDashboards,
  start: measureStart,
};

const SIGNALS = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

/** Runs what the arguments ask for and sets the exit code. */
export async function runBench(args: readonly string[]): Promise<void> {
  const options = readOptionsOrExit(args);
  const stops = new AsyncDisposableStack();
  const cut = endOnSignals(stops);
  try {
    const reports = await measureAll(options, stops);
    const isMissed = reports.some(({ report }) => report.targets.some(({ isMet }) => !isMet));
    if (options.assert && isMissed) process.exitCode = 1;
  } catch (error) {
    // Cut short, what was being measured fails: that is no news, and everything else has to end first.
    await cut.ending;
    throw error;
  } finally {
    await stops.disposeAsync();
  }
}

async function measureAll(options: BenchOptions, stops: AsyncDisposableStack): Promise<NamedReport[]> {
  const loadBefore = readLoad();
  const tool = await findLoadTool();
  say('starting a database');
  const world = await createWorld(stops);
  const bench: Bench = {
    world,
    tool,
    plan: options.quick ? QUICK_PLAN : FULL_PLAN,
    say,
    async within(work) {
      // In the run's own list too: cut short, it ends with the run.
      const own = stops.use(new AsyncDisposableStack());
      try {
        return await work(own);
      } finally {
        await own.disposeAsync();
      }
    },
  };
  const reports: NamedReport[] = [];
  for (const name of options.rows) reports.push({ name, report: await MEASURES[name](bench) });
  const machine = await describeMachine(tool, world, loadBefore);
  if (options.quick)
    machine.push('DOUBTFUL: a quick run; rounds are too few and too short for its figures to be quoted');
  process.stdout.write(`\n${renderReports(machine, reports)}`);
  return reports;
}

function readOptionsOrExit(args: readonly string[]): BenchOptions {
  try {
    return readOptions(args);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n${USAGE}\n`);
    process.exit(2);
  }
}

/** The first signal ends everything that was started, then the process; a second one the process, at once. */
function endOnSignals(stops: AsyncDisposableStack): { readonly ending: Promise<never> | undefined } {
  const cut: { ending: Promise<never> | undefined } = { ending: undefined };
  for (const [signal, code] of Object.entries(SIGNALS)) {
    process.on(signal, () => {
      if (cut.ending !== undefined) process.exit(code);
      say('ending');
      process.on('unhandledRejection', () => {});
      cut.ending = stops.disposeAsync().then(
        () => process.exit(code),
        () => process.exit(code),
      );
    });
  }
  return cut;
}

function say(text: string): void {
  process.stderr.write(`${text} …\n`);
}
