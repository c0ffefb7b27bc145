// Owns: what metrics tell of background jobs, as last measured. Not: when it is measured (compose-jobs.ts), or other metrics (metrics.ts).

import { Gauge, type Registry } from 'prom-client';
import type { Database } from '../../database/pool.ts';
import { withPlatform } from '../../database/principal.ts';
import { listHistories, readQueueDepth } from '../../jobs/index.ts';

/** As last measured; nulls and nothing before. */
export interface JobGauges {
  /** Jobs that could run now and don't. */
  readonly queued: number | null;
  /** Seconds that the oldest of them has waited. */
  readonly oldestSeconds: number | null;
  /** Seconds since the epoch. */
  readonly lastSuccess: readonly { readonly job: string; readonly seconds: number }[];
}

const MS_PER_SECOND = 1_000;

/** Measures when told to. */
export function createJobGauges(options: {
  readonly database: Database;
  readonly jobs: readonly { readonly name: string }[];
}): { current(): JobGauges; measure(): Promise<void> } {
  const { database, jobs } = options;
  const names = jobs.map(({ name }) => name);
  let gauges: JobGauges = { queued: null, oldestSeconds: null, lastSuccess: [] };
  return {
    current: () => gauges,
    async measure() {
      gauges = await withPlatform(database, 'measure background jobs', async (tx) => {
        const { ready, oldestSeconds } = await readQueueDepth(tx);
        const histories = await listHistories(tx, names);
        const lastSuccess = [...histories].flatMap(([job, { succeededAt }]) =>
          succeededAt === null ? [] : [{ job, seconds: succeededAt.getTime() / MS_PER_SECOND }],
        );
        return { queued: ready, oldestSeconds, lastSuccess };
      });
    },
  };
}

/** Shows them. */
export function registerJobGauges(registry: Registry, gauges: () => JobGauges): void {
  const registers = [registry];
  const gauge = (name: string, help: string, read: (gauges: JobGauges) => number | null): void => {
    new Gauge({
      ...{ name, help, registers },
      collect() {
        const value = read(gauges());
        if (value === null) this.remove();
        else this.set(value);
      },
    });
  };
  gauge('weir_jobs_queued', 'Background jobs that could run now and wait for a worker.', ({ queued }) => queued);
  gauge('weir_jobs_oldest_seconds', 'How long the oldest of them has waited.', ({ oldestSeconds }) => oldestSeconds);
  new Gauge({
    name: 'weir_job_last_success_timestamp_seconds',
    help: 'When each background job last succeeded.',
    labelNames: ['job'],
    registers,
    collect() {
      this.reset();
      for (const { job, seconds } of gauges().lastSuccess) this.set({ job }, seconds);
    },
  });
}
