// Owns: `weir ledger verify` and `weir ledger rebuild`. Not: the comparisons (migrations 000053, 000120).

import type { ClientBase } from 'pg';
import { asService } from '../lifecycle/start.ts';
import type { CommandContext } from './command-context.ts';
import { withCommandDatabase } from './command-database.ts';

/** A counter that is not what its events and open holds say. Amounts in the counter's smallest unit. */
interface DriftRow {
  counter_id: bigint;
  meter_key: string;
  window_start: Date;
  used: bigint;
  expected_used: bigint;
  held: bigint;
  expected_held: bigint;
}

/** An organization's credits of a type, of which the lots are not what the ledger of credits says. */
interface CreditDriftRow {
  organization_id: string;
  credit_type: string;
  in_lots: bigint;
  in_ledger: bigint;
}

/** Rows shown; the count is always of all. */
const ROWS_SHOWN = 100;

/** Compares counters with events and holds, and lots of credits with their ledger. Prints what differs; gives whether nothing does. */
export function ledgerVerify(context: CommandContext): Promise<boolean> {
  return withCommandDatabase(context, ({ url }) =>
    asService(url, async (client) => {
      const rows = await readDrift(client);
      const credits = await readCreditDrift(client);
      const lines = [...rows.map(describe), ...credits.map(describeCredits)];
      for (const line of lines.slice(0, ROWS_SHOWN)) context.print(line);
      context.print(`drift ${lines.length}`);
      if (rows.length > 0)
        context.tell('Counters differ from their events. "weir ledger rebuild" sets them to what the events say.');
      if (credits.length > 0)
        context.tell('Lots of credits differ from their ledger, which is right: look for what changed them.');
      return lines.length === 0;
    }),
  );
}

/** Sets every counter to what events and holds say. */
export function ledgerRebuild(context: CommandContext): Promise<void> {
  return withCommandDatabase(context, ({ url }) =>
    asService(url, async (client) => {
      const { rows } = await client.query<{ count: number }>('select weir_private.ledger_rebuild() as count');
      context.print(`rebuilt ${rows[0]?.count ?? 0}`);
      const left = await readDrift(client);
      if (left.length > 0) context.tell(`${left.length} counters moved on meanwhile; run it again`);
    }),
  );
}

async function readDrift(client: ClientBase): Promise<DriftRow[]> {
  const { rows } = await client.query<DriftRow>('select * from weir_private.ledger_drift()');
  return rows;
}

async function readCreditDrift(client: ClientBase): Promise<CreditDriftRow[]> {
  const { rows } = await client.query<CreditDriftRow>('select * from weir_private.credit_drift()');
  return rows;
}

function describeCredits(row: CreditDriftRow): string {
  return `credits ${row.credit_type} of ${row.organization_id}: lots have ${row.in_lots}, the ledger says ${row.in_ledger}`;
}

function describe(row: DriftRow): string {
  return `${row.meter_key} from ${row.window_start.toISOString()}: used ${row.used} (events say ${row.expected_used}), held ${row.held} (holds say ${row.expected_held})`;
}
