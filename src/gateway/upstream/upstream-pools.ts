// Owns: sockets to upstreams: one bounded pool an origin, made on demand, closed with grace. Not: a request's deadlines (dispatch.ts) or health.

import { Pool } from 'undici';
import type { ConnectTo } from './connect-to.ts';
import type { UpstreamLimits } from './limits.ts';

/** The pools of this process. */
export interface UpstreamPools {
  /**
   * The pool of an origin (`https://api.openai.com`). `connectMs` is the time a new socket may take, TLS included. `owner` tells endpoints of tenants apart
   * that are at one origin.
   */
  poolFor(origin: string, connectMs: number, owner: string): Pool;
  /** Sockets and requests of each origin, for metrics. */
  stats(): readonly { origin: string; connected: number; running: number; waiting: number }[];
  /** Refuses new requests, waits for those under way, closes the sockets. */
  close(): Promise<void>;
  /** Closes everything at once; requests under way fail. */
  destroy(): Promise<void>;
}

interface PoolEntry {
  readonly origin: string;
  readonly pool: Pool;
}

/** Makes an empty set of pools. Opens nothing until asked. With `connectTo` they are for endpoints that tenants name: no two owners share a socket. */
export function createUpstreamPools(limits: UpstreamLimits, connectTo?: ConnectTo): UpstreamPools {
  // In order of last use: the first is the least recently used.
  const entries = new Map<string, PoolEntry>();
  const retired = new Set<Pool>();
  let newest = '';
  let isClosed = false;

  const retireOldest = (): void => {
    const [key, entry] = entries.entries().next().value ?? [];
    if (key === undefined || entry === undefined) return;
    entries.delete(key);
    retired.add(entry.pool);
    entry.pool.close(() => retired.delete(entry.pool));
  };

  const openPool = (key: string, origin: string, connectMs: number): Pool => {
    if (entries.size >= limits.origins) retireOldest();
    const connect = connectTo?.({ url: origin, connectMs }) ?? { timeout: connectMs };
    const pool = createPool(origin, connect, limits);
    entries.set(key, { origin, pool });
    newest = key;
    // Refuses what is asked of it, as all others do by then.
    if (isClosed) pool.close(() => {});
    return pool;
  };

  return {
    poolFor(origin, connectMs, owner) {
      const key = connectTo === undefined ? `${connectMs} ${origin}` : `${connectMs} ${origin} ${owner}`;
      const entry = entries.get(key);
      if (entry === undefined) return openPool(key, origin, connectMs);
      if (key !== newest) {
        entries.delete(key);
        entries.set(key, entry);
        newest = key;
      }
      return entry.pool;
    },
    stats: () =>
      [...entries.values()].map(({ origin, pool }) => {
        const { connected, running, queued } = pool.stats;
        return { origin, connected, running, waiting: queued };
      }),
    async close() {
      isClosed = true;
      // A destroyed pool has nothing left to wait for, and says so by rejecting.
      await Promise.all([...entries.values()].map(({ pool }) => (pool.closed || pool.destroyed ? null : pool.close())));
    },
    async destroy() {
      isClosed = true;
      await Promise.all([
        ...[...entries.values()].map(({ pool }) => pool.destroy()),
        ...[...retired].map((pool) => pool.destroy()),
      ]);
    },
  };
}

function createPool(origin: string, connect: NonNullable<Pool.Options['connect']>, limits: UpstreamLimits): Pool {
  return new Pool(origin, {
    connections: limits.connectionsPerOrigin,
    pipelining: 1,
    // One call a socket: a slow reader's pause must hold back that call alone.
    allowH2: false,
    connect,
    keepAliveTimeout: limits.keepAliveMs,
    keepAliveMaxTimeout: limits.keepAliveMostMs,
    maxHeaderSize: limits.responseHeaderBytes,
    // Deadlines are kept by deadline-watch.ts, which also knows a first body byte from a head and does not count a pause of ours as idleness.
    headersTimeout: 0,
    bodyTimeout: 0,
  });
}
