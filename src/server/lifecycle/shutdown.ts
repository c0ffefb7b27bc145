// Owns: the order in which a server ends: no new calls, running ones finish, settlements come home, then what was started, backwards. Each step is bounded, so
// that a dead database can't keep a process alive. Not: signals (run.ts).

import { setTimeout as delay } from 'node:timers/promises';
import type { Parts } from '../compose/compose.ts';
import { closeHttpServer, discourageKeepAlive } from '../http-server.ts';
import type { Log } from '../logging/log.ts';
import type { Config } from '../settings/config.ts';

/** What has been started and has to be ended. */
export interface Endings {
  add(name: string, end: () => Promise<void>): void;
  /** Ends everything, the last first. One that fails or hangs is logged and left. */
  run(): Promise<void>;
}

/** No single part takes longer unless something is broken. The embedded database writes a checkpoint. */
const ENDING_PATIENCE_MS = 15_000;
/** Calls that were cut settle what came: a batch or two of the ledger. */
const CUT_CALLS_PATIENCE_MS = 5_000;
const SETTLEMENTS_PATIENCE_MS = 10_000;
const POLL_MS = 20;

/** A list of endings. */
export function createEndings(log: Log): Endings {
  const endings: { name: string; end: () => Promise<void> }[] = [];
  return {
    add: (name, end) => void endings.push({ name, end }),
    async run() {
      for (const { name, end } of endings.splice(0).reverse()) {
        await bounded(end(), ENDING_PATIENCE_MS).catch((error: unknown) => {
          log.error({ part: name, error }, 'a part did not end cleanly');
        });
      }
    },
  };
}

/** Takes no more calls and lets those under way end, then brings their settlements home. Never rejects. */
export async function drainServer(options: {
  parts: Pick<Parts, 'app' | 'lifecycle' | 'gateway' | 'book'>;
  config: Pick<Config, 'drainDelayMs' | 'gracePeriodMs'>;
  log: Log;
}): Promise<void> {
  const { parts, config, log } = options;
  parts.lifecycle.enter('draining');
  discourageKeepAlive(parts.app);
  log.info({ calls: parts.gateway.inFlight() }, 'stopping: no longer ready');
  if (config.drainDelayMs > 0) await delay(config.drainDelayMs);

  parts.lifecycle.enter('stopping');
  const cut = await closeHttpServer(parts.app, config.gracePeriodMs);
  if (cut > 0) log.warn({ connections: cut }, 'the grace period is over: connections were cut');
  const callsEnded = await bounded(untilNone(parts.gateway.inFlight), CUT_CALLS_PATIENCE_MS).then(
    () => true,
    () => false,
  );
  if (!callsEnded) log.error({ calls: parts.gateway.inFlight() }, 'calls did not end; their holds will expire');
  await bounded(parts.book.drain(), SETTLEMENTS_PATIENCE_MS).catch((error: unknown) => {
    log.error({ settlements: parts.book.pending(), error }, 'settlements wait for the next start');
  });
  log.info({}, 'calls have ended');
}

async function untilNone(count: () => number): Promise<void> {
  while (count() > 0) await delay(POLL_MS);
}

/** The work's outcome, or a rejection when it takes too long; the work itself goes on. */
async function bounded<T>(work: Promise<T>, patienceMs: number): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`took longer than ${patienceMs} ms`)), patienceMs);
  try {
    return await Promise.race([work, promise]);
  } finally {
    clearTimeout(timer);
  }
}
