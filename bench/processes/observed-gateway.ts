// Owns: the gateway in a process of its own that tells how long each stage of each call took. Not: the whole server, whose throughput and latency are
// measured without being watched (weir-server.ts).

import type { Server } from 'node:http';
import Fastify from 'fastify';
import { silentLog } from '../../src/database/log.ts';
import { createSecretBox } from '../../src/database/secrets/secret-box.ts';
import { createGateway } from '../../src/gateway/create-gateway.ts';
import { registerGatewayRoutes } from '../../src/gateway/gateway.routes.ts';
import { createIdempotency } from '../../src/gateway/idempotency/create-idempotency.ts';
import type { CallReport } from '../../src/gateway/observer.ts';
import { createSettlementBook } from '../../src/gateway/settlement/journaled-book.ts';
import { findLedgerId } from '../../src/gateway/settlement/ledger-id.ts';
import { createSettlementJournal } from '../../src/gateway/settlement/settlement-journal.ts';
import { createUpstream } from '../../src/gateway/upstream/create-upstream.ts';
import type { BatchReport } from '../../src/ledger/store/lane.ts';
import { systemClock } from '../../src/primitives/clock.ts';
import { createSystemRandom } from '../../src/primitives/random.ts';
import { createTokenCounter } from '../../src/providers/counting/token-counter.ts';
import { type Summary, summarise } from '../report/statistics.ts';
import { openLedger, startFacts } from '../world/gateway-parts.ts';

/** What the process is given. */
export interface ObservedGatewayOptions {
  readonly databaseUrl: string;
  readonly upstream: string;
  /** For the journal of settlements. */
  readonly directory: string;
}

/** What it has seen since it was last asked. Times in milliseconds. */
export interface Observations {
  readonly calls: number;
  readonly stages: Readonly<Record<keyof CallReport['stagesMs'] | 'upstream' | 'whole', Summary>>;
  readonly batches: number;
  readonly batchSize: Summary;
  readonly batchMs: Summary;
}

/** Where it tells. */
export const OBSERVATIONS_PATH = '/bench/observations';

/** Makes it; nothing is measured before the first call. The process ends as a whole, so nothing is closed. */
export async function createObservedGateway(options: ObservedGatewayOptions): Promise<Server> {
  const { databaseUrl, upstream, directory } = options;
  const stops = new AsyncDisposableStack();
  const random = createSystemRandom();
  const observed: { reports: CallReport[]; batches: BatchReport[] } = { reports: [], batches: [] };
  const { database, snapshot } = await startFacts(databaseUrl, upstream, stops);
  const store = await openLedger(databaseUrl, { stops, onBatch: (report) => observed.batches.push(report) });
  const base = { clock: systemClock, random, log: silentLog };
  const ledgerId = await findLedgerId(database);
  const journal = createSettlementJournal({ ...base, directory, ledgerId });
  const secrets = createSecretBox({ masterKey: Buffer.from(random.bytes(32)), random });
  const gateway = createGateway({
    ...{ database, store, snapshot, random, clock: systemClock },
    upstream: createUpstream({ clock: systemClock, random }),
    book: createSettlementBook({ store, journal, log: silentLog }),
    idempotency: createIdempotency({ database, secrets, clock: systemClock, log: silentLog }),
    counter: createTokenCounter(),
    observer: { onCall: (report) => observed.reports.push(report) },
    onFault: (error) => process.stderr.write(`${String(error)}\n`),
  });
  const app = Fastify({ forceCloseConnections: true });
  app.get(OBSERVATIONS_PATH, () => observations(observed.reports.splice(0), observed.batches.splice(0)));
  await app.register((scope) => registerGatewayRoutes(scope, gateway));
  await app.ready();
  return app.server;
}

function observations(reports: readonly CallReport[], batches: readonly BatchReport[]): Observations {
  const of = (read: (report: CallReport) => number): Summary => summarise(reports.map(read));
  return {
    calls: reports.length,
    stages: {
      read: of(({ stagesMs }) => stagesMs.read),
      reserve: of(({ stagesMs }) => stagesMs.reserve),
      dispatch: of(({ stagesMs }) => stagesMs.dispatch),
      answer: of(({ stagesMs }) => stagesMs.answer),
      upstream: of(({ upstreamMs }) => upstreamMs),
      whole: of(({ latencyMs }) => latencyMs),
    },
    batches: batches.length,
    batchSize: summarise(batches.map(({ size }) => size)),
    batchMs: summarise(batches.map(({ durationMs }) => durationMs)),
  };
}
