// Owns: one call from its first byte to its last, top to bottom: authenticate, read, reserve, dispatch, answer; and the one catch.
// Not: any stage (stages/), or HTTP before it (gateway.routes.ts).

import { WeirError } from '../primitives/errors.ts';
import { parseCountTokens, parseMessages } from '../providers/anthropic/messages-call.ts';
import { parseChatCompletions } from '../providers/openai/chat-call.ts';
import { parseEmbeddings } from '../providers/openai/embeddings-call.ts';
import type { GatewayRoute, ParsedCall } from '../providers/protocol.ts';
import type { AdmittedCall, Caller, CallWishes, IncomingCall } from './call.ts';
import type { GatewayObserver } from './observer.ts';
import { watchClient } from './relay/client-connection.ts';
import { type AnswerDependencies, type AnsweredCall, answerCall } from './stages/answer.ts';
import { authenticate } from './stages/authenticate.ts';
import { type DispatchDependencies, dispatchCall } from './stages/dispatch.ts';
import { beginIdempotent, type IdempotentDependencies, type KeptCall } from './stages/idempotent.ts';
import { readWishes } from './stages/read-wishes.ts';
import { recordDenial } from './stages/record-denial.ts';
import { refuse } from './stages/refuse.ts';
import { admit, plannedEvent, type ReserveDependencies } from './stages/reserve.ts';

/** Everything the stages need. */
export interface PipelineDependencies
  extends ReserveDependencies,
    DispatchDependencies,
    AnswerDependencies,
    IdempotentDependencies {
  readonly observer: GatewayObserver;
}

/** How each route's body is read. */
export const PARSERS: Readonly<Record<GatewayRoute, (body: Buffer) => ParsedCall>> = {
  chat_completions: parseChatCompletions,
  embeddings: parseEmbeddings,
  messages: parseMessages,
  count_tokens: parseCountTokens,
};

/** What is known of a call when it fails: the catch needs it. */
interface Progress {
  caller?: Caller;
  parsed?: ParsedCall;
  wishes?: CallWishes;
  slot?: KeptCall | null;
  admitted?: AdmittedCall;
  /** Set when the outcome is booked, or about to be: the hold is not to be given back any more. */
  isDispatched?: boolean;
}

/** Serves one call. Never rejects: every failure becomes the client's reply. */
export async function handleCall(dependencies: PipelineDependencies, incoming: IncomingCall): Promise<void> {
  const progress: Progress = {};
  try {
    const caller = await authenticate(incoming.headers, dependencies.snapshot);
    progress.caller = caller;
    const parsed = PARSERS[incoming.route](incoming.body);
    progress.parsed = parsed;
    const wishes = readWishes(incoming.headers);
    progress.wishes = wishes;
    const client = watchClient(incoming.response);
    const slot = await beginIdempotent(dependencies, { incoming, caller });
    if (slot === 'replayed') return;
    progress.slot = slot;
    const admitted = await admit(dependencies, { incoming, caller, parsed, wishes, client });
    progress.admitted = admitted;
    if (client.isCancelled()) throw new WeirError('request_cancelled');
    const outcome = await dispatchCall(dependencies, admitted);
    progress.isDispatched = true;
    const answered = await answerCall(dependencies, admitted, outcome);
    await slot?.complete();
    report(dependencies, incoming, { caller: admitted.caller, admitted, answered });
  } catch (error) {
    await fail(dependencies, incoming, { progress, error });
  }
}

/** The one catch: what was set aside returns, the client is told, the event says why. */
async function fail(
  dependencies: PipelineDependencies,
  incoming: IncomingCall,
  failure: { progress: Progress; error: unknown },
): Promise<void> {
  const { progress } = failure;
  const error =
    failure.error instanceof WeirError
      ? failure.error
      : new WeirError('internal_error', { cause: failure.error, internal: String(failure.error) });
  if (error.code === 'internal_error') dependencies.onFault(failure.error);
  try {
    const { admitted } = progress;
    if (admitted && !progress.isDispatched) {
      const event = plannedEvent(admitted.admission, admitted.parsed.stream, admitted.wishes.tags);
      const status = error.code === 'request_cancelled' ? 'cancelled' : 'error';
      const nothing = { input: 0n, output: 0n, cachedInput: 0n, cacheWrite: 0n, reasoning: 0n };
      await dependencies.book.release(admitted.hold, {
        ...event,
        tokens: nothing,
        costNanoUsd: 0n,
        providerCostNanoUsd: 0n,
        status,
        errorCode: error.code,
      });
    }
    if (!admitted && isDenial(error)) recordDenial(dependencies, { incoming, ...progress, error });
    await progress.slot?.abandon();
  } catch (fault) {
    dependencies.onFault(fault);
  }
  refuse(incoming, error);
  report(dependencies, incoming, { caller: progress.caller, admitted: progress.admitted, error });
}

/** The caller was refused by policy, not for a malformed request or a fault of ours. */
function isDenial(error: WeirError): boolean {
  return error.status === 402 || error.status === 403 || error.status === 429;
}

interface CallEndFacts {
  readonly caller: Caller | undefined;
  readonly admitted: AdmittedCall | undefined;
  readonly answered?: AnsweredCall;
  readonly error?: WeirError;
}

function report(
  { observer, clock }: PipelineDependencies,
  incoming: IncomingCall,
  { caller, admitted, answered, error }: CallEndFacts,
): void {
  const ending = answered?.ending;
  observer.onCall({
    requestId: incoming.id,
    route: incoming.route,
    organizationId: caller?.organization.id ?? null,
    userId: caller?.member?.userId ?? null,
    model: ending?.servedModel.id ?? admitted?.admission.resolution.model.id ?? null,
    provider: answered?.providerSlug ?? null,
    streamed: admitted?.parsed.stream ?? false,
    httpStatus: answered?.httpStatus ?? error?.status ?? 500,
    errorCode: ending?.errorCode ?? error?.code ?? null,
    internal: error?.internal ?? null,
    outcome: ending?.status ?? (error && isDenial(error) ? 'denied' : 'error'),
    latencyMs: clock.monotonicMs() - incoming.startedMs,
    upstreamMs: answered?.upstreamMs ?? 0,
    inputTokens: ending?.tokens.input ?? 0n,
    outputTokens: ending?.tokens.output ?? 0n,
    costNanoUsd: answered?.costNanoUsd ?? null,
    attempts: ending?.attempts ?? 0,
  });
}
