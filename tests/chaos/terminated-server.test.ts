// Proves: SIGTERM under load drops no stream and no call that the server took, and the process ends with 0; the other replica takes over.

import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../src/database/testing/database.ts';
import { beginStream } from '../../src/server/testing/calls.ts';
import { expectBooksToClose, expectToBeBookedAsTold, untilNothingIsHeld } from '../support/books.ts';
import { chaosRandom, sized, tell } from '../support/chaos-sizes.ts';
import { type ChaosWorld, createChaosWorld } from '../support/chaos-world.ts';
import { startCrowd } from '../support/crowd.ts';
import { createFleet, type Fleet, type Seat } from '../support/server-fleet.ts';
import { until } from '../support/until.ts';

const TERMS = sized(2, 20);
const STREAMS = sized(50, 200);
const CLIENTS = 8;

let database: TestDatabase;
let owner: pg.Client;
let fleet: Fleet;
let seats: [Seat, Seat];
let world: ChaosWorld;
beforeAll(async () => {
  database = await createTestDatabase();
  owner = new pg.Client({ connectionString: database.ownerUrl });
  await owner.connect();
  world = await createChaosWorld(owner, { organizations: 3 });
  fleet = createFleet({ DATABASE_URL: database.url, DATABASE_MIGRATION_URL: database.ownerUrl });
  seats = [await fleet.addSeat(), await fleet.addSeat()];
  await Promise.all(seats.map((seat) => seat.start()));
}, 120_000);
afterAll(async () => {
  await fleet?.close();
  await owner?.end();
  await database?.drop();
});

test(
  `${STREAMS} open streams end whole when their server is told to stop under load, ${TERMS} times, and it exits with 0`,
  async () => {
    const [leaving, staying] = seats;
    const key = world.organizations[0]?.key ?? '';
    const crowd = startCrowd({
      ...{ world, urls: [leaving.url(), staying.url()], clients: CLIENTS, random: chaosRandom('terminated server') },
    });
    try {
      for (let term = 0; term < TERMS; term += 1) {
        const streams = await Promise.all(
          Array.from({ length: STREAMS }, () =>
            beginStream(leaving.url(), key, 'Slowly. [[sandbox: tokens=40 chunk-delay=40]]'),
          ),
        );
        const ended = leaving.end('SIGTERM');
        const texts = await Promise.all(streams.map((stream) => stream.rest()));
        expect(texts.filter((text) => !text.endsWith('data: [DONE]\n\n'))).toEqual([]);
        expect(await ended).toEqual({ code: 0, signal: null });
        const wanted = crowd.acknowledged().length + 20;
        await until('the other replica answers', () => crowd.acknowledged().length >= wanted);
        await leaving.start();
        crowd.aim([leaving.url(), staying.url()]);
      }
    } finally {
      await crowd.stop();
    }
    await untilNothingIsHeld(owner);
    const books = await expectBooksToClose(owner);
    const acknowledged = crowd.acknowledged();
    tell('terminated server', { terms: TERMS, streams: TERMS * STREAMS, acknowledged: acknowledged.length, ...books });
    // What was taken was answered: the others found nobody listening.
    const begun = crowd.outcomes.filter(({ status, told }) => status !== null && told === null);
    expect(begun.map(({ status, failure, refusal }) => ({ status, failure, refusal }))).toEqual([]);
    expect(books.ends).toEqual({ success: acknowledged.length + TERMS * STREAMS });
    expect(books.estimated).toBe(0);
    await expectToBeBookedAsTold(owner, acknowledged);
    expect(leaving.complaints()).toEqual([]);
  },
  120_000 + TERMS * 60_000,
);
