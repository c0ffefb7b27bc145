// Owns: `weir ledger verify` and `weir ledger rebuild`. Not: the comparison (migration 000053).

import type { ClientBase } from 'pg';
import { asService } from '../start.ts';
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

/** Rows shown; the count is always of all. */
const ROWS_SHOWN = 100;

/** Compares counters with events and holds. Prints what differs; gives whether nothing does. */
export function ledgerVerify(context: CommandContext): Promise<boolean> {
  return withCommandDatabase(context, ({ url }) =>
    asService(url, async (client) => {
      const rows = await readDrift(client);
      for (const row of rows.slice(0, ROWS_SHOWN)) context.print(describe(row));
      context.print(`drift ${rows.length}`);
      if (rows.length > 0)
        context.tell('Counters differ from their events. "weir ledger rebuild" sets them to what the events say.');
      return rows.length === 0;
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

function describe(row: DriftRow): string {
  return `${row.meter_key} from ${row.window_start.toISOString()}: used ${row.used} (events say ${row.expected_used}), held ${row.held} (holds say ${row.expected_held})`;
}
