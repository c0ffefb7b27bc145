// Proves: the hold of an answer without a bound grows in few, ever larger steps, to the very end of a limit. Not: streams (tests/gateway/long-answers.test.ts).

import { expect, test } from 'vitest';
import type { ReserveRequest } from '../../ledger/core/reservation.ts';
import { sampleEvent } from '../../ledger/core/testing/samples.ts';
import { createMemoryStore } from '../../ledger/store/memory-store.ts';
import { systemClock } from '../../primitives/clock.ts';
import { createTokenCounter } from '../../providers/counting/token-counter.ts';
import type { AdmittedCall } from '../call.ts';
import { sampleAdmittedCall, sampleMeter } from '../testing/sample-calls.ts';
import { watchOutput } from './watch-output.ts';

const PIECE = 'the quick brown fox jumps over the lazy dog, '.repeat(25);

/** An answer of so many pieces on a meter of this limit: how often its hold grew, how far, and where it was cut. */
async function answerOf(pieces: number, limit: bigint | null) {
  const store = createMemoryStore({ clock: systemClock });
  const sample = sampleAdmittedCall();
  const meter = sampleMeter('organization_quota', { limit });
  const output = { wanted: 100n, needed: 100n, floor: 32n };
  const legs = [{ meter, base: 10n, rate: 1n }];
  const request: ReserveRequest = {
    ...{ id: sample.incoming.id, organizationId: sample.hold.organizationId, ttlMs: 60_000, legs, output },
    ...{ versions: { platform: 0n, organization: 0n }, credits: null },
    event: sampleEvent(sample.hold.organizationId),
  };
  const verdict = await store.reserve(request);
  if (verdict.outcome !== 'admitted') throw new Error(`The call is ${verdict.outcome}.`);
  const call: AdmittedCall = { ...sample, hold: verdict.hold, admission: { ...sample.admission, legs } };
  let text = '';
  let asked = 0;
  let extended = 0;
  let cutAt: number | null = null;
  let answered = (): void => {};
  const control = {
    pause: () => {},
    resume() {
      extended += 1;
      answered();
    },
    cut() {
      cutAt = text.length;
      answered();
    },
  };
  const watched = watchOutput(
    {
      store: {
        ...store,
        extend(extension) {
          asked += 1;
          return store.extend(extension);
        },
      },
      counter: createTokenCounter(),
      onFault: (error) => expect.unreachable(String(error)),
    },
    call,
    () => text,
  );
  for (let piece = 0; piece < pieces && cutAt === null; piece += 1) {
    text += PIECE;
    const before = asked;
    const { promise, resolve } = Promise.withResolvers<void>();
    answered = resolve;
    watched.onProgress(text.length, control);
    // One that grew is told at once, and goes on when it has been answered.
    if (asked > before) await promise;
  }
  const [counter] = await store.read([meter]);
  return { asked, extended, cutAt, text, held: counter?.held ?? 0n };
}

test('an answer without an end takes few steps: each counts all that came before', async () => {
  const { extended, cutAt, text, held } = await answerOf(600, null);
  expect(text.length).toBeGreaterThan(600_000);
  expect(cutAt).toBeNull();
  expect(extended).toBeLessThan(40);
  expect(held).toBeGreaterThan(BigInt(createTokenCounter().count(text, 'sample')));
});

test('near the end of a limit the steps are small again: the answer goes on while there is room, and never past it', async () => {
  const limit = 20_000n;
  const { cutAt, text, held } = await answerOf(2_000, limit);
  expect(cutAt).toBe(text.length);
  expect(held).toBeLessThanOrEqual(limit);
  expect(BigInt(createTokenCounter().count(text, 'sample'))).toBeGreaterThan(limit - 3n * 1024n);
});
