// Proves: kill -9 of a server under load loses no call that its client saw answered, books none twice, and leaves nothing held.

import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectBooksToClose, expectToBeBookedAsTold, untilNothingIsHeld } from '../support/books.ts';
import { chaosRandom, sized, tell } from '../support/chaos-sizes.ts';
import { type ChaosStage, createChaosStage } from '../support/chaos-stage.ts';
import { startCrowd } from '../support/crowd.ts';
import type { Seat } from '../support/server-fleet.ts';
import { until } from '../support/until.ts';

const KILLS = sized(3, 50);
const CLIENTS = 24;
/** Between two kills so many calls are answered at least. */
const CALLS_BETWEEN = { least: 20, more: 150 };
/** Above the time a killed server needs to be back, so that its journal and not the sweep tells how its calls ended. */
const HOLD_TTL_MS = 15_000;

let stage: ChaosStage;
let owner: ChaosStage['owner'];
let fleet: ChaosStage['fleet'];
let seats: [Seat, Seat];
let world: ChaosStage['world'];
beforeAll(async () => {
  stage = await createChaosStage({
    organizations: 5,
    environment: { WEIR_HOLD_TTL_MS: String(HOLD_TTL_MS), WEIR_SWEEP_INTERVAL_MS: '500' },
  });
  ({ owner, fleet, world } = stage);
  seats = [await fleet.addSeat(), await fleet.addSeat()];
  await Promise.all(seats.map((seat) => seat.start()));
}, 120_000);
afterAll(() => stage?.close());

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
