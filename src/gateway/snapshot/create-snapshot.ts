// Owns: putting the snapshot together and its life: loads, caches, listener, comparison of versions. Not: any of them in itself.

import type { DatabaseLog } from '../../database/log.ts';
import type { Database } from '../../database/pool.ts';
import type { SecretBox } from '../../database/secrets/secret-box.ts';
import type { Clock } from '../../primitives/clock.ts';
import type { Random } from '../../primitives/random.ts';
import { createCheckRounds } from './check-rounds.ts';
import { createEndpointReader } from './endpoint-facts.ts';
import { createFactLoads } from './fact-loads.ts';
import { createFactScopes, PLATFORM_SCOPE } from './fact-scopes.ts';
import { SNAPSHOT_LIMITS, type SnapshotLimits } from './limits.ts';
import type { ProviderEnvironment } from './provider-facts.ts';
import { createCredentialOpener } from './provider-secrets.ts';
import type { Snapshot } from './snapshot.ts';
import { createSnapshotCache, type SnapshotSizes } from './snapshot-cache.ts';
import { type ConnectListener, createSnapshotListener } from './snapshot-listener.ts';
import { checkVersions } from './version-check.ts';

export interface SnapshotOptions {
  /** A pool as `weir_gateway`. */
  database: Database;
  /** A connection of its own as `weir_gateway` (`connectDedicated`). */
  connectListener: ConnectListener;
  secrets: SecretBox;
  clock: Clock;
  random: Random;
  log: DatabaseLog;
  environment: ProviderEnvironment;
  /** Told of every change heard of, after it took effect. */
  onChange?: (scope: string) => void;
  limits?: SnapshotLimits;
}

/** The snapshot with its life. */
export interface RunningSnapshot extends Snapshot {
  /** Loads the platform's facts and begins to listen. Rejects when the database can't be read or the master key does not fit its secrets. */
  start(): Promise<void>;
  /** Stops listening and comparing. What is in memory stays readable. */
  close(): Promise<void>;
  /** Whether versions were compared within the promised 10 s; while false, facts in memory are served all the same. */
  isFresh(): boolean;
  /** Compares versions now. Rejects when the database can't be asked. */
  checkNow(): Promise<void>;
  sizes(): SnapshotSizes;
}

/** A snapshot that does nothing until it is started or asked. */
export function createSnapshot(options: SnapshotOptions): RunningSnapshot {
  const { database, clock, secrets, log, random, environment } = options;
  const limits = options.limits ?? SNAPSHOT_LIMITS;
  const scopes = createFactScopes(limits);
  const openCredential = createCredentialOpener(secrets, log);
  const readEndpoint = createEndpointReader({ secrets, log, timeouts: environment.ownEndpointTimeouts });
  const loads = createFactLoads({ database, environment, openCredential, readEndpoint, limits, clock });
  const cache = createSnapshotCache({ loads, scopes, limits, clock });

  let comparedAtMs = Number.NEGATIVE_INFINITY;
  const checkNow = async (): Promise<void> => {
    const startedAtMs = clock.monotonicMs();
    if (loads.isPriceDue()) scopes.invalidate(PLATFORM_SCOPE);
    scopes.invalidateDue(startedAtMs);
    await checkVersions(database, scopes, limits);
    comparedAtMs = startedAtMs;
  };
  const onChange = (scope: string): void => {
    scopes.invalidate(scope);
    options.onChange?.(scope);
  };
  const connect = options.connectListener;
  const listener = createSnapshotListener({ connect, onChange, onListening: checkNow, log, random, limits });
  const round = async (): Promise<void> => {
    await Promise.all([checkNow(), listener.probe()]);
  };
  const rounds = createCheckRounds({ intervalMs: limits.versionCheckIntervalMs, log, round });

  return {
    ...cache,
    async start() {
      const startedAtMs = clock.monotonicMs();
      await cache.platform();
      comparedAtMs = startedAtMs;
      await listener.start();
      rounds.start();
    },
    async close() {
      await Promise.all([rounds.close(), listener.close()]);
    },
    isFresh: () => clock.monotonicMs() - comparedAtMs < limits.freshForMs,
    checkNow,
  };
}
