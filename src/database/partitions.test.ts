/** Owns: the guarantees of monthly partitions made ahead. Does not own: what is kept in them. */
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { countUnpartitionedUsage, ensureUsagePartitions, USAGE_MONTHS_AHEAD } from './partitions.ts';
import { createDatabase } from './pool.ts';
import { withPlatform } from './principal.ts';
import { createTestDatabase, type TestDatabase } from './testing/database.ts';

let database: TestDatabase;
let client: pg.Client;

beforeAll(async () => {
  database = await createTestDatabase();
  client = new pg.Client({ connectionString: database.ownerUrl });
  await client.connect();
});

afterAll(async () => {
  await client.end();
  await database.drop();
});

beforeEach(async () => {
  await client.query(`begin; set local role weir_owner;
    create table weir.marks (id int not null, at timestamptz not null, note text default 'none', primary key (id, at)) partition by range (at);
    create table weir.marks_default partition of weir.marks default;
    select weir_private.protect_table('weir.marks'), weir_private.protect_table('weir.marks_default');
    create policy service_all on weir.marks to weir_service using (true) with check (true);
    grant select, insert on weir.marks to weir_service;
    create function weir_private.refuse_mark_change() returns trigger language plpgsql set search_path = '' as
      $$ begin raise exception 'append-only'; end $$;
    create trigger append_only before update or delete on weir.marks for each row execute function weir_private.refuse_mark_change();
    set local role weir_service;`);
});

afterEach(() => client.query('rollback'));

const ensure = async (monthsAhead: number, starting: string): Promise<number | undefined> => {
  const { rows } = await client.query<{ made: number }>(
    `select weir_private.ensure_monthly_partitions('weir.marks', $1, $2) as made`,
    [monthsAhead, starting],
  );
  return rows[0]?.made;
};

const waiting = async (): Promise<string | undefined> =>
  (await client.query<{ rows: string }>(`select weir_private.default_partition_rows('weir.marks') as rows`)).rows[0]
    ?.rows;

const placeOf = async (id: number): Promise<string | undefined> =>
  (
    await client.query<{ place: string }>('select tableoid::regclass::text as place from weir.marks where id = $1', [
      id,
    ])
  ).rows[0]?.place;

describe('weir_private.ensure_monthly_partitions', () => {
  test('makes this month and those ahead, once, over the end of a year', async () => {
    expect(await ensure(2, '2027-11-30T23:59:59Z')).toBe(3);
    expect(await ensure(2, '2027-11-30T23:59:59Z')).toBe(0);
    expect(await ensure(2, '2027-12-01T00:00:00Z')).toBe(1);
    await client.query(
      `insert into weir.marks values (1, '2027-11-30T23:59:59.999Z'), (2, '2027-12-01T00:00:00Z'), (3, '2028-02-29T12:00:00Z')`,
    );
    expect([await placeOf(1), await placeOf(2), await placeOf(3)]).toEqual([
      'weir.marks_2027_11',
      'weir.marks_2027_12',
      'weir.marks_2028_02',
    ]);
    expect(await waiting()).toBe('0');
  });

  test("months are UTC's, whatever zone the session is in", async () => {
    await client.query(`set local timezone = 'Pacific/Auckland'`);
    await ensure(0, '2027-12-31T23:00:00Z');
    await client.query(`insert into weir.marks values (1, '2027-12-31T23:30:00Z')`);
    expect(await placeOf(1)).toBe('weir.marks_2027_12');
  });

  test('rows without a partition are counted, kept, and moved when it comes, though the table only ever grows', async () => {
    await client.query(
      `insert into weir.marks values (1, '2027-05-05T00:00:00Z', 'late'), (2, '2027-07-07T00:00:00Z', 'later')`,
    );
    expect(await waiting()).toBe('2');
    await ensure(0, '2027-05-01T00:00:00Z');
    expect(await waiting()).toBe('1');
    expect(await placeOf(1)).toBe('weir.marks_2027_05');
    expect((await client.query('select note from weir.marks where id = 1')).rows).toEqual([{ note: 'late' }]);
  });

  test('a new partition is guarded like its parent: append-only, indexed, closed to direct reading', async () => {
    await ensure(0, '2027-05-01T00:00:00Z');
    await client.query(`insert into weir.marks values (1, '2027-05-05T00:00:00Z')`);
    await client.query('savepoint here');
    await expect(client.query('select from weir.marks_2027_05')).rejects.toThrow('permission denied');
    await client.query('rollback to here; set local role weir_owner');
    await expect(client.query('delete from weir.marks')).rejects.toThrow('append-only');
    await client.query('rollback to here');
    await expect(client.query(`insert into weir.marks values (1, '2027-05-05T00:00:00Z')`)).rejects.toThrow(
      'duplicate key',
    );
  });

  test('an absurd number of months is refused', async () => {
    await expect(ensure(1000, '2027-05-01T00:00:00Z')).rejects.toThrow('allowed are 0 to 24');
  });
});

test('usage events have their months ahead from the migrations on, and none is without a partition', async () => {
  const service = createDatabase({
    url: database.url,
    role: 'weir_service',
    max: 1,
    applicationName: 'test',
    statementTimeoutMs: 0,
  });
  await withPlatform(service, 'make partitions ahead', async (tx) => {
    expect(await ensureUsagePartitions(tx)).toBe(0);
    expect(await countUnpartitionedUsage(tx)).toBe(0n);
  });
  await service.close();
  const { rows } = await client.query(`select from pg_inherits where inhparent = 'weir.usage_events'::regclass`);
  expect(rows).toHaveLength(USAGE_MONTHS_AHEAD + 4); // two months before, this month, those ahead, and the default
});
