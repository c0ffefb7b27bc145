// Owns: hearing of changed facts (LISTEN weir_facts) on a connection of its own, and connecting again when that is lost. Not: what a change
// does (fact-scopes.ts) or finding what was missed (version-check.ts).

import { setTimeout as pause } from 'node:timers/promises';
import type { DatabaseLog } from '../../database/log.ts';
import type { Random } from '../../primitives/random.ts';
import type { SnapshotLimits } from './limits.ts';

/** What the listener needs of a connection; `connectDedicated` of the database gives one. */
export interface ListeningConnection {
  on(event: 'notification', listener: (message: { channel: string; payload?: string | undefined }) => void): unknown;
  on(event: 'end' | 'error', listener: () => void): unknown;
  query(query: string | { text: string; query_timeout: number }): Promise<unknown>;
  end(): Promise<void>;
}

export type ConnectListener = () => Promise<ListeningConnection>;

export interface SnapshotListener {
  /** Connects, and goes on trying when that fails. Resolves after the first attempt, whatever came of it. */
  start(): Promise<void>;
  /** Asks the connection for a sign of life and gives it up when none comes in time. */
  probe(): Promise<void>;
  isListening(): boolean;
  close(): Promise<void>;
}

/** The channel of the facts' triggers (migration 000010). Its payload is a scope. */
const CHANNEL = 'weir_facts';

interface ListenerOptions {
  connect: ConnectListener;
  /** A scope has changed. */
  onChange: (scope: string) => void;
  /** Listening has begun: what changed before was not heard. */
  onListening: () => Promise<void>;
  log: DatabaseLog;
  random: Random;
  limits: Pick<SnapshotLimits, 'reconnectFirstMs' | 'reconnectMaxMs' | 'listenerAnswerMs'>;
}

/** A listener that does nothing until it is started. */
export function createSnapshotListener(options: ListenerOptions): SnapshotListener {
  const { connect, onChange, onListening, log, random, limits } = options;
  const closing = new AbortController();
  let connection: ListeningConnection | undefined;
  let running: Promise<void> | undefined;
  let failures = 0;

  const listen = async (): Promise<{ ended: Promise<void> }> => {
    const opened = await connect();
    const ended = new Promise<void>((resolve) => {
      opened.on('end', resolve);
      opened.on('error', resolve);
    });
    opened.on('notification', ({ channel, payload }) => {
      if (channel === CHANNEL && payload !== undefined) onChange(payload);
    });
    void ended.then(() => {
      if (connection === opened) connection = undefined;
    });
    try {
      await opened.query(`listen ${CHANNEL}`);
      if (closing.signal.aborted) throw new Error('closed while connecting');
      connection = opened;
      await onListening();
    } catch (error) {
      void opened.end().catch(() => {});
      throw error;
    }
    failures = 0;
    return { ended };
  };

  const run = async (firstDone: () => void): Promise<void> => {
    while (!closing.signal.aborted) {
      try {
        const { ended } = await listen();
        log.info({}, 'listening for changed facts');
        firstDone();
        await ended;
        if (!closing.signal.aborted)
          log.warn({}, 'the connection that listens for changed facts was lost; connecting again');
      } catch (error) {
        if (failures === 0 && !closing.signal.aborted) {
          log.warn(
            { reason: error instanceof Error ? error.message : 'unknown' },
            'can not listen for changed facts; trying again, versions are compared meanwhile',
          );
        }
        failures += 1;
      }
      firstDone();
      await pause(backOffMs(failures, limits, random), undefined, { signal: closing.signal, ref: false }).catch(
        () => {},
      );
    }
  };

  return {
    start: () =>
      new Promise((resolve) => {
        running ??= run(resolve);
      }),
    async probe() {
      const probed = connection;
      if (probed === undefined) return;
      try {
        await probed.query({ text: 'select 1', query_timeout: limits.listenerAnswerMs });
      } catch {
        void probed.end().catch(() => {});
      }
    },
    isListening: () => connection !== undefined,
    async close() {
      closing.abort();
      await connection?.end().catch(() => {});
      await running;
    },
  };
}

/** Doubled from the first to the longest, then between half and all of it, so that replicas do not come back all at once. */
function backOffMs(failures: number, limits: ListenerOptions['limits'], random: Random): number {
  const longest = Math.min(limits.reconnectMaxMs, limits.reconnectFirstMs * 2 ** Math.min(failures, 10));
  return longest / 2 + random.below(Math.ceil(longest / 2) + 1);
}
