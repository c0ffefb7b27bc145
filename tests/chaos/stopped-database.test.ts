// Proves: a PostgreSQL that stands still (SIGSTOP) while batches are with it is answered for with 503 in time, and loses and doubles nothing when it goes on.

import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../src/database/embedded/embedded-postgres.ts';
import { processesIn, signal } from '../../src/database/embedded/processes.ts';
import { silentLog } from '../../src/database/log.ts';
import { migrate } from '../../src/database/migrate.ts';
import {
  makeScratchDirectory,
  type ScratchDirectory,
  THROW_AWAY_SETTINGS,
} from '../../src/database/testing/scratch-directory.ts';
import {
  expectBooksToClose,
  expectOnlyHonestRefusals,
  expectToBeBookedAsTold,
  untilNothingIsHeld,
} from '../support/books.ts';
import { chaosRandom, sized, tell } from '../support/chaos-sizes.ts';
import { type ChaosWorld, createChaosWorld } from '../support/chaos-world.ts';
import { startCrowd } from '../support/crowd.ts';
import { createFleet, type Fleet, PRODUCT_PATIENCE } from '../support/server-fleet.ts';
import { until } from '../support/until.ts';

const STOPS = sized(2, 20);
const CLIENTS = 16;
const CALLS_BETWEEN = { least: 20, more: 80 };

let scratch: ScratchDirectory;
let postgres: EmbeddedPostgres;
let owner: pg.Client;
let fleet: Fleet;
let url: string;
let world: ChaosWorld;
beforeAll(async () => {
  scratch = await makeScratchDirectory(`weir-chaos-${process.pid}-database-`);
  postgres = await startEmbeddedPostgres({ directory: scratch.path, log: silentLog, settings: THROW_AWAY_SETTINGS });
  await migrate({ connectionString: postgres.ownerUrl, log: silentLog });
  owner = new pg.Client({ connectionString: postgres.ownerUrl });
  await owner.connect();
  world = await createChaosWorld(owner, { organizations: 4 });
  fleet = createFleet({
    ...PRODUCT_PATIENCE,
    DATABASE_URL: postgres.url,
    DATABASE_MIGRATION_URL: postgres.ownerUrl,
  });
  url = await (await fleet.addSeat()).start();
}, 120_000);
afterAll(async () => {
  await fleet?.close();
  await owner?.end();
  await postgres?.stop();
  await scratch?.remove();
}, 60_000);

test(
  `PostgreSQL may stand still ${STOPS} times under load: calls are refused in time, and every answered one is booked once`,
  async () => {
    const random = chaosRandom('stopped database');
    const crowd = startCrowd({ world, urls: [url], clients: CLIENTS, random });
    try {
      for (let stop = 0; stop < STOPS; stop += 1) {
        const wanted = crowd.acknowledged().length + CALLS_BETWEEN.least + random.below(CALLS_BETWEEN.more);
        await until('calls are answered between stops', () => crowd.acknowledged().length >= wanted);
        const before = crowd.outcomes.length;
        const stopped = (await processesIn(join(scratch.path, 'postgres/data'))) ?? [];
        expect(stopped).toContain(postgres.pid);
        for (const pid of stopped) signal(pid, 'SIGSTOP');
        try {
          await until('calls are refused', () => crowd.outcomes.slice(before).some(({ status }) => status === 503));
        } finally {
          for (const pid of stopped) signal(pid, 'SIGCONT');
        }
      }
      const wanted = crowd.acknowledged().length + CALLS_BETWEEN.least;
      await until('calls are answered at last', () => crowd.acknowledged().length >= wanted);
      await until('the server says that it is ready', async () => (await fetch(`${url}/readyz`)).status === 200);
    } finally {
      await crowd.stop();
    }
    await untilNothingIsHeld(owner);
    const acknowledged = crowd.acknowledged();
    const books = await expectBooksToClose(owner);
    const refusals = expectOnlyHonestRefusals(crowd.outcomes);
    tell('stopped database', {
      stops: STOPS,
      calls: crowd.outcomes.length,
      acknowledged: acknowledged.length,
      ...books,
      refusals,
    });
    expect(books).toMatchObject({ estimated: 0, corrected: 0 });
    await expectToBeBookedAsTold(owner, acknowledged);
    expect(await fleet.verifyLedger()).toMatchObject({ code: 0, stdout: 'drift 0\n' });
  },
  120_000 + STOPS * 30_000,
);
