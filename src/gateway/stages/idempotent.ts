// Owns: a call that carries an `Idempotency-Key`: the first one goes on, the others get its answer. Not: keeping answers (idempotency/).

import { createHash } from 'node:crypto';
import { ServerResponse } from 'node:http';
import type { LedgerStore } from '../../ledger/core/ledger-store.ts';
import type { Caller, IncomingCall } from '../call.ts';
import { captureAnswer } from '../idempotency/capture-answer.ts';
import type { Idempotency, IdempotencySlot } from '../idempotency/idempotency.ts';
import { endWhole } from '../relay/whole-answer.ts';
import { firstCallerRefusal } from '../rules/rules.ts';
import { toError } from './decide.ts';

/** What it needs. */
export interface IdempotentDependencies {
  readonly idempotency: Idempotency;
  readonly store: LedgerStore;
}

/** What changes a call's meaning besides its body: the same key with another of these is another request. */
const MEANING_HEADERS = ['x-weir-user', 'x-weir-feature', 'x-weir-persona', 'x-weir-environment'] as const;

/** The first call of a key, whose answer is kept for the others. */
export interface KeptCall {
  /** Keeps the answer that was written. */
  complete(): Promise<void>;
  /** Nothing was charged: the key is free again. */
  abandon(): Promise<void>;
}

/** Whether the call carries a key. */
export function isIdempotent({ headers }: IncomingCall): boolean {
  return typeof headers['idempotency-key'] === 'string';
}

/**
 * Null without a key; `replayed` when the answer of an earlier call was written. A kept answer is for those who may still call: the
 * rules about the caller come first.
 * @throws {WeirError} of a rule about the caller, `idempotency_mismatch`, `conflict`
 */
export async function beginIdempotent(
  { idempotency, store }: IdempotentDependencies,
  { incoming, caller }: { incoming: IncomingCall; caller: Caller },
): Promise<KeptCall | null | 'replayed'> {
  const idempotencyKey = incoming.headers['idempotency-key'];
  // Each key is a name space of its own; what a person does once, the control plane does once.
  const { route, remoteAddress, response } = incoming;
  if (typeof idempotencyKey !== 'string' || caller.key === null || !(response instanceof ServerResponse)) return null;
  const refusal = firstCallerRefusal({ caller, route, remoteAddress, nowMs: store.nowMs() });
  if (refusal) throw toError(refusal);
  const begun = await idempotency.begin({
    keyId: caller.key.id,
    organizationId: caller.organization.id,
    idempotencyKey,
    requestHash: hashOf(incoming),
    requestId: incoming.id,
  });
  if (begun.kind === 'fresh') return keep(begun.slot, response);
  response.writeHead(begun.status, { ...begun.headers, 'x-weir-idempotent-replay': 'true' });
  endWhole(response, begun.body);
  return 'replayed';
}

function hashOf({ route, headers, body }: IncomingCall): Buffer {
  const hash = createHash('sha256').update(route);
  for (const name of MEANING_HEADERS) hash.update(`\0${headers[name] ?? ''}`);
  return hash.update('\0').update(body).digest();
}

function keep(slot: IdempotencySlot, response: ServerResponse): KeptCall {
  const captured = captureAnswer(response);
  const complete = async (): Promise<void> => {
    const answer = captured();
    await (answer === null ? slot.abandon() : slot.complete(answer));
  };
  return {
    complete,
    // What was begun has been charged: the key is not free, its answer is only lost.
    abandon: () => (response.headersSent ? complete() : slot.abandon()),
  };
}
