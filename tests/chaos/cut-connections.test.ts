// Proves: connections to PostgreSQL that are cut at random moments under load, during a commit too, lose and double nothing.

import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  expectBooksToClose,
  expectOnlyHonestRefusals,
  expectToBeBookedAsTold,
  untilNothingIsHeld,
} from '../support/books.ts';
import { chaosRandom, sized, tell } from '../support/chaos-sizes.ts';
import { type ChaosStage, createChaosStage } from '../support/chaos-stage.ts';
import { startCrowd } from '../support/crowd.ts';
import { until } from '../support/until.ts';

const CUTS = sized(10, 100);
const CLIENTS = 16;
const CALLS_BETWEEN = { least: 5, more: 40 };

let stage: ChaosStage;
let owner: ChaosStage['owner'];
let fleet: ChaosStage['fleet'];
let urls: string[];
let world: ChaosStage['world'];
beforeAll(async () => {
  stage = await createChaosStage({ organizations: 4 });
  ({ owner, fleet, world } = stage);
  const seats = [await fleet.addSeat(), await fleet.addSeat()];
  urls = await Promise.all(seats.map((seat) => seat.start()));
}, 120_000);
afterAll(() => stage?.close());

test(
  `every connection of two servers may be cut ${CUTS} times under load: every answered call is booked once, as told`,
  async () => {
    const random = chaosRandom('cut connections');
    const crowd = startCrowd({ world, urls, clients: CLIENTS, random });
    let cut = 0;
    try {
      for (let round = 0; round < CUTS; round += 1) {
        const wanted = crowd.acknowledged().length + CALLS_BETWEEN.least + random.below(CALLS_BETWEEN.more);
        await until('calls are answered between cuts', () => crowd.acknowledged().length >= wanted);
        const { rowCount } = await owner.query(
          'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
        );
        cut += rowCount ?? 0;
      }
    } finally {
      await crowd.stop();
    }
    await untilNothingIsHeld(owner);
    const acknowledged = crowd.acknowledged();
    const books = await expectBooksToClose(owner);
    // An organization's facts that were being read for the first time are not read again: its first callers are told to come back.
    const refusals = expectOnlyHonestRefusals(crowd.outcomes);
    tell('cut connections', {
      cut,
      calls: crowd.outcomes.length,
      acknowledged: acknowledged.length,
      ...books,
      refusals,
    });
    expect(cut).toBeGreaterThan(CUTS);
    expect(books).toMatchObject({ estimated: 0, corrected: 0 });
    await expectToBeBookedAsTold(owner, acknowledged);
    expect(await fleet.verifyLedger()).toMatchObject({ code: 0, stdout: 'drift 0\n' });
  },
  120_000 + CUTS * 10_000,
);
