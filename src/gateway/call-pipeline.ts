// Owns: one call from its first byte to its last, top to bottom: authenticate, read, reserve, dispatch, answer; and the one catch.
// Not: any stage (stages/), or HTTP before it (gateway.routes.ts).

import { NO_TOKENS } from '../ledger/core/usage-event.ts';
import { WeirError } from '../primitives/errors.ts';
import { parseCountTokens, parseMessages } from '../providers/anthropic/messages-call.ts';
import { parseChatCompletions } from '../providers/openai/chat-call.ts';
import { parseEmbeddings } from '../providers/openai/embeddings-call.ts';
import type { GatewayRoute, ParsedCall } from '../providers/protocol.ts';
import { parseResponses } from '../providers/responses/responses-call.ts';
import type { IncomingCall, Resolution } from './call.ts';
import { type CallProgress, isDenial, reportOf } from './call-report.ts';
import type { CallReport, GatewayObserver } from './observer.ts';
import { watchClient } from './relay/client-connection.ts';
import { answerCall } from './stages/answer.ts';
import { authenticate } from './stages/authenticate.ts';
import type { AnswerDependencies } from './stages/book-ending.ts';
import { type DispatchDependencies, dispatchCall } from './stages/dispatch.ts';
import { beginIdempotent, type IdempotentDependencies, isIdempotent } from './stages/idempotent.ts';
import { readWishes } from './stages/read-wishes.ts';
import { type RecordDependencies, recordDenial } from './stages/record-denial.ts';
import { refuse } from './stages/refuse.ts';
import { admit, plannedEvent, type ReserveDependencies } from './stages/reserve.ts';

/** Everything the stages need. */
export interface PipelineDependencies
  extends ReserveDependencies,
    DispatchDependencies,
    AnswerDependencies,
    IdempotentDependencies,
    RecordDependencies {
  readonly observer: GatewayObserver;
}

/** How each route's body is read. */
export const PARSERS: Readonly<Record<GatewayRoute, (body: Buffer) => ParsedCall>> = {
  chat_completions: parseChatCompletions,
  responses: parseResponses,
  embeddings: parseEmbeddings,
  messages: parseMessages,
  count_tokens: parseCountTokens,
};

/** Serves one call and gives its report. Never rejects: every failure becomes the client's reply. */
export async function handleCall(dependencies: PipelineDependencies, incoming: IncomingCall): Promise<CallReport> {
  const progress: CallProgress = { stagesAtMs: [incoming.startedMs] };
  const passed = (): void => {
    progress.stagesAtMs.push(dependencies.clock.monotonicMs());
  };
  try {
    // Awaited only where something had to be loaded, here and below: each promise costs a call about a microsecond.
    const found = authenticate(incoming, dependencies.snapshot);
    const caller = found instanceof Promise ? await found : found;
    progress.caller = caller;
    const parsed = PARSERS[incoming.route](incoming.body);
    progress.parsed = parsed;
    const wishes = readWishes(incoming.headers);
    progress.wishes = wishes;
    const client = watchClient(incoming.response);
    const slot = isIdempotent(incoming) ? await beginIdempotent(dependencies, { incoming, caller }) : null;
    if (slot === 'replayed') {
      progress.isReplayed = true;
      return report(dependencies, incoming, progress);
    }
    progress.slot = slot;
    passed();
    const onResolved = (resolution: Resolution): void => {
      progress.resolution = resolution;
    };
    const admitted = await admit(dependencies, { incoming, caller, parsed, wishes, client, onResolved });
    progress.admitted = admitted;
    passed();
    if (client.isCancelled()) throw new WeirError('request_cancelled');
    const outcome = await dispatchCall(dependencies, admitted);
    progress.isDispatched = true;
    passed();
    progress.answered = await answerCall(dependencies, admitted, outcome);
    passed();
    if (slot) await slot.complete();
    return report(dependencies, incoming, progress);
  } catch (error) {
    return fail(dependencies, incoming, { progress, error });
  }
}

function report(dependencies: PipelineDependencies, incoming: IncomingCall, progress: CallProgress): CallReport {
  const told = reportOf(incoming, progress, dependencies.clock.monotonicMs());
  dependencies.observer.onCall(told);
  return told;
}

/** The one catch: what was set aside returns, the client is told, the event says why. */
async function fail(
  dependencies: PipelineDependencies,
  incoming: IncomingCall,
  failure: { progress: CallProgress; error: unknown },
): Promise<CallReport> {
  const { progress } = failure;
  const error =
    failure.error instanceof WeirError
      ? failure.error
      : new WeirError('internal_error', { cause: failure.error, internal: String(failure.error) });
  if (error.code === 'internal_error') dependencies.onFault(failure.error);
  let shown = error;
  try {
    const { admitted } = progress;
    if (admitted && !progress.isDispatched) {
      const event = plannedEvent(admitted.admission, admitted.parsed.stream, admitted.wishes.tags);
      const status = error.code === 'request_cancelled' ? 'cancelled' : 'error';
      await dependencies.book.release(admitted.hold, {
        ...event,
        tokens: NO_TOKENS,
        source: 'counted',
        trial: false,
        costNanoUsd: 0n,
        providerCostNanoUsd: 0n,
        status,
        errorCode: error.code,
      });
    }
    if (!admitted && (isDenial(error) || error.code === 'request_cancelled'))
      shown = recordDenial(dependencies, { incoming, ...progress, error });
    await progress.slot?.abandon();
  } catch (fault) {
    dependencies.onFault(fault);
  }
  refuse(incoming, shown);
  return report(dependencies, incoming, { ...progress, error });
}
