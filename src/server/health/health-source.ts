// Owns: what this process says of its own health, for platform administration. Not: judging it (src/control/platform), or readiness.

import { readFile } from 'node:fs/promises';
import type { HealthSource } from '../../control/platform/index.ts';
import type { Clock } from '../../primitives/clock.ts';
import type { Measurements } from '../metrics/measurements.ts';
import type { ProviderGauge } from '../metrics/metrics.ts';

/** What is asked. */
export interface HealthSourceOptions {
  readonly clock: Clock;
  readonly isSnapshotFresh: () => boolean;
  readonly measurements: () => Measurements;
  /** Settlements that are safe on disk and not yet in the ledger. */
  readonly settlementsPending: () => number;
  readonly providers: () => readonly ProviderGauge[];
}

/** Reads Weir's version once; the rest is asked of the parts each time. */
export async function createHealthSource(options: HealthSourceOptions): Promise<HealthSource> {
  const { clock } = options;
  const manifest = await readFile(new URL('../../../package.json', import.meta.url), 'utf8');
  const { version } = JSON.parse(manifest) as { version: string };
  return {
    version,
    startedAtMs: clock.nowMs(),
    measure() {
      const { driftedCounters, defaultPartitionRows } = options.measurements();
      return {
        ...{ driftedCounters, defaultPartitionRows, isSnapshotFresh: options.isSnapshotFresh() },
        settlementsPending: options.settlementsPending(),
        providers: options.providers(),
      };
    },
  };
}
