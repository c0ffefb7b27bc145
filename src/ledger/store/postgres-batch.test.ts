// Owns: what holds between the operations of one batch, and between a batch and rows that others change under it.
// Not: what holds on every store (conformance/), or while the database is away (postgres-outage.test.ts).

import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../database/testing/database.ts';
import { systemClock } from '../../primitives/clock.ts';
import { createUuidV7 } from '../../primitives/ids.ts';
import type { Leg } from '../core/reservation.ts';
import { sampleEvent } from '../core/testing/samples.ts';
import { type ConformanceContext, expectAdmitted, openContext } from './conformance/conformance-context.ts';
import type { LedgerHarness } from './conformance/ledger-harness.ts';
import { openPostgresHarnesses, type PostgresHarnesses } from './conformance/postgres-harness.ts';
import { fixedLeg } from './conformance/sample-calls.ts';

let database: TestDatabase;
let harnesses: PostgresHarnesses;
let harness: LedgerHarness;
let owner: pg.Client;
/** Looks from outside: within a transaction the list of sessions stands still. */
let watcher: pg.Client;
let at: ConformanceContext;

beforeAll(async () => {
  database = await createTestDatabase();
  harnesses = await openPostgresHarnesses(database);
  harness = await harnesses.create();
  at = await openContext(harness);
  owner = new pg.Client({ connectionString: database.ownerUrl });
  watcher = new pg.Client({ connectionString: database.ownerUrl });
  await Promise.all([owner.connect(), watcher.connect()]);
});

afterAll(async () => {
  await Promise.all([owner.end(), watcher.end()]);
  await harness.close();
  await harnesses.close();
  await database.drop();
});

const noDrift = async (): Promise<void> => expect(await harness.verify(at.organizationId)).toEqual([]);

describe('one batch', () => {
  test('an extension and a reserve that both fit alone do not pass a hard limit together', async () => {
    const meter = at.meter(1_000n, { key: 'batch:extended' });
    const perToken: Leg = { meter, base: 0n, rate: 1n };
    const ask = (output: bigint) =>
      at.request({ legs: [perToken], output: { wanted: output, needed: output, floor: output } });
    const hold = await at.admit(await ask(1n));
    const request = await ask(100n);
    const [extended, reserved] = await Promise.all([
      harness.store().extend({ hold, legs: [perToken], grantedOutput: 950n }),
      harness.store().reserve(request),
    ]);
    expect(extended.outcome).toBe('extended');
    expect(reserved.outcome).toBe('denied');
    expect((await at.counter(meter)).held).toBe(950n);
  });

  test('a name that no database stores is booked without what can not be stored, and takes nobody along', async () => {
    const event = sampleEvent(at.organizationId, { status: 'denied', tags: { 'a\0': '\ud800b' } });
    const named = { ...event, dimensions: { ...event.dimensions, modelId: 'x\0y\ud800' } };
    const id = createUuidV7(harness.store().nowMs(), at.random);
    const request = await at.request({ meter: at.meter(10n, { key: 'batch:named' }), amount: 1n });
    const [, reserved] = await Promise.all([
      harness.store().record({ id, event: named }),
      harness.store().reserve(request),
    ]);
    expectAdmitted(reserved);
    const { rows } = await owner.query('select model_id, tags from weir.usage_events where id = $1', [id]);
    expect(rows).toEqual([{ model_id: 'xy\ufffd', tags: { a: '\ufffdb' } }]);
  });
});

describe('rows that change under a batch', () => {
  test('a meter whose scope has changed since its counter was made is held and settled all the same', async () => {
    const moved = at.meter(10n, { key: 'moved:first', scopeClass: 'platform' });
    const other = at.meter(10n, { key: 'moved:second', scopeClass: 'feature' });
    await at.admit(await at.request({ legs: [fixedLeg(moved, 1n), fixedLeg(other, 1n)] }));
    const now = { ...moved, scopeClass: 'user' } as const;
    const hold = await at.admit(await at.request({ legs: [fixedLeg(now, 2n), fixedLeg(other, 3n)] }));
    expect(await at.settle(hold, [2n, 4n])).toBe('settled');
    expect(await at.counter(moved)).toEqual({ used: 2n, held: 1n });
    expect(await at.counter(other)).toEqual({ used: 4n, held: 1n });
    await noDrift();
  });

  test('a call is settled after the counter of its minute was removed, late and unknown alike', async () => {
    const month = at.meter(100n, { key: 'removed:month' });
    const minute = at.meter(100n, { key: 'removed:minute', window: { kind: 'minute' } });
    const hold = await at.admit(await at.request({ legs: [fixedLeg(minute, 5n), fixedLeg(month, 5n)] }));
    await harness.advance(180_000);
    await harness.store().sweep(1_000);
    await owner.query('delete from weir.counters where meter_key = $1', [minute.key]);
    expect(await at.settle(hold, [2n, 2n])).toBe('late');
    expect(await at.counter(month)).toEqual({ used: 2n, held: 0n });
    const unknown = { ...hold, id: createUuidV7(harness.store().nowMs(), at.random) };
    expect(await at.settle(unknown, [3n, 3n])).toBe('orphan');
    expect(await at.counter(month)).toEqual({ used: 5n, held: 0n });
    await noDrift();
  });

  test('a reserve finds its way when a counter it remembers was removed', async () => {
    const meter = at.meter(10n, { key: 'removed:remembered' });
    const hold = await at.admit(await at.request({ meter, amount: 1n }));
    await at.release(hold);
    await owner.query('delete from weir.counters where meter_key = $1', [meter.key]);
    await at.admit(await at.request({ meter, amount: 4n }));
    expect(await at.counter(meter)).toEqual({ used: 0n, held: 4n });
  });

  test('a call that ends while it is asked for again opens no second hold', async () => {
    const replica = await harness.openReplica();
    const request = await at.request({ legs: [] });
    await at.admit(request);
    await owner.query('begin');
    await owner.query('delete from weir.holds where id = $1', [request.id]);
    await owner.query(
      `insert into weir.usage_events (id, occurred_at, booked_at, organization_id, environment, model_id, provider, model_type, route,
         input_tokens, output_tokens, cached_input_tokens, cache_write_tokens, reasoning_tokens, usage_source, status, streamed, trial,
         retries, fallback_used, counter_ids, amounts)
       values ($1, weir_private.uuid_v7_time($1), now(), $2, 'production', 'm', 'p', 'catalog', 'r', 0, 0, 0, 0, 0, 'provider', 'success',
         false, false, 0, false, '{}', '{}')`,
      [request.id, at.organizationId],
    );
    const again = replica.reserve(request);
    await untilSomebodyWaits();
    await owner.query('commit');
    expect((await again).outcome).toBe('ended');
    expect((await at.rows()).openHolds.some((row) => row.id === request.id)).toBe(false);
  });
});

describe('late truth', () => {
  test('of two settles that come late at once one corrects the estimate and the other learns of it, also without a counter that both wait for', async () => {
    const hold = await at.admit(await at.request({ legs: [] }));
    await harness.advance(180_000);
    await harness.store().sweep(1_000);
    await owner.query('begin');
    await owner.query(
      `insert into weir.usage_events select (jsonb_populate_record(e, '{"sequence": 1}')).* from weir.usage_events e where e.id = $1`,
      [hold.id],
    );
    const second = at.settle(hold, []);
    await untilSomebodyWaits();
    await owner.query('commit');
    expect(await second).toBe('duplicate');
  });

  test('a late settle tells how the call went and what went beyond its hold', async () => {
    const meter = at.meter(100n, { key: 'late:overrun' });
    const hold = await at.admit(await at.request({ meter, amount: 5n }));
    await harness.advance(180_000);
    await harness.store().sweep(1_000);
    const event = sampleEvent(at.organizationId, {
      streamed: true,
      retries: 2,
      fallbackUsed: true,
      timeToFirstTokenMs: 34,
      upstreamRequestId: 'req_1',
      tags: { team: 'blue' },
    });
    expect(await harness.store().settle({ hold, used: [8n], creditsUsed: 0n, event })).toBe('late');
    const { rows } = await owner.query(
      `select streamed, retries, fallback_used, time_to_first_token_ms, upstream_request_id, tags, amounts, overruns
         from weir.usage_events where id = $1 and sequence = 1`,
      [hold.id],
    );
    expect(rows).toEqual([
      {
        streamed: true,
        retries: 2,
        fallback_used: true,
        time_to_first_token_ms: 34,
        upstream_request_id: 'req_1',
        tags: { team: 'blue' },
        amounts: ['3'],
        overruns: ['3'],
      },
    ]);
    expect(await at.counter(meter)).toEqual({ used: 8n, held: 0n });
  });
});

describe('rebuilding', () => {
  test('waits for the batches under way instead of being caught in a circle with them', async () => {
    const meter = at.meter(100n, { key: 'rebuild:waits' });
    const hold = await at.admit(await at.request({ meter, amount: 5n }));
    const rebuilder = new pg.Client({ connectionString: database.ownerUrl });
    await rebuilder.connect();
    // What a batch does, in its order.
    await owner.query('begin');
    await owner.query('select from weir.counters where meter_key = $1 for update', [meter.key]);
    await owner.query('delete from weir.holds where id = $1', [hold.id]);
    const rebuilt = rebuilder.query('select weir_private.ledger_rebuild() as count');
    await untilSomebodyWaits();
    await owner.query('update weir.counters set held = held - 5 where meter_key = $1', [meter.key]);
    await owner.query('commit');
    expect((await rebuilt).rowCount).toBe(1);
    expect(await at.counter(meter)).toEqual({ used: 0n, held: 0n });
    await rebuilder.end();
  });
});

/** Resolves when a session of this database waits for a lock. */
async function untilSomebodyWaits(): Promise<void> {
  const deadlineMs = systemClock.monotonicMs() + 10_000;
  for (;;) {
    const { rowCount } = await watcher.query(
      `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
    );
    if (rowCount !== 0) return;
    if (systemClock.monotonicMs() > deadlineMs) throw new Error('nobody waits for a lock');
  }
}
