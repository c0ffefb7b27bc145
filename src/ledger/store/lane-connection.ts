// Owns: the one connection of a lane: made at first use, made again after it is lost. Not: what is sent over it.

import { isDatabaseUnavailable } from '../../database/failures.ts';
import type { RunStatement } from './counter-registry.ts';

/** What a lane needs of a database client. */
export interface LaneClient {
  query(statement: { name: string; text: string; values: unknown[] }): Promise<{ rows: Record<string, unknown>[] }>;
  end(): Promise<void>;
}

/** A connection that comes back. */
export interface LaneConnection {
  /** Connects where there is no connection. What is rejected here was not sent to anybody. */
  ready(): Promise<void>;
  /** Runs a prepared statement; rejects with the driver's error. A lost connection is dropped: the next call makes a new one. */
  readonly run: RunStatement;
  /** Drops the connection after an error that says it can't be used any more. */
  reset(): void;
  close(): Promise<void>;
}

/** Makes the connection's keeper; nothing is opened yet. */
export function createLaneConnection(connect: () => Promise<LaneClient>): LaneConnection {
  let client: Promise<LaneClient> | undefined;
  const current = (): Promise<LaneClient> => {
    client ??= connect().catch((error: unknown) => {
      client = undefined;
      throw error;
    });
    return client;
  };
  const drop = async (): Promise<void> => {
    const dropped = client;
    client = undefined;
    // The far side may be gone already: there is nobody to tell.
    await dropped?.then((open) => open.end()).catch(() => undefined);
  };
  // The driver takes one statement at a time: the next waits for the last, whatever came of it.
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(statement: () => Promise<T>): Promise<T> => {
    const turn = last.then(statement, statement);
    last = turn.catch(() => undefined);
    return turn;
  };
  return {
    ready: async () => void (await current()),
    run: (statement) =>
      inTurn(async () => {
        try {
          return await (await current()).query(statement);
        } catch (error) {
          if (isDatabaseUnavailable(error)) void drop();
          throw error;
        }
      }),
    reset: () => void drop(),
    close: drop,
  };
}
