/**
 * Owns: keeping the server running: when it ends unasked it is started again, for as long as needed. Does not own: what a
 * start consists of (handed in), or a crashed backend (the postmaster restarts those itself).
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { DatabaseLog } from '../log.ts';
import type { Postmaster } from './postmaster.ts';

/** `down` from the moment the server ended until it serves again. */
export type EmbeddedState = 'ready' | 'down' | 'stopped';

const FIRST_DELAY_MS = 100;
/** With recovery (0.5 to 2.5 s at full load, measured on 2 cores) this keeps every outage well below 10 s. */
const DELAY_MS_MAX = 2_000;

/** A run shorter than this counts as a failed start, so that a crash loop slows down. */
const STABLE_RUN_MS = 1_000;

export interface Supervisor {
  readonly pid: number;
  readonly state: EmbeddedState;
  /** Ends the server for good; also while it is being restarted. May be called twice. */
  stop(): Promise<void>;
}

export interface SupervisorOptions {
  /** Clears what is left of an earlier run and starts the server; rejects when that fails. */
  start(): Promise<Postmaster>;
  log: DatabaseLog;
  onStateChange: (state: EmbeddedState) => void;
  /** Milliseconds from any origin, never going back. */
  monotonicMs: () => number;
}

/** Starts the server once (rejecting when that fails) and then keeps it running until `stop`. */
export async function supervise(options: SupervisorOptions): Promise<Supervisor> {
  const { log, onStateChange, monotonicMs } = options;
  const stopping = new AbortController();
  let current = await options.start();
  let state: EmbeddedState = 'ready';

  const change = (next: EmbeddedState): void => {
    if (state === next) return;
    state = next;
    onStateChange(next);
  };

  const restart = async (firstDelayMs: number): Promise<void> => {
    for (let delayMs = firstDelayMs; !stopping.signal.aborted; delayMs = Math.min(delayMs * 2, DELAY_MS_MAX)) {
      await delay(delayMs, undefined, { signal: stopping.signal, ref: false }).catch(() => {});
      if (stopping.signal.aborted) return;
      try {
        current = await options.start();
        return;
      } catch (error) {
        log.error(
          { error: error instanceof Error ? error.message : String(error) },
          'PostgreSQL did not start; trying again',
        );
      }
    }
  };

  const keepRunning = async (): Promise<void> => {
    let delayMs = FIRST_DELAY_MS;
    while (!stopping.signal.aborted) {
      const startedAtMs = monotonicMs();
      const how = await current.exited;
      if (stopping.signal.aborted) return;
      log.error({ pid: current.pid, how }, 'PostgreSQL ended unasked; starting it again');
      change('down');
      delayMs = monotonicMs() - startedAtMs >= STABLE_RUN_MS ? FIRST_DELAY_MS : delayMs;
      await restart(delayMs);
      delayMs = Math.min(delayMs * 2, DELAY_MS_MAX);
      if (stopping.signal.aborted) return;
      log.info({ pid: current.pid }, 'PostgreSQL is serving again');
      change('ready');
    }
  };

  const kept = keepRunning();
  return {
    get pid() {
      return current.pid;
    },
    get state() {
      return state;
    },
    stop: async () => {
      stopping.abort();
      await current.stop();
      // A restart under way comes to its end first, so that no server appears after this one was stopped.
      await kept;
      await current.stop();
      change('stopped');
    },
  };
}
