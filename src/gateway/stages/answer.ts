// Owns: from the upstream's answer to the client's: settled first (the record survives this process), then said. Not: what is charged
// (settle.ts), headers (reply-headers.ts), relaying chunks (relay/).

import type { LedgerStore } from '../../ledger/core/ledger-store.ts';
import { formatUsd } from '../../primitives/amounts.ts';
import type { Clock } from '../../primitives/clock.ts';
import type { TokenCounter } from '../../providers/counting/token-counter.ts';
import type { UpstreamFailure } from '../../providers/protocol.ts';
import { errorOfFailure } from '../../providers/wire/upstream-failure.ts';
import type { OutputForecast } from '../admission/output-forecast.ts';
import type { AdmittedCall } from '../call.ts';
import { type RelayOutcomeKind, relayStream } from '../relay/stream-relay.ts';
import type { SettlementBook } from '../settlement/settlement-book.ts';
import type { ModelFacts } from '../snapshot/facts.ts';
import type { AttemptRecord, AttemptsOutcome } from '../upstream/attempt-target.ts';
import type { Timers } from '../upstream/timers.ts';
import { forecastKind } from './decide.ts';
import { knownUsage } from './known-usage.ts';
import { answerHeaders, costHeader } from './reply-headers.ts';
import { type CallEnding, NO_TOKENS, settlementOf } from './settle.ts';
import { watchOutput } from './watch-output.ts';

/** What answering needs. */
export interface AnswerDependencies {
  readonly store: LedgerStore;
  readonly book: SettlementBook;
  readonly counter: TokenCounter;
  readonly forecast: OutputForecast;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly onFault: (error: unknown) => void;
}

/** How a call ended, for the report. */
export interface AnsweredCall {
  readonly ending: CallEnding;
  readonly httpStatus: number;
  readonly costNanoUsd: bigint | null;
  readonly providerSlug: string | null;
  readonly upstreamMs: number;
}

/**
 * Settles and answers.
 * @throws {WeirError} after settling, where the upstream failed before anything was said: the reply is an error
 */
export async function answerCall(
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
      await settle(
        dependencies,
        call,
        endingWithoutOutput(dependencies, call, { attempts: outcome.attempts, failure: outcome.failure }),
      );
      throw errorOfFailure(outcome.failure);
    case 'cancelled': {
      const ending = endingWithoutOutput(dependencies, call, { attempts: outcome.attempts, failure: null });
      await settle(dependencies, call, ending);
      return { ending, httpStatus: 499, costNanoUsd: 0n, providerSlug: null, upstreamMs: 0 };
    }
  }
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
  const usage = knownUsage(
    counter,
    { parsed: call.parsed, providerModelId: model.providerModelId },
    { reported: answer.usage, isComplete: true, outputText: answer.outputText },
  );
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
  const cost = await settle(dependencies, call, ending);
  const body = answer.body;
  const headers = answerHeaders(call, { model, provider: outcome.target.provider }, store.nowMs());
  response.writeHead(200, {
    'content-type': 'application/json',
    'content-length': body.length,
    ...headers,
    ...costHeader(cost),
  });
  response.end(body);
  return {
    ending,
    httpStatus: 200,
    costNanoUsd: cost,
    providerSlug: outcome.target.provider.slug,
    upstreamMs: outcome.firstByteMs,
  };
}

async function answerStream(
  dependencies: AnswerDependencies,
  call: AdmittedCall,
  outcome: Extract<AttemptsOutcome, { kind: 'stream' }>,
): Promise<AnsweredCall> {
  const { clock, timers, store, counter } = dependencies;
  const { stream, target } = outcome;
  const model = servedModel(call, target.modelId);
  const { relay } = stream;
  const hold = watchOutput(dependencies, call, () => relay.outputText());
  let firstTokenAtMs: number | null = null;
  const endingOf = (kind: RelayOutcomeKind, failure: UpstreamFailure | null): CallEnding => ({
    ...knownUsage(
      counter,
      { parsed: call.parsed, providerModelId: model.providerModelId },
      { reported: relay.usage(), isComplete: relay.isComplete(), outputText: () => relay.outputText() },
    ),
    status: STATUS_OF_END[kind],
    errorCode: failure?.code ?? null,
    servedModel: model,
    hasOutput: relay.hasOutput() || kind === 'complete',
    attempts: outcome.attempts.length,
    latencyMs: clock.monotonicMs() - call.incoming.startedMs,
    timeToFirstTokenMs: firstTokenAtMs === null ? null : firstTokenAtMs - call.incoming.startedMs,
    upstreamRequestId: upstreamRequestId(outcome.headers),
  });
  let ending: CallEnding | undefined;
  let cost: bigint | null = null;
  const finish = async (kind: RelayOutcomeKind, failure: UpstreamFailure | null): Promise<void> => {
    ending = endingOf(kind, failure);
    cost = await settle(dependencies, { ...call, hold: hold.current() }, ending);
  };
  const end = await relayStream({
    stream,
    response: call.incoming.response,
    client: call.client,
    head: {
      status: 200,
      headers: { ...STREAM_HEADERS, ...answerHeaders(call, { model, provider: target.provider }, store.nowMs()) },
    },
    clock,
    timers,
    onProgress: (bound, control) => {
      firstTokenAtMs ??= clock.monotonicMs();
      hold.onProgress(bound, control);
    },
    trailer: async (kind, failure) => {
      await finish(kind, failure);
      return { costUsd: cost === null ? null : formatUsd(cost), requestId: call.incoming.id };
    },
  });
  if (ending === undefined) await finish(end.outcome, end.failure);
  return {
    ending: ending ?? endingOf(end.outcome, end.failure),
    httpStatus: 200,
    costNanoUsd: cost,
    providerSlug: target.provider.slug,
    upstreamMs: outcome.firstByteMs,
  };
}

const STREAM_HEADERS = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-cache',
  'x-accel-buffering': 'no',
};

const STATUS_OF_END = {
  complete: 'success',
  cut: 'success',
  client_gone: 'cancelled',
  upstream_failed: 'error',
} as const;

/** Books what the call used; gives what the customer is charged. Resolves when the record survives this process. */
async function settle(
  { book, forecast }: AnswerDependencies,
  call: AdmittedCall,
  ending: CallEnding,
): Promise<bigint | null> {
  const settlement = settlementOf(call, ending);
  await book.book(settlement);
  if (ending.status === 'success')
    forecast.learn(forecastKind(call.admission.resolution), Number(ending.tokens.output));
  return settlement.event.costNanoUsd;
}

function endingWithoutOutput(
  { clock }: AnswerDependencies,
  call: AdmittedCall,
  end: { attempts: readonly AttemptRecord[]; failure: UpstreamFailure | null },
): CallEnding {
  const { failure, attempts } = end;
  return {
    status: failure === null ? 'cancelled' : failure.code === 'provider_timeout' ? 'timeout' : 'error',
    errorCode: failure?.code ?? null,
    tokens: NO_TOKENS,
    source: 'counted',
    servedModel: call.admission.resolution.model,
    hasOutput: false,
    attempts: attempts.length,
    latencyMs: clock.monotonicMs() - call.incoming.startedMs,
    timeToFirstTokenMs: null,
    upstreamRequestId: null,
  };
}

function servedModel(call: AdmittedCall, modelId: string): ModelFacts {
  return call.caller.platform.models.get(modelId) ?? call.admission.resolution.model;
}

function upstreamRequestId(headers: Readonly<Record<string, string | readonly string[] | undefined>>): string | null {
  const id = headers['x-request-id'] ?? headers['request-id'];
  return typeof id === 'string' ? id.slice(0, 200) : null;
}
