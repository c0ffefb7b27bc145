// Proves: kill -9 of a server under load loses no call that its client saw answered, books none twice, and leaves nothing held.

import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../src/database/testing/database.ts';
import { expectBooksToClose, expectToBeBookedAsTold, untilNothingIsHeld } from '../support/books.ts';
import { chaosRandom, sized, tell } from '../support/chaos-sizes.ts';
import { type ChaosWorld, createChaosWorld } from '../support/chaos-world.ts';
import { startCrowd } from '../support/crowd.ts';
import { createFleet, type Fleet, type Seat } from '../support/server-fleet.ts';
import { until } from '../support/until.ts';

const KILLS = sized(3, 50);
const CLIENTS = 24;
/** Between two kills so many calls are answered at least. */
const CALLS_BETWEEN = { least: 20, more: 150 };
/** Above the time a killed server needs to be back, so that its journal and not the sweep tells how its calls ended. */
const HOLD_TTL_MS = 15_000;

let database: TestDatabase;
let owner: pg.Client;
let fleet: Fleet;
let seats: [Seat, Seat];
let world: ChaosWorld;
beforeAll(async () => {
  database = await createTestDatabase();
  owner = new pg.Client({ connectionString: database.ownerUrl });
  await owner.connect();
  world = await createChaosWorld(owner, { organizations: 5 });
  fleet = createFleet({
    DATABASE_URL: database.url,
    DATABASE_MIGRATION_URL: database.ownerUrl,
    WEIR_HOLD_TTL_MS: String(HOLD_TTL_MS),
    WEIR_SWEEP_INTERVAL_MS: '500',
  });
  seats = [await fleet.addSeat(), await fleet.addSeat()];
  await Promise.all(seats.map((seat) => seat.start()));
}, 120_000);
afterAll(async () => {
  await fleet?.close();
  await owner?.end();
  await database?.drop();
});

test(
  `after ${KILLS} kills of one of two servers under load every answered call is booked once, as told`,
  async () => {
    const random = chaosRandom('killed server');
    const urls = (): string[] => seats.map((seat) => seat.url());
    const crowd = startCrowd({ world, urls: urls(), clients: CLIENTS, random });
    try {
      for (let kill = 0; kill < KILLS; kill += 1) {
        const wanted = crowd.acknowledged().length + CALLS_BETWEEN.least + random.below(CALLS_BETWEEN.more);
        await until('calls are answered between kills', () => crowd.acknowledged().length >= wanted);
        const seat = seats[random.below(2)] as Seat;
        expect(await seat.end('SIGKILL')).toEqual({ code: null, signal: 'SIGKILL' });
        await seat.start();
        crowd.aim(urls());
      }
    } finally {
      await crowd.stop();
    }
    await untilNothingIsHeld(owner);

    const acknowledged = crowd.acknowledged();
    const books = await expectBooksToClose(owner);
    const refusals = crowd.outcomes.flatMap(({ refusal }) => refusal?.code ?? []);
    tell('killed server', {
      kills: KILLS,
      calls: crowd.outcomes.length,
      acknowledged: acknowledged.length,
      ...books,
      refusals: refusals.length,
    });
    expect(refusals).toEqual([]);
    await expectToBeBookedAsTold(owner, acknowledged);
    // Ends that were estimated are of calls that died with their server; each answered one is known exactly.
    expect(books.corrected).toBe(0);
    expect(await fleet.verifyLedger()).toMatchObject({ code: 0, stdout: 'drift 0\n' });

    for (const seat of seats) {
      expect(await seat.end('SIGTERM')).toEqual({ code: 0, signal: null });
      expect(await readdir(join(seat.directory, '.weir', 'journal')).catch(() => [])).toEqual([]);
      expect(seat.complaints()).toEqual([]);
    }
  },
  120_000 + KILLS * 60_000,
);
