// Owns: the ledger that one writes first: a row a counter, an update and a commit a request, over a pool. What ours is measured beside. Not: any
// promise of it: one meter instead of four, no event, nothing idempotent.

import pg from 'pg';

/** Makes pairs on a table of its own with so many rows, which it takes in turn. */
export type CreatePlainPairs = (rows: number) => Promise<() => Promise<void>>;

/** A pool with so many connections, and what makes pairs over it: an update that holds, and one that settles, each durable when it answers. */
export function openPlainPostgres(
  url: string,
  { connections, stops }: { connections: number; stops: AsyncDisposableStack },
): CreatePlainPairs {
  const pool = new pg.Pool({ connectionString: url, max: connections });
  pool.on('error', () => {});
  stops.defer(() => pool.end());
  return async (rows) => {
    const table = `bench.counters_${rows}`;
    await pool.query('create schema if not exists bench');
    await pool.query(`create table ${table} (id integer primary key, used bigint not null, held bigint not null)`);
    await pool.query(`insert into ${table} select id, 0, 0 from generate_series(1, $1::int) as id`, [rows]);
    let turn = 0;
    return async () => {
      turn = (turn % rows) + 1;
      const id = turn;
      await pool.query({
        name: `hold ${rows}`,
        text: `update ${table} set held = held + $2 where id = $1 and used + held + $2 <= 1000000000000000`,
        values: [id, 124],
      });
      await pool.query({
        name: `settle ${rows}`,
        text: `update ${table} set held = held - $2, used = used + $3 where id = $1`,
        values: [id, 124, 33],
      });
    };
  };
}
