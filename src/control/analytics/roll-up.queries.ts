// Owns: the functions of the database that add use up, check it and let old hours go (migration 000130). Not: when.

import { sql } from 'kysely';
import type { DatabaseTransaction } from '../../database/pool.ts';

/** What one step of adding up did. */
export interface RollUpStep {
  readonly eventsFolded: bigint;
  /** Events booked up to here are in the sums; null: there was never one. */
  readonly foldedTo: Date | null;
  /** No more can be added up at the moment. */
  readonly isDone: boolean;
}

/** Adds up some `eventsMax` events that were booked `settleMs` ago or earlier. */
export async function foldUsage(
  tx: DatabaseTransaction,
  { eventsMax, settleMs }: { readonly eventsMax: number; readonly settleMs: number },
): Promise<RollUpStep> {
  const { rows } = await sql<RollUpStep>`
    select r.events_folded as "eventsFolded", nullif(r.folded_to, '-infinity') as "foldedTo", r.is_done as "isDone"
      from weir.roll_up_usage(${eventsMax}, ${settleMs} * interval '1 millisecond') r`.execute(tx);
  const [row] = rows;
  if (row === undefined) throw new Error('a step of the roll-up gave no row');
  return row;
}

/** An hour whose sums are not those of its events. */
export interface UsageDrift {
  readonly hour: Date;
  readonly organizationId: string;
  readonly events: bigint;
  readonly eventsSummed: bigint;
  readonly costNanoUsd: bigint;
  readonly costSummed: bigint;
}

/** The differing hours of a range. */
export async function listDrift(
  tx: DatabaseTransaction,
  { from, to }: { readonly from: Date; readonly to: Date },
): Promise<UsageDrift[]> {
  const { rows } = await sql<UsageDrift>`
    select v.hour, v.organization_id as "organizationId", v.events, v.events_summed as "eventsSummed",
        v.cost_nano_usd as "costNanoUsd", v.cost_summed as "costSummed"
      from weir.verify_usage(${from}, ${to}) v`.execute(tx);
  return rows;
}

/** Makes the differing hours of a range anew; gives how many. */
export async function repairUsage(
  tx: DatabaseTransaction,
  { from, to }: { readonly from: Date; readonly to: Date },
): Promise<number> {
  const { rows } = await sql<{ repaired: number }>`select weir.repair_usage(${from}, ${to}) as repaired`.execute(tx);
  return rows[0]?.repaired ?? 0;
}

/** Makes partitions of hours ahead; gives how many. */
export async function ensureHourPartitions(tx: DatabaseTransaction, monthsAhead: number): Promise<number> {
  const { rows } = await sql<{ made: number }>`
    select weir_private.ensure_monthly_partitions('weir.usage_hourly', ${monthsAhead}) as made`.execute(tx);
  return rows[0]?.made ?? 0;
}

/** Drops months of hours that ended more than `days` ago; gives how many. */
export async function dropOldHours(tx: DatabaseTransaction, days: number): Promise<number> {
  const { rows } = await sql<{ dropped: number }>`
    select weir.drop_old_usage_hours(${days} * interval '1 day') as dropped`.execute(tx);
  return rows[0]?.dropped ?? 0;
}

/** Forgets some `rowsMax` ids of calls told of more than `days` ago; gives how many. */
export async function forgetRecords(
  tx: DatabaseTransaction,
  { days, rowsMax }: { readonly days: number; readonly rowsMax: number },
): Promise<bigint> {
  const { numAffectedRows } = await sql`
    delete from weir.usage_records r using (
      select o.organization_id, o.external_id from weir.usage_records o where o.created_at < now() - ${days} * interval '1 day'
       order by o.created_at limit ${rowsMax}) as old
     where r.organization_id = old.organization_id and r.external_id = old.external_id`.execute(tx);
  return numAffectedRows ?? 0n;
}
