// Proves: replicas whose clocks are hours apart give out what there is once, and book it in windows of the database's time.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectBooksToClose, expectToBeBookedAsTold, untilNothingIsHeld } from '../support/books.ts';
import { chaosRandom, sized, tell } from '../support/chaos-sizes.ts';
import { type ChaosStage, createChaosStage } from '../support/chaos-stage.ts';
import { addOrganizations, addScarceOffers, ROOM } from '../support/chaos-world.ts';
import { startCrowd } from '../support/crowd.ts';
import { rush } from '../support/rush.ts';
import { until } from '../support/until.ts';

const HOUR_MS = 3_600_000;
/** One slow by two hours, one a day ahead, two that are half a minute apart. */
const OFFSETS_MS = [-2 * HOUR_MS, 24 * HOUR_MS, -15_000, 15_000];
const ROUNDS = sized(3, 20);
const CALLS = 100;
const CROWD_CALLS = sized(200, 2_000);

let stage: ChaosStage;
let owner: ChaosStage['owner'];
let fleet: ChaosStage['fleet'];
let urls: string[];
let world: ChaosStage['world'];
beforeAll(async () => {
  stage = await createChaosStage({
    organizations: 3,
    environment: { NODE_OPTIONS: `--import=${new URL('../support/skewed-clock.ts', import.meta.url).href}` },
  });
  ({ owner, fleet, world } = stage);
  await addScarceOffers(owner);
  const seats = await Promise.all(
    OFFSETS_MS.map((offsetMs) => fleet.addSeat({ CHAOS_CLOCK_OFFSET_MS: String(offsetMs) })),
  );
  urls = await Promise.all(seats.map((seat) => seat.start()));
}, 120_000);
afterAll(() => stage?.close());

test(
  `${CALLS} calls at once to servers with clocks a day apart get exactly the ${ROOM} messages of the database's day, ${ROUNDS} times`,
  async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const [organization] = await addOrganizations(owner, { organizations: 1, plan: 'enterprise', tokenQuota: null });
      const { answered } = await rush(
        { key: organization?.key ?? '', model: 'chaos-ten', directives: 'tokens=5 delay=20', maxTokens: 40 },
        { urls, calls: CALLS, refusedWith: 429 },
      );
      await untilNothingIsHeld(owner);
      const { rows } = await owner.query<{ used: number; isNow: boolean }>(
        `select used::int as used, now() >= window_start and now() < window_end as "isNow" from weir.counters
          where organization_id = $1 and kind = 'daily_messages'`,
        [organization?.id],
      );
      expect(rows.reduce((sum, { used }) => sum + used, 0)).toBe(answered.length);
      for (const { used } of rows) expect(used).toBeLessThanOrEqual(ROOM);
      // At midnight a round may meet two days.
      if (rows.length === 1) {
        expect(answered).toHaveLength(ROOM);
        expect(rows).toEqual([{ used: ROOM, isNow: true }]);
      }
    }
    await expectBooksToClose(owner);
  },
  120_000 + ROUNDS * 10_000,
);

test(`${CROWD_CALLS} calls to them are booked as told, each once, and no hold expires early or late`, async () => {
  const crowd = startCrowd({ world, urls, clients: 16, random: chaosRandom('skewed clocks') });
  try {
    await until('calls are answered', () => crowd.acknowledged().length >= CROWD_CALLS, { withinMs: 300_000 });
  } finally {
    await crowd.stop();
  }
  await untilNothingIsHeld(owner);
  const books = await expectBooksToClose(owner);
  tell('skewed clocks', { offsetsMs: OFFSETS_MS, rounds: ROUNDS, acknowledged: crowd.acknowledged().length, ...books });
  expect(books).toMatchObject({ estimated: 0, corrected: 0 });
  expect(crowd.acknowledged()).toHaveLength(crowd.outcomes.length);
  await expectToBeBookedAsTold(owner, crowd.acknowledged());
  expect(await fleet.verifyLedger()).toMatchObject({ code: 0, stdout: 'drift 0\n' });
}, 360_000);
