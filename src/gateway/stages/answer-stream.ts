// Owns: an opened stream's way to the client: relayed as it comes, settled before its last bytes, which carry the cost.
// Not: relaying itself (relay/), or what is charged (settle.ts).

import { formatUsd } from '../../primitives/amounts.ts';
import type { UpstreamFailure } from '../../providers/protocol.ts';
import type { AdmittedCall } from '../call.ts';
import { type RelayOutcomeKind, relayStream } from '../relay/stream-relay.ts';
import type { AttemptsOutcome } from '../upstream/attempt-target.ts';
import {
  type AnswerDependencies,
  type AnsweredCall,
  bookEnding,
  servedModel,
  upstreamRequestId,
} from './book-ending.ts';
import { countedCall, knownUsage } from './known-usage.ts';
import { answerHeaders } from './reply-headers.ts';
import type { CallEnding } from './settle.ts';
import { watchOutput } from './watch-output.ts';

type OpenedCall = Extract<AttemptsOutcome, { kind: 'stream' }>;

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

/** Relays and settles. The stream is closed in every case. */
export async function answerStream(
  dependencies: AnswerDependencies,
  call: AdmittedCall,
  opened: OpenedCall,
): Promise<AnsweredCall> {
  try {
    return await relayAndSettle(dependencies, call, opened);
  } catch (error) {
    // Whatever went wrong on our side, the upstream must not go on producing what nobody reads.
    opened.stream.abort();
    throw error;
  }
}

async function relayAndSettle(
  dependencies: AnswerDependencies,
  call: AdmittedCall,
  opened: OpenedCall,
): Promise<AnsweredCall> {
  const { clock, timers, store } = dependencies;
  const { stream, target } = opened;
  const served = { model: servedModel(call, target.modelId), provider: target.provider };
  const hold = watchOutput(dependencies, call, () => stream.relay.outputText());
  let firstTokenAtMs: number | null = null;
  let settled: { ending: CallEnding; cost: bigint | null } | undefined;
  const settle = async (kind: RelayOutcomeKind, failure: UpstreamFailure | null) => {
    const ending = endingOf(dependencies, call, { opened, kind, failure, firstTokenAtMs });
    const { cost, booked } = bookEnding(dependencies, { ...call, hold: hold.current() }, ending);
    await booked;
    settled = { ending, cost };
    return settled;
  };
  let forget = (): void => {};
  const end = await relayStream({
    stream,
    onStart: (control) => {
      forget = dependencies.openStreams.add({
        organizationId: call.caller.organization.id,
        incoming: call.incoming,
        control,
      });
    },
    clock,
    timers,
    response: call.incoming.response,
    client: call.client,
    head: { status: 200, headers: { ...STREAM_HEADERS, ...answerHeaders(call, served, store.nowMs()) } },
    onProgress: (bound, control) => {
      firstTokenAtMs ??= clock.monotonicMs();
      hold.onProgress(bound, control);
    },
    trailer: async (kind, failure) => {
      const { ending, cost } = await settle(kind, failure);
      return { costUsd: cost === null ? null : formatUsd(cost), requestId: call.incoming.id, usage: ending.tokens };
    },
  }).finally(() => forget());
  // A client that has gone is asked for no trailer.
  const { ending, cost } = settled ?? (await settle(end.outcome, end.failure));
  return {
    ending,
    httpStatus: 200,
    costNanoUsd: cost,
    providerSlug: target.provider.slug,
    upstreamMs: opened.firstByteMs,
  };
}

function endingOf(
  { counter, clock }: AnswerDependencies,
  call: AdmittedCall,
  end: { opened: OpenedCall; kind: RelayOutcomeKind; failure: UpstreamFailure | null; firstTokenAtMs: number | null },
): CallEnding {
  const { opened, kind, failure, firstTokenAtMs } = end;
  const { relay } = opened.stream;
  const model = servedModel(call, opened.target.modelId);
  const seen = { reported: relay.usage(), isComplete: relay.isComplete(), outputText: () => relay.outputText() };
  return {
    ...knownUsage(counter, countedCall(call, model), seen),
    status: failure?.code === 'provider_timeout' ? 'timeout' : STATUS_OF_END[kind],
    errorCode: failure?.code ?? null,
    servedModel: model,
    hasOutput: relay.hasOutput() || kind === 'complete',
    attempts: opened.attempts.length,
    latencyMs: clock.monotonicMs() - call.incoming.startedMs,
    timeToFirstTokenMs: firstTokenAtMs === null ? null : firstTokenAtMs - call.incoming.startedMs,
    upstreamRequestId: upstreamRequestId(opened.headers),
  };
}
