// Owns: how the platform is doing, asked by a person. Not: whether a process should be sent calls (readiness), or metrics.

import type { Database } from '../../database/pool.ts';
import { withPlatform } from '../../database/principal.ts';
import type { Clock } from '../../primitives/clock.ts';
import { getStoredHealth } from './system-health.queries.ts';
import { type HealthPart, type HealthStatus, judgeHealth, type ProcessHealth, worstOf } from './system-health.rules.ts';

/** What the process says of itself. */
export interface HealthSource {
  /** Weir's own version. */
  readonly version: string;
  readonly startedAtMs: number;
  measure(): ProcessHealth;
}

/** The answer. */
export interface HealthReport {
  readonly status: HealthStatus;
  readonly parts: readonly HealthPart[];
  readonly versions: { readonly weir: string; readonly node: string; readonly postgres: string };
  readonly startedAt: Date;
  readonly uptimeSeconds: number;
}

/** Looks at everything now. */
export interface SystemHealthService {
  get(): Promise<HealthReport>;
}

/** Over the given database. */
export function createSystemHealthService(options: {
  readonly database: Database;
  readonly source: HealthSource;
  readonly isMailSending: boolean;
  readonly clock: Clock;
}): SystemHealthService {
  const { database, source, isMailSending, clock } = options;
  return {
    async get() {
      const startMs = clock.monotonicMs();
      const stored = await withPlatform(database, 'look at the health of the platform', getStoredHealth);
      const databaseMs = clock.monotonicMs() - startMs;
      const parts = judgeHealth({ ...source.measure(), stored, databaseMs, isMailSending });
      return {
        ...{ status: worstOf(parts), parts, startedAt: new Date(source.startedAtMs) },
        versions: { weir: source.version, node: process.versions.node, postgres: stored.postgres },
        uptimeSeconds: Math.max(0, Math.floor((clock.nowMs() - source.startedAtMs) / 1_000)),
      };
    },
  };
}
