// Proves: use is added up once, whatever order transactions commit in, however late an event is told of and however often it is added up; and that what is wrong is
// found and made right.

import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { NOBODY_ID } from '../../contracts/caller.ts';
import { systemClock } from '../../primitives/clock.ts';
import { createUsageRollUps, type UsageRollUps } from './roll-up.service.ts';
import { createUsageWorld, insertUse, type SampleUse, type UsageWorld } from './testing/usage-world.ts';

const NOW = { settleMs: 0 };
const HOUR_MS = 3_600_000;

let world: UsageWorld;
let rollUps: UsageRollUps;
let organizationId: string;
beforeAll(async () => {
  world = await createUsageWorld();
  rollUps = createUsageRollUps({ database: world.database, clock: systemClock });
});
beforeEach(() => {
  organizationId = randomUUID();
});
afterAll(() => world.close());

const ago = (ms: number): Date => new Date(systemClock.nowMs() - ms);
const sums = async (table: string, id = organizationId) => {
  const { rows } = await world.owner.query(
    `select coalesce(sum(events), 0)::int as events, coalesce(sum(requests), 0)::int as requests,
        coalesce(sum(input_tokens), 0)::int as input, coalesce(sum(cost_nano_usd), 0)::int as cost
      from weir.${table} where organization_id = $1`,
    [id],
  );
  return rows[0] as { events: number; requests: number; input: number; cost: number };
};
/** The time that a batch takes first. */
const booking = async (): Promise<Date> => (await world.owner.query('select clock_timestamp() as at')).rows[0].at;
/** Right now, with nobody else writing, one round is enough. */
const folded = async (): Promise<void> => expect((await rollUps.rollUp(NOW)).isDone).toBe(true);
const noDrift = async (): Promise<void> => expect((await rollUps.verify()).drift).toEqual([]);

it('adds up by hour and by day, in UTC, and keeps what tells calls apart', async () => {
  const day = Date.UTC(2026, 0, 15);
  const at = (ms: number): Date => new Date(day + ms);
  await insertUse(world.owner, [
    { at: at(10), organizationId },
    { at: at(HOUR_MS - 1), organizationId },
    { at: at(HOUR_MS), organizationId, columns: { status: 'error', error_code: 'provider_error', cost_nano_usd: 0 } },
    { at: at(24 * HOUR_MS - 1), organizationId, columns: { cost_nano_usd: null, latency_ms: null } },
  ]);
  await folded();
  const { rows } = await world.owner.query(
    `select hour, status, error_code, requests::int, errors::int, unpriced_requests::int as unpriced, latency_count::int as timed
      from weir.usage_hourly where organization_id = $1 order by hour`,
    [organizationId],
  );
  expect(rows).toEqual([
    { hour: at(0), status: 'success', error_code: null, requests: 2, errors: 0, unpriced: 0, timed: 2 },
    { hour: at(HOUR_MS), status: 'error', error_code: 'provider_error', requests: 1, errors: 1, unpriced: 0, timed: 1 },
    { hour: at(23 * HOUR_MS), status: 'success', error_code: null, requests: 1, errors: 0, unpriced: 1, timed: 0 },
  ]);
  const days = await world.owner.query(
    `select to_char(day, 'YYYY-MM-DD') as day, sum(requests)::int as requests from weir.usage_daily where organization_id = $1 group by 1`,
    [organizationId],
  );
  expect(days.rows).toEqual([{ day: '2026-01-15', requests: 4 }]);
});

it('counts a call told of late in the hour it was made in, and a correction as a difference', async () => {
  await insertUse(world.owner, [{ at: ago(3 * HOUR_MS), organizationId }]);
  await folded();
  const late = { at: ago(3 * HOUR_MS), organizationId };
  await insertUse(world.owner, [
    late,
    { ...late, columns: { sequence: 1, input_tokens: -40, output_tokens: -50, cost_nano_usd: -300 } },
  ]);
  await folded();
  expect(await sums('usage_hourly')).toEqual({ events: 3, requests: 2, input: 160, cost: 1_700 });
  expect(await sums('usage_daily')).toEqual({ events: 3, requests: 2, input: 160, cost: 1_700 });
  await noDrift();
});

it('changes nothing when it runs again, or on ten replicas at once', async () => {
  await insertUse(
    world.owner,
    Array.from({ length: 50 }, (): SampleUse => ({ at: ago(60_000), organizationId })),
  );
  await Promise.all(Array.from({ length: 10 }, () => rollUps.rollUp(NOW)));
  await folded();
  expect((await rollUps.rollUp(NOW)).eventsFolded).toBe(0);
  expect(await sums('usage_daily')).toMatchObject({ events: 50, input: 5_000 });
});

describe('a transaction that commits after one that booked later', () => {
  it('is neither lost nor counted twice', async () => {
    const slow = await world.connect();
    await slow.query('begin');
    await insertUse(slow, [{ at: ago(50), organizationId }]);
    await insertUse(world.owner, [{ at: ago(10), organizationId }]);
    // The line stays before both while the first is under way, however often it is tried.
    await rollUps.rollUp(NOW);
    await rollUps.rollUp(NOW);
    expect(await sums('usage_daily')).toMatchObject({ events: 0 });
    expect(await sums('usage_days')).toMatchObject({ events: 1 });
    await slow.query('commit');
    expect(await sums('usage_days')).toMatchObject({ events: 2 });
    await folded();
    expect(await sums('usage_daily')).toMatchObject({ events: 2, input: 200 });
    await noDrift();
  });

  it('is waited for also while it has not got as far as a row of its own', async () => {
    // As a batch of the ledger that has taken its time and waits for a counter.
    const [holder, slow] = [await world.connect(), await world.connect()];
    const { rows } = await world.owner.query(
      `insert into weir.counters (meter_key, window_start, window_end, organization_id, kind, unit, lock_rank)
       values ('waited-for', now(), now() + interval '1 day', $1, 'budget', 'nano_usd', 1) returning id`,
      [organizationId],
    );
    await holder.query('begin');
    await holder.query('select 1 from weir.counters where id = $1 for update', [rows[0].id]);
    const bookedAt = await booking();
    await slow.query('begin');
    const waiting = slow.query('select 1 from weir.counters where id = $1 for update', [rows[0].id]);
    // In this database: tests of others wait for locks as well.
    const waits = `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
    await expect.poll(async () => (await world.owner.query(waits)).rowCount).toBeGreaterThan(0);
    await insertUse(world.owner, [{ at: ago(0), organizationId }]);
    await rollUps.rollUp(NOW);
    await rollUps.rollUp(NOW);
    await holder.query('commit');
    await waiting;
    await insertUse(slow, [{ at: bookedAt, bookedAt, organizationId }]);
    await slow.query('commit');
    await folded();
    expect(await sums('usage_daily')).toMatchObject({ events: 2 });
  });

  it('does not wait for those who only read, or began later', async () => {
    const [reader, first, second] = [await world.connect(), await world.connect(), await world.connect()];
    await reader.query('begin isolation level repeatable read');
    await reader.query('select count(*) from weir.usage_events');
    await first.query('begin');
    await insertUse(first, [{ at: ago(20), organizationId }]);
    await rollUps.rollUp(NOW);
    await second.query('begin');
    await insertUse(second, [{ at: ago(0), organizationId }]);
    await first.query('commit');
    await rollUps.rollUp(NOW);
    expect(await sums('usage_daily')).toMatchObject({ events: 1 });
    await second.query('commit');
    await folded();
    expect(await sums('usage_daily')).toMatchObject({ events: 2 });
    await reader.query('commit');
  });
});

it('holds back what was booked just now: a batch takes its time before its first lock', async () => {
  await insertUse(world.owner, [{ at: ago(1_000), organizationId }]);
  expect((await rollUps.rollUp()).isDone).toBe(true);
  expect(await sums('usage_daily')).toMatchObject({ events: 0 });
  expect(await sums('usage_hours')).toMatchObject({ events: 1 });
  await folded();
});

it('goes back behind the line when the clock of the database did', async () => {
  await insertUse(world.owner, [{ at: ago(100), organizationId }]);
  await folded();
  // As if the clock had been two hours ahead until now.
  await world.owner.query(`update weir.usage_roll_up set folded_to = now() + interval '2 hours'`);
  await insertUse(world.owner, [{ at: ago(10), organizationId }]);
  await folded();
  await folded();
  expect(await sums('usage_daily')).toMatchObject({ events: 2, input: 200 });
  await noDrift();
});

it('finds sums that are not those of their events, and makes them anew', async () => {
  const other = randomUUID();
  await insertUse(world.owner, [
    { at: ago(2 * HOUR_MS), organizationId },
    { at: ago(HOUR_MS), organizationId: other },
  ]);
  await folded();
  await world.owner.query('update weir.usage_hourly set cost_nano_usd = cost_nano_usd + 1 where organization_id = $1', [
    organizationId,
  ]);
  await world.owner.query('delete from weir.usage_daily where organization_id = $1', [other]);
  const { drift, hoursRepaired } = await rollUps.verify();
  expect(new Set(drift.map((each) => each.organizationId))).toEqual(new Set([NOBODY_ID, organizationId, other]));
  expect(hoursRepaired).toBeGreaterThan(0);
  expect(await sums('usage_hourly')).toMatchObject({ cost: 1_000 });
  expect(await sums('usage_daily', other)).toMatchObject({ events: 1 });
  await noDrift();
});

it.each([
  ['usage_daily_slices', 'cost_nano_usd = cost_nano_usd + 1'],
  ['usage_daily_facets', 'cost_nano_usd = cost_nano_usd + 1'],
  ['usage_platform_daily', 'requests = requests + 1, events = events + 1'],
  ['usage_activity', `value = 'gpt-4o'`],
])('finds what %s has wrong or not at all', async (table, more) => {
  await insertUse(world.owner, [{ at: ago(48 * HOUR_MS), organizationId }]);
  await folded();
  await noDrift();
  const where = table === 'usage_platform_daily' ? 'true' : `organization_id = '${organizationId}'`;
  const facet = table === 'usage_activity' ? `facet = 'all'` : 'true';
  for (const harm of [`update weir.${table} set ${more}`, `delete from weir.${table}`]) {
    expect((await world.owner.query(`${harm} where ${where} and ${facet}`)).rowCount).toBeGreaterThan(0);
    expect((await rollUps.verify()).drift).not.toEqual([]);
    await noDrift();
  }
});

it('equals the events whatever they are, in whatever pieces they were added up', async () => {
  const use = fc.record({
    hoursAgo: fc.integer({ min: 0, max: 60 }),
    model: fc.constantFrom('gpt-4o-mini', 'claude-3-opus'),
    feature: fc.constantFrom(null, '', 'goal,generation', '"'),
    user: fc.constantFrom(null, '0a000000-0000-7000-8000-00000000000a'),
    status: fc.constantFrom('success', 'error', 'denied'),
    tokens: fc.integer({ min: 0, max: 1_000_000 }),
    cost: fc.option(fc.integer({ min: 0, max: 1_000_000 })),
    sequence: fc.constantFrom(0, 0, 0, 1),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(use, { maxLength: 30 }), { maxLength: 4 }), async (rounds) => {
      for (const uses of rounds) {
        await insertUse(
          world.owner,
          uses.map(
            ({ hoursAgo, sequence, ...use }): SampleUse => ({
              at: ago(hoursAgo * HOUR_MS),
              organizationId,
              columns: {
                ...{ sequence, model_id: use.model, feature: use.feature, user_id: use.user, status: use.status },
                ...{ input_tokens: use.tokens, cost_nano_usd: use.cost },
              },
            }),
          ),
        );
        await folded();
      }
      await noDrift();
    }),
    { numRuns: 8 },
  );
});

it('makes months ahead and lets go of none that is young', async () => {
  expect(await rollUps.retention()).toEqual({ partitionsMade: 0, monthsDropped: 0, recordsForgotten: 0 });
  await world.owner.query(`select weir_private.ensure_monthly_partitions('weir.usage_hourly', 0, '2020-01-01')`);
  expect(await rollUps.retention()).toMatchObject({ monthsDropped: 1 });
});
