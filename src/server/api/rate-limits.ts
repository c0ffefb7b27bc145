// Owns: how often the product API may be asked, over all replicas. Not: the windows (weir.take_rate_token counts them by the database's clock) or the
// meters of the gateway.

import { createHash } from 'node:crypto';
import { isIP } from 'node:net';
import { sql } from 'kysely';
import type { Database } from '../../database/pool.ts';
import type { Clock } from '../../primitives/clock.ts';
import { WeirError } from '../../primitives/errors.ts';
import { AUTH_ATTEMPTS_PER_MINUTE, LEASES_MAX, REQUESTS_PER_LEASE, REQUESTS_PER_MINUTE } from './limits.ts';

/** Counts and refuses. */
export interface RateLimits {
  /** One request of a session, token or address. Throws 429 `rate_limited` with `Retry-After`. */
  takeRequest(key: string): Promise<void>;
  /** One guess by an address at an account; counts on both, and throws as soon as either is used up. */
  takeAttempt(address: string, account: string | null): Promise<void>;
}

interface Lease {
  left: number;
  /** On the monotonic clock: the database's time and ours may differ, but not how long a minute is. */
  readonly endsMs: number;
}

const WINDOW_SECONDS = 60;

/**
 * Attempts are counted one by one. Requests are taken from the shared window a lease at a time and counted here, so that only every sixtieth costs a write:
 * with R replicas a session gets between 6,000 - 60 R and 6,000 a minute.
 */
export function createRateLimits(options: { readonly database: Database; readonly clock: Clock }): RateLimits {
  const { database, clock } = options;
  const leases = new Map<string, Lease>();
  /** Leases being taken: whoever comes meanwhile waits for that one. Each with one of its own, a hundred requests at once used up the minute. */
  const renewals = new Map<string, Promise<void>>();
  const take = async (key: string, limit: number): Promise<{ allowed: boolean; seconds: number }> => {
    const { rows } = await sql<{ allowed: boolean; seconds: number }>`
      select allowed, greatest(1, ceil(extract(epoch from resets_at - clock_timestamp())))::integer as seconds
        from weir.take_rate_token(${key}, ${limit}, ${WINDOW_SECONDS})`.execute(database.kysely);
    return rows[0] ?? { allowed: false, seconds: WINDOW_SECONDS };
  };
  const useLease = (key: string): boolean => {
    const lease = leases.get(key);
    if (lease === undefined || lease.left === 0 || lease.endsMs <= clock.monotonicMs()) return false;
    lease.left -= 1;
    return true;
  };
  const renew = async (key: string): Promise<void> => {
    const { allowed, seconds } = await take(`request:${key}`, REQUESTS_PER_MINUTE / REQUESTS_PER_LEASE);
    if (!allowed) throw limited(seconds);
    // The oldest goes first: insertion order is the order of a Map.
    leases.delete(key);
    if (leases.size >= LEASES_MAX) leases.delete(leases.keys().next().value ?? '');
    leases.set(key, { left: REQUESTS_PER_LEASE, endsMs: clock.monotonicMs() + seconds * 1_000 });
  };

  return {
    async takeRequest(key) {
      while (!useLease(key)) {
        const renewal = renewals.get(key) ?? renew(key).finally(() => renewals.delete(key));
        renewals.set(key, renewal);
        await renewal;
      }
    },
    async takeAttempt(address, account) {
      const keys = [`auth:address:${address}`, ...(account === null ? [] : [`auth:account:${digest(account)}`])];
      for (const key of keys) {
        const { allowed, seconds } = await take(key, AUTH_ATTEMPTS_PER_MINUTE);
        if (!allowed) throw limited(seconds);
      }
    },
  };
}

/** Addresses of people are not kept where nothing needs them, and are longer than a key may be. */
const digest = (text: string): string => createHash('sha256').update(text).digest('base64url');

function limited(seconds: number): WeirError {
  return new WeirError('rate_limited', {
    message: `Too many requests. Try again in ${seconds} s.`,
    retryAfterSeconds: seconds,
  });
}

/**
 * What an address counts as: an IPv4 address itself, also when it comes mapped into IPv6; of an IPv6 address the first 64 bits, which is the least a network
 * is given (RFC 6177): its owner has 2^64 others to come from.
 */
export function addressKey(ip: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(ip)?.[1];
  if (mapped !== undefined) return mapped;
  if (isIP(ip) !== 6) return ip;
  const [head = '', tail] = ip.split('%')[0]?.split('::') ?? [];
  const first = head === '' ? [] : head.split(':');
  const last = tail === undefined || tail === '' ? [] : tail.split(':');
  const groups = [...first, ...Array.from({ length: Math.max(0, 8 - first.length - last.length) }, () => '0'), ...last];
  return `${groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')}::/64`;
}
