// Owns: reading counters for people to see: what was used and is held of meters in their running windows. Not: deciding by them (the batch does, under locks),
// or who may see them (whoever asks names only the meters of their own caller).

import { type Kysely, sql } from 'kysely';
import { type WindowRule, windowAt } from '../core/window.ts';

/** A meter to look at. */
export interface CounterQuestion {
  /** From `meterKeys`. */
  readonly key: string;
  readonly window: WindowRule;
}

/** What a counter says. One that was never counted on is all zero. */
export interface CounterReading {
  readonly used: bigint;
  /** Set aside for calls under way. */
  readonly held: bigint;
  readonly windowStart: Date;
  /** When the window rolls, so that the limit is whole again. */
  readonly resetsAt: Date;
  /** When the counter was made; null while it was never counted on. */
  readonly firstUsedAt: Date | null;
}

/**
 * Reads many counters in one query, in the windows that `nowMs` falls in, by key. Needs a transaction (or pool) of a role that reads all counters
 * (`withPlatform`, `weir_service`).
 */
export async function readCounters<Schema>(
  tx: Kysely<Schema>,
  questions: readonly CounterQuestion[],
  nowMs: number,
): Promise<Map<string, CounterReading>> {
  const readings = new Map<string, CounterReading>();
  for (const { key, window } of questions) {
    const { startMs, endMs } = windowAt(window, nowMs);
    const [windowStart, resetsAt] = [new Date(startMs), new Date(endMs)];
    readings.set(key, { used: 0n, held: 0n, windowStart, resetsAt, firstUsedAt: null });
  }
  if (readings.size === 0) return readings;
  const keys = [...readings.keys()];
  const starts = [...readings.values()].map(({ windowStart }) => windowStart.toISOString());
  const { rows } = await sql<{ meter_key: string; used: bigint; held: bigint; created_at: Date }>`
    select c.meter_key, c.used, c.held, c.created_at
      from unnest(${keys}::text[], ${starts}::timestamptz[]) as asked (meter_key, window_start)
      join weir.counters c on c.meter_key = asked.meter_key and c.window_start = asked.window_start`.execute(tx);
  for (const { meter_key: key, used, held, created_at: firstUsedAt } of rows) {
    const reading = readings.get(key);
    if (reading !== undefined) readings.set(key, { ...reading, used, held, firstUsedAt });
  }
  return readings;
}
