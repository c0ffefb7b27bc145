// Owns: from the upstream's answer to the client's: settled first (the record survives this process), then said. Not: what is charged
// (settle.ts), headers (reply-headers.ts), streams (answer-stream.ts).

import { NO_TOKENS } from '../../ledger/core/usage-event.ts';
import type { UpstreamFailure } from '../../providers/protocol.ts';
import { errorOfFailure } from '../../providers/wire/upstream-failure.ts';
import type { AdmittedCall } from '../call.ts';
import { endWhole } from '../relay/whole-answer.ts';
import type { AttemptRecord, AttemptsOutcome } from '../upstream/attempt-target.ts';
import { answerStream } from './answer-stream.ts';
import {
  type AnswerDependencies,
  type AnsweredCall,
  bookEnding,
  servedModel,
  upstreamRequestId,
} from './book-ending.ts';
import { countedCall, countedInput, knownUsage } from './known-usage.ts';
import { addCostHeader, answerHeaders } from './reply-headers.ts';
import type { CallEnding } from './settle.ts';

/**
 * Settles and answers.
 * @throws {WeirError} after settling, where the upstream failed before anything was said: the reply is an error
 */
export function answerCall(
  dependencies: AnswerDependencies,
  call: AdmittedCall,
  outcome: AttemptsOutcome,
): Promise<AnsweredCall> {
  switch (outcome.kind) {
    case 'complete':
      return answerWhole(dependencies, call, outcome);
    case 'stream':
      return answerStream(dependencies, call, outcome);
    case 'failed':
      return answerFailure(dependencies, call, outcome);
    case 'cancelled':
      return answerNobody(dependencies, call, outcome.attempts);
  }
}

async function answerFailure(
  dependencies: AnswerDependencies,
  call: AdmittedCall,
  { attempts, failure }: Extract<AttemptsOutcome, { kind: 'failed' }>,
): Promise<never> {
  await bookEnding(dependencies, call, endingWithoutOutput(dependencies, call, { attempts, failure })).booked;
  throw errorOfFailure(failure);
}

async function answerNobody(
  dependencies: AnswerDependencies,
  call: AdmittedCall,
  attempts: readonly AttemptRecord[],
): Promise<AnsweredCall> {
  const ending = endingWithoutOutput(dependencies, call, { attempts, failure: null });
  await bookEnding(dependencies, call, ending).booked;
  return { ending, httpStatus: 499, costNanoUsd: 0n, providerSlug: null, upstreamMs: 0 };
}

async function answerWhole(
  dependencies: AnswerDependencies,
  call: AdmittedCall,
  outcome: Extract<AttemptsOutcome, { kind: 'complete' }>,
): Promise<AnsweredCall> {
  const { counter, clock, store } = dependencies;
  const { response } = call.incoming;
  const model = servedModel(call, outcome.target.modelId);
  const { answer } = outcome;
  const usage = knownUsage(counter, countedCall(call, model), {
    reported: answer.usage,
    isComplete: true,
    outputText: answer.outputText,
  });
  const ending: CallEnding = {
    ...usage,
    status: call.client.isCancelled() ? 'cancelled' : 'success',
    errorCode: null,
    servedModel: model,
    hasOutput: true,
    attempts: outcome.attempts.length,
    latencyMs: clock.monotonicMs() - call.incoming.startedMs,
    timeToFirstTokenMs: null,
    upstreamRequestId: upstreamRequestId(outcome.headers),
  };
  const { cost, booked } = bookEnding(dependencies, call, ending);
  await booked;
  const body = answer.body;
  const headers = answerHeaders(call, { model, provider: outcome.target.provider }, store.nowMs());
  headers['content-type'] = 'application/json';
  headers['content-length'] = String(body.length);
  addCostHeader(headers, cost);
  response.writeHead(200, headers);
  endWhole(response, body);
  return {
    ending,
    httpStatus: 200,
    costNanoUsd: cost,
    providerSlug: outcome.target.provider.slug,
    upstreamMs: outcome.firstByteMs,
  };
}

/**
 * The customer is charged nothing. A call that was left, or that the provider was too slow for, had reached it all the same: its input is
 * counted as the platform's cost.
 */
function endingWithoutOutput(
  { clock, counter }: AnswerDependencies,
  call: AdmittedCall,
  end: { attempts: readonly AttemptRecord[]; failure: UpstreamFailure | null },
): CallEnding {
  const { failure, attempts } = end;
  const { model } = call.admission.resolution;
  const isBilled = failure === null || failure.code === 'provider_timeout';
  return {
    status: failure === null ? 'cancelled' : failure.code === 'provider_timeout' ? 'timeout' : 'error',
    errorCode: failure?.code ?? null,
    tokens: isBilled ? { ...NO_TOKENS, input: countedInput(counter, countedCall(call, model)) } : NO_TOKENS,
    source: 'counted',
    servedModel: model,
    hasOutput: false,
    attempts: attempts.length,
    latencyMs: clock.monotonicMs() - call.incoming.startedMs,
    timeToFirstTokenMs: null,
    upstreamRequestId: null,
  };
}
