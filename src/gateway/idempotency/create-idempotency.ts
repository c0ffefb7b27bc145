// Owns: one upstream call for any number of callers with one idempotency key, in this process and in others. Not: rows (idempotency-queries.ts),
// sealing (sealed-answer.ts), or what a call writes (capture-answer.ts).

import { isDatabaseUnavailable } from '../../database/failures.ts';
import type { DatabaseLog } from '../../database/log.ts';
import type { Database } from '../../database/pool.ts';
import type { SecretBox } from '../../database/secrets/secret-box.ts';
import type { Clock } from '../../primitives/clock.ts';
import { WeirError } from '../../primitives/errors.ts';
import { systemTimers, type Timers } from '../upstream/timers.ts';
import type { BegunCall, Idempotency, IdempotencySlot, IdempotentCall, KeptAnswer, LostAnswer } from './idempotency.ts';
import { claimKey, completeKey, findKey, freeKey, type KeyRow } from './idempotency-queries.ts';
import { answerLost, callLeft, checkIdempotencyKey, checkSameRequest, stillUnderWay } from './idempotency-refusals.ts';
import { DEFAULT_IDEMPOTENCY_LIMITS, type IdempotencyLimits, KEPT_ANSWER_MAX } from './limits.ts';
import { type CallEnd, createRunningCalls, type RunningCall, withinTime } from './running-calls.ts';
import { openAnswer, sealAnswer } from './sealed-answer.ts';

/** What it is made of. */
export interface IdempotencyOptions {
  /** A pool as `weir_gateway`. */
  readonly database: Database;
  readonly secrets: SecretBox;
  readonly clock: Clock;
  readonly log: DatabaseLog;
  readonly limits?: IdempotencyLimits;
  readonly timers?: Timers;
}

/** Makes it; nothing runs before the first call. */
export function createIdempotency(options: IdempotencyOptions): Idempotency {
  const context: Context = { limits: DEFAULT_IDEMPOTENCY_LIMITS, timers: systemTimers, ...options };
  const { clock, limits, timers } = context;
  const calls = createRunningCalls();
  return {
    async begin(call) {
      checkIdempotencyKey(call.idempotencyKey);
      const place = `${call.keyId} ${call.idempotencyKey}`;
      const deadlineMs = clock.monotonicMs() + limits.waitMs;
      for (;;) {
        const running = calls.find(place);
        if (!running) {
          const begun = await beginHere(context, call, { own: calls.begin(place, call.requestHash), deadlineMs });
          if (begun) return begun;
          continue;
        }
        checkSameRequest(running.requestHash, call.requestHash);
        const end = await withinTime(timers, running.ended, deadlineMs - clock.monotonicMs());
        if (!end) throw stillUnderWay();
        if (end.kind === 'refused') throw end.error;
        if (end.kind === 'answered') return replay(end);
      }
    },
  };
}

interface Context extends Required<Omit<IdempotencyOptions, 'limits' | 'timers'>> {
  readonly limits: IdempotencyLimits;
  readonly timers: Timers;
}

interface Place {
  readonly own: RunningCall;
  readonly deadlineMs: number;
}

/** Takes the key, or waits for the process that has it. Undefined: the key came free in the meantime. */
async function beginHere(
  context: Context,
  call: IdempotentCall,
  { own, deadlineMs }: Place,
): Promise<BegunCall | undefined> {
  const { database, limits } = context;
  const stop = (end: CallEnd): void => {
    own.forget();
    own.end(end);
  };
  try {
    const isFresh = await persist(context, limits.beginPatienceMs, () => claimKey(database, call, limits));
    if (isFresh) return { kind: 'fresh', slot: slotOf(context, call, own) };
    const end = await waitElsewhere(context, call, deadlineMs);
    stop(end);
    return end.kind === 'answered' ? replay(end) : undefined;
  } catch (cause) {
    const error = isDatabaseUnavailable(cause)
      ? new WeirError('ledger_unavailable', { retryAfterSeconds: 2, cause })
      : cause;
    // Those who wait here have the same key and body: what holds for one holds for all.
    stop({ kind: 'refused', error });
    throw error;
  }
}

/** Looks at a call of another process until it has ended. */
async function waitElsewhere(context: Context, call: IdempotentCall, deadlineMs: number): Promise<CallEnd> {
  const { database, limits, clock, timers } = context;
  for (let pauseMs = limits.lookFirstMs; ; pauseMs = Math.min(pauseMs * 2, limits.lookLongestMs)) {
    const row = await persist(context, limits.beginPatienceMs, () => findKey(database, call, limits));
    if (!row) return { kind: 'again' };
    checkSameRequest(row.requestHash, call.requestHash);
    if (row.state === 'left') throw callLeft(row.requestId);
    if (row.state === 'completed')
      return { kind: 'answered', requestId: row.requestId, answer: answerOf(context, call, row) };
    const leftMs = deadlineMs - clock.monotonicMs();
    if (leftMs <= 0) throw stillUnderWay();
    await new Promise<void>((resolve) => timers.after(Math.min(pauseMs, leftMs), resolve));
  }
}

function answerOf({ secrets, log }: Context, call: IdempotentCall, row: KeyRow): KeptAnswer | LostAnswer {
  const lost: LostAnswer = { status: 0, body: null };
  if (row.response === null) return lost;
  const answer = openAnswer(secrets, row.response, { ...call, requestId: row.requestId });
  if (answer === null)
    log.error(
      { requestId: row.requestId },
      'a kept answer does not open: it was changed, or WEIR_MASTER_KEY is another',
    );
  return answer ?? lost;
}

function replay({ answer, requestId }: Extract<CallEnd, { kind: 'answered' }>): BegunCall {
  if (answer.body === null) throw answerLost(requestId);
  return { kind: 'replay', requestId, ...answer };
}

function slotOf(context: Context, call: IdempotentCall, own: RunningCall): IdempotencySlot {
  const { database, secrets, limits, log } = context;
  const attempt = async (patienceMs: number, work: () => Promise<void>): Promise<void> => {
    try {
      await persist(context, patienceMs, work);
    } catch (error) {
      // The answer is with its client already. The key stays under way until it is left, then its callers are told to use another.
      log.error(
        { requestId: call.requestId, error: String(error) },
        'the end of a call with an idempotency key could not be kept',
      );
    }
  };
  return {
    async complete(given) {
      const answer =
        given.body !== null && given.body.length > KEPT_ANSWER_MAX ? { status: given.status, body: null } : given;
      // Those who wait here need not wait for the database.
      own.end({ kind: 'answered', requestId: call.requestId, answer });
      const response = answer.body === null ? null : sealAnswer(secrets, answer, call);
      const kept = { status: answer.status, response, keptMs: limits.keptMs };
      await attempt(limits.keepPatienceMs, () => completeKey(database, call, kept));
      own.forget();
    },
    async abandon() {
      await attempt(limits.beginPatienceMs, () => freeKey(database, call));
      own.forget();
      own.end({ kind: 'again' });
    },
  };
}

/** Does the work again while the database can't be reached. All of it may be repeated: rows are named by the call's id. */
async function persist<Value>(
  { clock, timers, limits }: Context,
  patienceMs: number,
  work: () => Promise<Value>,
): Promise<Value> {
  const untilMs = clock.monotonicMs() + patienceMs;
  for (let pauseMs = limits.lookFirstMs; ; pauseMs = Math.min(pauseMs * 2, limits.lookLongestMs)) {
    try {
      return await work();
    } catch (error) {
      if (!isDatabaseUnavailable(error) || clock.monotonicMs() + pauseMs > untilMs) throw error;
    }
    await new Promise<void>((resolve) => timers.after(pauseMs, resolve));
  }
}
