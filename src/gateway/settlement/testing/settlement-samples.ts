// Owns: sample settlements for tests, and a ledger that can be away. Not: arbitrary ones (arbitrary-entry.ts).

import type { Hold } from '../../../ledger/core/reservation.ts';
import { sampleEvent, sampleMeter } from '../../../ledger/core/testing/samples.ts';
import { createMemoryStore, type MemoryStore } from '../../../ledger/store/memory-store.ts';
import { systemClock } from '../../../primitives/clock.ts';
import { WeirError } from '../../../primitives/errors.ts';
import { createUuidV7 } from '../../../primitives/ids.ts';
import { createSystemRandom } from '../../../primitives/random.ts';
import type { SettlementEntry } from '../settlement-entry.ts';

const random = createSystemRandom();

/** An organization of samples. */
const SAMPLE_ORGANIZATION = '01990000-0000-7000-8000-0000000000aa';

/** The settlement of a call that used 10 of 25 tokens; each one's call is new. */
export function sampleEntry(): SettlementEntry & { readonly kind: 'settle' } {
  const hold: Hold = {
    id: createUuidV7(systemClock.nowMs(), random),
    organizationId: SAMPLE_ORGANIZATION,
    reservedAtMs: systemClock.nowMs(),
    legs: [
      {
        meter: sampleMeter(SAMPLE_ORGANIZATION, 1_000n),
        window: { startMs: 0, endMs: 1_000 },
        counterId: 7n,
        amount: 25n,
      },
    ],
    grantedOutput: 18n,
    credits: null,
  };
  return {
    kind: 'settle',
    request: { hold, used: [10n], creditsUsed: 0n, event: sampleEvent(SAMPLE_ORGANIZATION) },
  };
}

/** A ledger in memory, and whether it can be reached. */
export interface AwayLedger {
  readonly store: MemoryStore;
  /** While away it refuses with `ledger_unavailable`. */
  setAway(isAway: boolean): void;
  /** The ids of the calls that it has booked; one that is booked twice is there twice. */
  bookedIds(): readonly string[];
}

/** A ledger that is there at first. Calls that it does not know are booked as orphans. */
export function createAwayLedger(): AwayLedger {
  const memory = createMemoryStore({ clock: systemClock });
  let isAway = false;
  const ifThere = <Answer>(work: () => Promise<Answer>): Promise<Answer> =>
    isAway ? Promise.reject(new WeirError('ledger_unavailable')) : work();
  return {
    store: {
      ...memory,
      settle: (request) => ifThere(() => memory.settle(request)),
      release: (hold, event) => ifThere(() => memory.release(hold, event)),
    },
    setAway(away) {
      isAway = away;
    },
    bookedIds: () => memory.snapshot().events.map((event) => event.id),
  };
}
