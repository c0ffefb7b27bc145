// Owns: a call that carries an `Idempotency-Key`: the first one goes on, the others get its answer. Not: keeping answers (idempotency/).

import { createHash } from 'node:crypto';
import type { Caller, IncomingCall } from '../call.ts';
import { captureAnswer } from '../idempotency/capture-answer.ts';
import type { Idempotency, IdempotencySlot } from '../idempotency/idempotency.ts';

/** What it needs. */
export interface IdempotentDependencies {
  readonly idempotency: Idempotency;
}

/** The first call of a key, whose answer is kept for the others. */
export interface KeptCall {
  /** Keeps the answer that was written. */
  complete(): Promise<void>;
  /** Nothing was charged: the key is free again. */
  abandon(): Promise<void>;
}

/** Null without the header; `replayed` when the answer of an earlier call was written. */
export async function beginIdempotent(
  { idempotency }: IdempotentDependencies,
  { incoming, caller }: { incoming: IncomingCall; caller: Caller },
): Promise<KeptCall | null | 'replayed'> {
  const idempotencyKey = incoming.headers['idempotency-key'];
  if (typeof idempotencyKey !== 'string') return null;
  const begun = await idempotency.begin({
    keyId: caller.key.id,
    organizationId: caller.organization.id,
    idempotencyKey,
    requestHash: createHash('sha256').update(incoming.route).update('\0').update(incoming.body).digest(),
    requestId: incoming.id,
  });
  if (begun.kind === 'fresh') return keep(begun.slot, incoming);
  incoming.response.writeHead(begun.status, { ...begun.headers, 'x-weir-idempotent-replay': 'true' });
  incoming.response.end(begun.body);
  return 'replayed';
}

function keep(slot: IdempotencySlot, incoming: IncomingCall): KeptCall {
  const captured = captureAnswer(incoming.response);
  return {
    complete: async () => {
      const answer = captured();
      await (answer === null ? slot.abandon() : slot.complete(answer));
    },
    abandon: () => slot.abandon(),
  };
}
