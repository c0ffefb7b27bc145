// Proves: a server that is stopped (SIGSTOP) in the middle of its work holds up nobody else, and goes on as if nothing had been.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectBooksToClose, expectToBeBookedAsTold, untilNothingIsHeld } from '../support/books.ts';
import { chaosRandom, sized, tell } from '../support/chaos-sizes.ts';
import { type ChaosStage, createChaosStage } from '../support/chaos-stage.ts';
import { type Crowd, startCrowd } from '../support/crowd.ts';
import type { Seat } from '../support/server-fleet.ts';
import { until } from '../support/until.ts';

const STOPS = sized(5, 50);
const CLIENTS = 12;
/** While one stands still the other answers so many calls, and so many does the first when it goes on. */
const CALLS_MEANWHILE = sized(60, 200);

let stage: ChaosStage;
let owner: ChaosStage['owner'];
let fleet: ChaosStage['fleet'];
let seats: [Seat, Seat];
let world: ChaosStage['world'];
beforeAll(async () => {
  stage = await createChaosStage({ organizations: 1 });
  ({ owner, fleet, world } = stage);
  // One organization: both servers need the same rows all the time.
  seats = [await fleet.addSeat(), await fleet.addSeat()];
  await Promise.all(seats.map((seat) => seat.start()));
}, 120_000);
afterAll(() => stage?.close());

async function untilFurther(crowd: Crowd, what: string): Promise<void> {
  const wanted = crowd.acknowledged().length + CALLS_MEANWHILE;
  await until(what, () => crowd.acknowledged().length >= wanted);
}

test(
  `one of two servers may stand still ${STOPS} times under load: the other answers on, and no call is lost`,
  async () => {
    const random = chaosRandom('stopped server');
    const crowds = seats.map((seat) => startCrowd({ world, urls: [seat.url()], clients: CLIENTS, random }));
    try {
      for (let stop = 0; stop < STOPS; stop += 1) {
        const [stopped, other] = stop % 2 === 0 ? [0, 1] : [1, 0];
        await untilFurther(crowds[stopped] as Crowd, 'both servers answer');
        const { process } = (seats[stopped] as Seat).process();
        process.kill('SIGSTOP');
        try {
          await untilFurther(crowds[other] as Crowd, 'the other server answers on');
        } finally {
          process.kill('SIGCONT');
        }
      }
      for (const crowd of crowds) await untilFurther(crowd, 'both servers answer after all');
    } finally {
      await Promise.all(crowds.map((crowd) => crowd.stop()));
    }
    await untilNothingIsHeld(owner);
    const outcomes = crowds.flatMap((crowd) => crowd.outcomes);
    const acknowledged = crowds.flatMap((crowd) => crowd.acknowledged());
    const books = await expectBooksToClose(owner);
    tell('stopped server', { stops: STOPS, calls: outcomes.length, acknowledged: acknowledged.length, ...books });
    expect(books).toMatchObject({ estimated: 0, corrected: 0 });
    const others = outcomes.filter(({ told }) => told === null);
    expect(others.map(({ status, failure, refusal }) => ({ status, failure, refusal }))).toEqual([]);
    await expectToBeBookedAsTold(owner, acknowledged);
    expect(await fleet.verifyLedger()).toMatchObject({ code: 0, stdout: 'drift 0\n' });
  },
  120_000 + STOPS * 30_000,
);
