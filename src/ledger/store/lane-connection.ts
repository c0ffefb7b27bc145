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
  /**
   * Runs a prepared statement; rejects with the driver's error. Statements are sent at once and applied in their order. A lost connection is dropped: the next
   * call makes a new one.
   */
  readonly run: RunStatement;
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
  return {
    ready: async () => void (await current()),
    async run(statement) {
      const open = current();
      try {
        return await (await open).query(statement);
      } catch (error) {
        // Whoever is told of the loss last must not drop the connection that another has made since.
        if (isDatabaseUnavailable(error) && open === client) void drop();
        throw error;
      }
    },
    close: drop,
  };
}
