// Owns: naming the counters of a moment that is past, for use that was never held: made elsewhere and told of later. Not: booking on them (the store's settle).

import { type Kysely, sql } from 'kysely';
import type { Meter } from '../core/meter.ts';
import type { HeldLeg } from '../core/reservation.ts';
import { windowAt } from '../core/window.ts';
import { lockRank } from './counter-registry.ts';

/**
 * Legs of meters in the windows that a moment lies in, each with an amount; counters that are missing are made. Settled under an id that the ledger does not know,
 * they are booked as they stand. Needs a pool as `weir_gateway`.
 */
export async function pinPastLegs<Schema>(
  database: Kysely<Schema>,
  amounts: readonly { readonly meter: Meter; readonly amount: bigint }[],
  atMs: number,
): Promise<HeldLeg[]> {
  if (amounts.length === 0) return [];
  const named = amounts.map(({ meter, amount }) => ({ meter, amount, window: windowAt(meter.window, atMs) }));
  const { rows } = await sql<{ ids: bigint[] }>`select weir_private.ledger_counters(
      ${named.map(({ meter }) => meter.key)}::text[], ${named.map(({ window }) => window.startMs)}::bigint[],
      ${named.map(({ window }) => window.endMs)}::bigint[], ${named.map(({ meter }) => meter.organizationId)}::uuid[],
      ${named.map(({ meter }) => meter.kind)}::text[], ${named.map(({ meter }) => meter.unit)}::text[],
      ${named.map(({ meter }) => lockRank(meter))}::smallint[]) as ids`.execute(database);
  const ids = rows[0]?.ids ?? [];
  return named.map((leg, index) => {
    const counterId = ids[index];
    if (counterId === undefined) throw new Error(`no counter was named for ${leg.meter.key}`);
    return { ...leg, counterId };
  });
}
