// Proves: a call that its client leaves, at whatever moment, ends once and is booked as what came; nothing stays held.

import { Agent } from 'undici';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectBooksToClose, expectToBeBookedAsTold, untilNothingIsHeld } from '../support/books.ts';
import { type CallOutcome, makeCall } from '../support/chaos-call.ts';
import { chaosRandom, sized, tell } from '../support/chaos-sizes.ts';
import { type ChaosStage, createChaosStage } from '../support/chaos-stage.ts';
import { planCall } from '../support/crowd.ts';

/** Calls that were admitted and that their clients did not see whole. */
const LEFT = sized(200, 1_000);
const CALLS_A_ROUND = 200;
const ROUNDS_MAX = 50;
const AT_ONCE = 40;
/** Some calls are left before their first byte, some after their last. */
const LEFT_WITHIN_MS = 400;

let stage: ChaosStage;
let owner: ChaosStage['owner'];
let fleet: ChaosStage['fleet'];
let url: string;
let world: ChaosStage['world'];
beforeAll(async () => {
  stage = await createChaosStage({ organizations: 5 });
  ({ owner, fleet, world } = stage);
  url = await (await fleet.addSeat()).start();
}, 120_000);
afterAll(() => stage?.close());

async function countAdmitted(): Promise<number> {
  const { rows } = await owner.query<{ count: number }>('select count(*)::int as count from chaos.admitted');
  return rows[0]?.count ?? 0;
}

test(
  `${LEFT} calls left at random moments have as many ends as were admitted, and need no sweep for it`,
  async () => {
    const random = chaosRandom('aborted calls');
    const agent = new Agent({ connections: AT_ONCE });
    const outcomes: CallOutcome[] = [];
    const acknowledged = () => outcomes.filter(({ told }) => told !== null);
    // The first call of an organization waits for its facts: calls that are left meanwhile would show little.
    for (const { key } of world.organizations) {
      const plan = { ...planCall({ world, urls: [url], random }), key };
      outcomes.push(await makeCall(plan, agent));
    }
    for (let round = 0; round < ROUNDS_MAX && (await countAdmitted()) - acknowledged().length < LEFT; round += 1) {
      const plans = Array.from({ length: CALLS_A_ROUND }, () => ({
        plan: planCall({ world, urls: [url], random }),
        leftAfterMs: random.below(LEFT_WITHIN_MS),
      }));
      const client = async (): Promise<void> => {
        for (let next = plans.pop(); next !== undefined; next = plans.pop()) {
          const leaving = new AbortController();
          const timer = setTimeout(() => leaving.abort(), next.leftAfterMs);
          outcomes.push(await makeCall(next.plan, agent, leaving.signal));
          clearTimeout(timer);
        }
      };
      await Promise.all(Array.from({ length: AT_ONCE }, client));
    }
    await agent.destroy();
    await untilNothingIsHeld(owner);

    const books = await expectBooksToClose(owner);
    const left = books.admitted - acknowledged().length;
    tell('aborted calls', { calls: outcomes.length, acknowledged: acknowledged().length, left, ...books });
    expect(left).toBeGreaterThanOrEqual(LEFT);
    // The process lived: it knew how every call ended, so nothing had to be estimated.
    expect(books).toMatchObject({ estimated: 0, corrected: 0 });
    expect(books.ends.cancelled).toBeGreaterThan(0);
    await expectToBeBookedAsTold(owner, acknowledged());
    expect(await fleet.verifyLedger()).toMatchObject({ code: 0, stdout: 'drift 0\n' });
  },
  120_000 + LEFT * 500,
);
