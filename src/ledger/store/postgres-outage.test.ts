// Owns: what the Postgres ledger does while its database can't be reached: who is told what, and what is booked afterwards.
// Not: what holds on every store (conformance/) or cuts under way (simulator/).

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connectDedicated } from '../../database/connection.ts';
import { createTestDatabase, type TestDatabase } from '../../database/testing/database.ts';
import { systemClock } from '../../primitives/clock.ts';
import { type ConformanceContext, expectAdmitted, openContext } from './conformance/conformance-context.ts';
import type { LedgerHarness } from './conformance/ledger-harness.ts';
import { openPostgresHarnesses, type PostgresHarnesses } from './conformance/postgres-harness.ts';
import { createPostgresStore, type PostgresStore } from './postgres-store.ts';

/** Short enough to wait for; nothing here must be answered within it. */
const PATIENCE_MS = 1_000;

let database: TestDatabase;
let harnesses: PostgresHarnesses;
let harness: LedgerHarness;

beforeAll(async () => {
  database = await createTestDatabase();
  harnesses = await openPostgresHarnesses(database);
  harness = await harnesses.create(systemClock.nowMs());
});

afterAll(async () => {
  await harness.close();
  await harnesses.close();
  await database.drop();
});

/** A store of its own, whose way to the database can be closed: new connections are refused and those that are open cut. */
function createReachableStore(): { store: PostgresStore; close(): Promise<void>; open(): void } {
  const clients: { end(): Promise<void> }[] = [];
  let reachable = true;
  const connect = async () => {
    if (!reachable) throw Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
    const client = await connectDedicated({ url: database.url, role: 'weir_gateway' });
    clients.push(client);
    return client;
  };
  return {
    store: createPostgresStore({ connect, clock: systemClock, lanes: 1, patienceMs: PATIENCE_MS }),
    async close() {
      reachable = false;
      await Promise.all(clients.splice(0).map((client) => client.end()));
    },
    open() {
      reachable = true;
    },
  };
}

/** The context of a test, its calls sent to a given store. */
async function openAt(store: PostgresStore): Promise<ConformanceContext> {
  return openContext({ ...harness, store: () => store });
}

describe('while the database cannot be reached', () => {
  test('a reserve is refused as unavailable in time, and leaves nothing behind', async () => {
    const way = createReachableStore();
    const at = await openAt(way.store);
    const request = await at.request({ meter: at.meter(10n), amount: 1n });
    await way.close();
    await expect(way.store.reserve(request)).rejects.toMatchObject({ code: 'ledger_unavailable', status: 503 });
    way.open();
    await way.store.close();
    const rows = await at.rows();
    expect(rows.openHolds).toEqual([]);
    expect(rows.counters.every((row) => row.held === 0n)).toBe(true);
  });

  test('a settle waits, and is booked once when the database is back', async () => {
    const way = createReachableStore();
    const at = await openAt(way.store);
    const meter = at.meter(10n);
    // Admitted by a patient replica: a busy machine is no outage.
    const hold = expectAdmitted(await harness.store().reserve(await at.request({ meter, amount: 5n })));
    await at.harness.store().read([meter]);
    await way.close();
    const settled = at.settle(hold, [4n]);
    await expect(at.harness.store().reserve(await at.request({ meter, amount: 1n }))).rejects.toThrow();
    way.open();
    expect(await settled).toBe('settled');
    // Closing waits until what the refused call may have got has been given back.
    await way.store.close();
    expect(await at.counter(meter)).toEqual({ used: 4n, held: 0n });
  });

  test('reading and sweeping say that the ledger is unavailable, and work again afterwards', async () => {
    const way = createReachableStore();
    const at = await openAt(way.store);
    const meter = at.meter(10n);
    await way.close();
    await expect(way.store.read([meter])).rejects.toMatchObject({ code: 'ledger_unavailable' });
    await expect(way.store.sweep(1)).rejects.toMatchObject({ code: 'ledger_unavailable' });
    way.open();
    expect(await way.store.read([meter])).toMatchObject([{ used: 0n, held: 0n }]);
    await way.store.close();
  });

  test('a reserve that was under way when it went, and whose caller was refused, holds nothing in the end', async () => {
    const way = createReachableStore();
    const at = await openAt(way.store);
    const meter = at.meter(10n);
    await at.harness.store().read([meter]);
    const request = await at.request({ meter, amount: 5n });
    const reserved = way.store.reserve(request).then(
      (verdict) => verdict.outcome,
      () => 'refused',
    );
    await new Promise((resolve) => setImmediate(resolve));
    await way.close();
    const outcome = await reserved;
    way.open();
    await way.store.close();
    const { openHolds } = await at.rows();
    expect(openHolds.some((row) => row.id === request.id)).toBe(outcome === 'admitted');
    expect(await at.harness.verify(at.organizationId)).toEqual([]);
  });
});
