// Proves: SIGTERM under load drops no stream and no call that the server took, and the process ends with 0; the other replica takes over.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { beginStream } from '../../src/server/testing/calls.ts';
import { expectBooksToClose, expectToBeBookedAsTold, untilNothingIsHeld } from '../support/books.ts';
import { chaosRandom, sized, tell } from '../support/chaos-sizes.ts';
import { type ChaosStage, createChaosStage } from '../support/chaos-stage.ts';
import { startCrowd } from '../support/crowd.ts';
import type { Seat } from '../support/server-fleet.ts';
import { until } from '../support/until.ts';

const TERMS = sized(2, 20);
const STREAMS = sized(50, 200);
const CLIENTS = 8;

let stage: ChaosStage;
let owner: ChaosStage['owner'];
let fleet: ChaosStage['fleet'];
let seats: [Seat, Seat];
let world: ChaosStage['world'];
beforeAll(async () => {
  stage = await createChaosStage({ organizations: 3 });
  ({ owner, fleet, world } = stage);
  seats = [await fleet.addSeat(), await fleet.addSeat()];
  await Promise.all(seats.map((seat) => seat.start()));
}, 120_000);
afterAll(() => stage?.close());

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
