// Owns: the parts of a gateway over the benchmark's database, for what is measured inside one: facts, and the ledger. Not: the whole server
// (processes/weir-server.ts), which is what the figures of calls are of.

import { silentLog } from '../../src/database/log.ts';
import { connectDedicated, createDatabase, type Database } from '../../src/database/pool.ts';
import { createSecretBox } from '../../src/database/secrets/secret-box.ts';
import { createSnapshot, type RunningSnapshot } from '../../src/gateway/snapshot/create-snapshot.ts';
import type { BatchReport } from '../../src/ledger/store/lane.ts';
import { createPostgresStore, type PostgresStore } from '../../src/ledger/store/postgres-store.ts';
import { systemClock } from '../../src/primitives/clock.ts';
import { createSystemRandom } from '../../src/primitives/random.ts';
import { UPSTREAM_KEY } from '../processes/mock-upstream.ts';

/** As the server has by default. */
const LANES = 2;
const POOL_SIZE = 10;
const MASTER_KEY_BYTES = 32;

/** Facts in memory, and the pool that they come from. */
export interface FactParts {
  readonly database: Database;
  readonly snapshot: RunningSnapshot;
}

/** Loads the platform's facts; calls go to `upstream`. */
export async function startFacts(url: string, upstream: string, stops: AsyncDisposableStack): Promise<FactParts> {
  const random = createSystemRandom();
  const database = createDatabase({
    url,
    role: 'weir_gateway',
    max: POOL_SIZE,
    applicationName: 'weir bench',
    statementTimeoutMs: 0,
  });
  stops.defer(database.close);
  const snapshot = createSnapshot({
    database,
    random,
    secrets: createSecretBox({ masterKey: Buffer.from(random.bytes(MASTER_KEY_BYTES)), random }),
    clock: systemClock,
    log: silentLog,
    environment: {
      sandbox: null,
      providerOverrides: { openai: { secret: UPSTREAM_KEY, baseUrl: `${upstream}/v1` } },
    },
    connectListener: () => connectDedicated({ url, role: 'weir_gateway' }),
  });
  stops.defer(snapshot.close);
  await snapshot.start();
  return { database, snapshot };
}

/** Opens the ledger as the server does. A fault of it ends the measurement. */
export async function openLedger(
  url: string,
  { stops, onBatch }: { stops: AsyncDisposableStack; onBatch: (report: BatchReport) => void },
): Promise<PostgresStore> {
  const store = createPostgresStore({
    connect: () =>
      connectDedicated({ url, role: 'weir_gateway', applicationName: 'weir bench ledger', isPipelined: true }),
    clock: systemClock,
    lanes: LANES,
    onBatch,
  });
  stops.defer(store.close);
  await store.open();
  return store;
}
