// Owns: Weir's metrics for Prometheus: what is counted and by which labels. Not: the route that serves them (operations.routes.ts), or measuring
// what needs a query (measurements.ts).

import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import { LATENCY_BOUNDS_MS, LATENCY_CLASSES } from '../../contracts/notifications/latency-classes.ts';
import type { CallReport, GatewayObserver } from '../../gateway/observer.ts';
import type { BatchReport } from '../../ledger/store/lane.ts';
import type { LedgerTrouble } from '../../ledger/store/lane-watch.ts';
import type { ObserveLatency } from './api-latencies.ts';
import { createBucketHistogram, createLabelledHistogram } from './bucket-histogram.ts';
import { type JobGauges, registerJobGauges } from './job-gauges.ts';
import type { Measurements } from './measurements.ts';
import { createTally, type Tally } from './tally.ts';

/** What is read when somebody looks. */
export interface MetricSources {
  /** Operations of the ledger that wait or are in flight. */
  readonly laneDepth: () => number;
  /** Settlements that are safe on disk and not yet in the ledger. */
  readonly settlementsPending: () => number;
  readonly callsInFlight: () => number;
  /** Traces of denials that were not kept, since the start. */
  readonly denialTracesDropped: () => number;
  readonly providers: () => readonly ProviderGauge[];
  readonly measurements: () => Measurements;
  readonly ledgerTrouble: () => LedgerTrouble | null;
  /** As `/readyz` says. */
  readonly isReady: () => Promise<boolean>;
}

/** One provider's health as this process sees it. */
export interface ProviderGauge {
  readonly provider: string;
  readonly breaker: 'closed' | 'half_open' | 'open';
  readonly inFlight: number;
  readonly waiting: number;
}

/** The registry and what feeds it. */
export interface Metrics extends GatewayObserver {
  /** A request of the product API, by its class and milliseconds. */
  readonly onRequest: ObserveLatency;
  onBatch(report: BatchReport): void;
  onSweep(ended: number): void;
  /** A settlement came after its hold had expired (`late`), or to a hold that is not there (`orphan`). */
  onLateSettlement(outcome: 'late' | 'orphan'): void;
  /** The page in Prometheus' text format. */
  render(): Promise<{ contentType: string; body: string }>;
  /** Begins to read the gauges; once. */
  watch(sources: MetricSources): void;
  /** The same of background jobs; once. */
  watchJobs(gauges: () => JobGauges): void;
}

/** Seconds. Weir's own time is a millisecond or two; the far end shows a stuck database. */
const OVERHEAD_BUCKETS = [0.0005, 0.001, 0.0015, 0.002, 0.003, 0.004, 0.006, 0.01, 0.02, 0.05, 0.1, 0.5, 1, 5];
const DURATION_BUCKETS = [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300];
const COMMIT_BUCKETS = [0.0005, 0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1, 5];
const BATCH_BUCKETS = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512];
const NONE = 'none';
const NANO_PER_USD = 1e9;
const MS_PER_SECOND = 1_000;

/** Makes the metrics, with those of the process (memory, event loop lag, garbage collection). */
export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const calls = registerCalls(registry);
  const ledger = registerLedger(registry);
  return {
    onCall: calls.onCall,
    onRequest: registerRequests(registry),
    onBatch: ledger.onBatch,
    onSweep: ledger.onSweep,
    onLateSettlement: ledger.onLateSettlement,
    watch: (sources) => registerGauges(registry, sources),
    watchJobs: (gauges) => registerJobGauges(registry, gauges),
    render: async () => ({ contentType: registry.contentType, body: await registry.metrics() }),
  };
}

function registerRequests(registry: Registry): ObserveLatency {
  const times = createLabelledHistogram(registry, {
    name: 'weir_api_request_duration_seconds',
    help: 'Time of a request to the product API until its answer is ready, by class; streams and files are not timed.',
    buckets: LATENCY_BOUNDS_MS.map((bound) => bound / MS_PER_SECOND),
    ...{ label: 'class', values: LATENCY_CLASSES },
  });
  return (latencyClass, milliseconds) => times.observe(latencyClass, milliseconds / MS_PER_SECOND);
}

function registerCalls(registry: Registry): Pick<Metrics, 'onCall'> {
  const requests = createTally(['count']);
  const verdicts = createTally(['count']);
  const use = createTally(['input', 'output', 'costUsd', 'retries']);
  const overhead = createBucketHistogram(registry, {
    name: 'weir_overhead_seconds',
    help: 'Time of a call spent in Weir: all of it but the waiting for the provider.',
    buckets: OVERHEAD_BUCKETS,
  });
  const duration = createBucketHistogram(registry, {
    name: 'weir_call_duration_seconds',
    help: 'Time from the first byte of a call to the last byte of its answer.',
    buckets: DURATION_BUCKETS,
  });
  tallied(registry, 'weir_requests_total', {
    help: 'Calls by route, HTTP status, model and provider.',
    labels: ['route', 'status', 'model', 'provider'],
    rows: () => rowsOf(requests, ({ count }) => count),
  });
  tallied(registry, 'weir_admission_verdicts_total', {
    help: 'Calls by verdict: `admitted`, or the code of the refusal.',
    labels: ['code'],
    rows: () => rowsOf(verdicts, ({ count }) => count),
  });
  tallied(registry, 'weir_tokens_total', {
    help: 'Tokens by model, provider and kind.',
    labels: ['model', 'provider', 'kind'],
    rows: () => [...rowsOf(use, ({ input }) => input, 'input'), ...rowsOf(use, ({ output }) => output, 'output')],
  });
  tallied(registry, 'weir_cost_usd_total', {
    help: 'Cost charged, in US dollars; for looking at, the ledger has the exact sums.',
    labels: ['model', 'provider'],
    rows: () => rowsOf(use, ({ costUsd }) => costUsd),
  });
  tallied(registry, 'weir_upstream_retries_total', {
    help: 'Attempts after the first, by model and provider.',
    labels: ['model', 'provider'],
    rows: () => rowsOf(use, ({ retries }) => retries),
  });

  return {
    onCall(report: CallReport) {
      const model = modelLabelOf(report.model);
      const provider = report.provider ?? NONE;
      requests.of([report.route, String(report.httpStatus), model, provider]).count += 1;
      verdicts.of([verdictOf(report)]).count += 1;
      overhead.observe(Math.max(0, report.latencyMs - report.upstreamMs) / MS_PER_SECOND);
      duration.observe(report.latencyMs / MS_PER_SECOND);
      if (report.model === null) return;
      const sums = use.of([model, provider]);
      sums.input += Number(report.inputTokens);
      sums.output += Number(report.outputTokens);
      sums.costUsd += Number(report.costNanoUsd ?? 0n) / NANO_PER_USD;
      sums.retries += Math.max(0, report.attempts - 1);
    },
  };
}

/** Tenants name their own endpoints, of which there may be any number: one label stands for all. */
function modelLabelOf(model: CallReport['model']): string {
  return model?.startsWith('template:') ? 'own-endpoint' : (model ?? NONE);
}

type Row = readonly [values: readonly string[], sum: number];

/** One sum of each series; `more` are values of further labels. */
function rowsOf<Field extends string>(
  tally: Tally<Field>,
  pick: (sums: Readonly<Record<Field, number>>) => number,
  ...more: string[]
): Row[] {
  return Array.from(tally.entries(), ([values, sums]) => [[...values, ...more], pick(sums)] as const);
}

/** A counter whose values are copied when somebody looks. */
function tallied(
  registry: Registry,
  name: string,
  { help, labels, rows }: { help: string; labels: string[]; rows: () => readonly Row[] },
): void {
  new Counter({
    name,
    help,
    labelNames: labels,
    registers: [registry],
    collect() {
      this.reset();
      for (const [values, sum] of rows())
        this.inc(Object.fromEntries(labels.map((label, place) => [label, values[place] ?? ''])), sum);
    },
  });
}

/** What admission said. Only an admitted call knows its model, however it ended later. */
function verdictOf(report: CallReport): string {
  return report.model === null ? (report.errorCode ?? NONE) : 'admitted';
}

function registerLedger(registry: Registry): Pick<Metrics, 'onBatch' | 'onSweep' | 'onLateSettlement'> {
  const registers = [registry];
  const size = createBucketHistogram(registry, {
    name: 'weir_ledger_batch_operations',
    help: 'Holds and settlements in one commit.',
    buckets: BATCH_BUCKETS,
  });
  const commit = createBucketHistogram(registry, {
    name: 'weir_ledger_commit_seconds',
    help: 'Time of a batch, from sending to its commit.',
    buckets: COMMIT_BUCKETS,
  });
  const exact = new Counter({
    name: 'weir_ledger_exact_batches_total',
    help: 'Batches decided one operation after the other, because a limit was near.',
    registers,
  });
  const swept = new Counter({
    name: 'weir_holds_expired_total',
    help: 'Holds that nobody ended in time, ended by this process.',
    registers,
  });
  const late = new Counter({
    name: 'weir_settlements_late_total',
    help: 'Settlements that came after their hold had expired (`late`) or was gone (`orphan`); they correct the estimate.',
    labelNames: ['outcome'],
    registers,
  });
  return {
    onBatch(report) {
      size.observe(report.size);
      commit.observe(report.durationMs / MS_PER_SECOND);
      if (report.exact) exact.inc();
    },
    onSweep: (ended) => swept.inc(ended),
    onLateSettlement: (outcome) => late.inc({ outcome }),
  };
}

function registerGauges(registry: Registry, sources: MetricSources): void {
  const gauge = (name: string, help: string, read: () => number | null): void => {
    new Gauge({
      name,
      help,
      registers: [registry],
      collect() {
        const value = read();
        if (value === null) this.remove();
        else this.set(value);
      },
    });
  };
  new Gauge({
    name: 'weir_ready',
    help: 'Whether this process is to be sent calls, as /readyz says.',
    registers: [registry],
    async collect() {
      this.set((await sources.isReady()) ? 1 : 0);
    },
  });
  gauge('weir_calls_in_flight', 'Calls under way.', sources.callsInFlight);
  gauge('weir_ledger_queue_depth', 'Operations of the ledger that wait or are in flight.', sources.laneDepth);
  gauge(
    'weir_ledger_stalled_seconds',
    'For how long the ledger has committed nothing although calls waited; 0 while it is well. Anything else refuses calls.',
    () => (sources.ledgerTrouble()?.forMs ?? 0) / MS_PER_SECOND,
  );
  gauge('weir_settlements_pending', 'Settlements on disk and not yet in the ledger.', sources.settlementsPending);
  gauge('weir_holds_open', 'Holds that are open.', () => sources.measurements().holdsOpen);
  gauge(
    'weir_ledger_drift_counters',
    'Counters that differ from their events and holds; anything but 0 is an alarm.',
    () => sources.measurements().driftedCounters,
  );
  gauge(
    'weir_default_partition_rows',
    'Events that found no monthly partition; anything but 0 is an alarm.',
    () => sources.measurements().defaultPartitionRows,
  );
  new Counter({
    name: 'weir_denial_traces_dropped_total',
    help: 'Denials whose trace was not kept, because too many came at once or the database did not take them; the denials themselves stand.',
    registers: [registry],
    collect() {
      this.reset();
      this.inc(sources.denialTracesDropped());
    },
  });
  registerProviderGauges(registry, sources);
}

function registerProviderGauges(registry: Registry, sources: MetricSources): void {
  const gauge = (name: string, help: string, read: (provider: ProviderGauge) => number): void => {
    new Gauge({
      name,
      help,
      labelNames: ['provider'],
      registers: [registry],
      collect() {
        this.reset();
        for (const provider of sources.providers()) this.inc({ provider: provider.provider }, read(provider));
      },
    });
  };
  gauge('weir_provider_breakers_open', 'Credentials whose circuit breaker lets no call through.', ({ breaker }) =>
    breaker === 'open' ? 1 : 0,
  );
  gauge('weir_provider_breakers_probing', 'Credentials that one call tries again.', ({ breaker }) =>
    breaker === 'half_open' ? 1 : 0,
  );
  gauge('weir_provider_calls_in_flight', 'Calls at the provider.', ({ inFlight }) => inFlight);
  gauge('weir_provider_calls_waiting', 'Calls that wait for their turn at the provider.', ({ waiting }) => waiting);
}
