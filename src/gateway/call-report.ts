// Owns: what is known of a call on its way, and the report of it once it is over. Pure. Not: who reads reports (the server's log and metrics).

import type { UsageStatus } from '../ledger/core/usage-event.ts';
import type { WeirError } from '../primitives/errors.ts';
import type { ParsedCall } from '../providers/protocol.ts';
import type { AdmittedCall, Caller, CallWishes, IncomingCall, Resolution } from './call.ts';
import type { CallReport } from './observer.ts';
import type { AnsweredCall } from './stages/book-ending.ts';
import type { KeptCall } from './stages/idempotent.ts';

/** What is known of a call so far; each stage adds its part. */
export interface CallProgress {
  caller?: Caller;
  parsed?: ParsedCall;
  wishes?: CallWishes;
  resolution?: Resolution;
  slot?: KeptCall | null;
  admitted?: AdmittedCall;
  answered?: AnsweredCall;
  error?: WeirError;
  /** The answer of an earlier call with the same idempotency key was given. */
  isReplayed?: boolean;
  /** The upstream's outcome is known and booked: the hold is not to be given back any more. */
  isDispatched?: boolean;
  /** Monotonic milliseconds: the start, then the end of reading, reserving, dispatching and answering, as far as it came. */
  readonly stagesAtMs: number[];
}

/** The report of a call that is over at `nowMs` (monotonic). */
export function reportOf(incoming: IncomingCall, progress: CallProgress, nowMs: number): CallReport {
  const { caller, admitted, answered, error } = progress;
  const ending = answered?.ending;
  return {
    requestId: incoming.id,
    route: incoming.route,
    organizationId: caller?.organization.id ?? null,
    userId: caller?.member?.userId ?? null,
    virtualKeyId: caller?.key?.id ?? null,
    model: ending?.servedModel.id ?? admitted?.admission.resolution.model.id ?? null,
    provider: answered?.providerSlug ?? null,
    streamed: progress.parsed?.stream ?? false,
    httpStatus: answered?.httpStatus ?? error?.status ?? incoming.response.statusCode,
    errorCode: ending?.errorCode ?? error?.code ?? null,
    internal: error?.internal ?? null,
    outcome: ending?.status ?? (progress.isReplayed ? 'success' : outcomeOf(error)),
    latencyMs: nowMs - incoming.startedMs,
    upstreamMs: answered?.upstreamMs ?? 0,
    stagesMs: {
      read: stageMs(progress, 1),
      reserve: stageMs(progress, 2),
      dispatch: stageMs(progress, 3),
      answer: stageMs(progress, 4),
    },
    inputTokens: ending?.tokens.input ?? 0n,
    outputTokens: ending?.tokens.output ?? 0n,
    costNanoUsd: answered?.costNanoUsd ?? null,
    attempts: ending?.attempts ?? 0,
  };
}

/** The caller was refused by policy, not for a malformed request or a fault of ours. */
export function isDenial(error: WeirError): boolean {
  return error.status === 402 || error.status === 403 || error.status === 429;
}

/** How a call without an answer ended, as its event says it. */
function outcomeOf(error: WeirError | undefined): UsageStatus {
  if (error?.code === 'request_cancelled') return 'cancelled';
  if (error?.code === 'provider_timeout') return 'timeout';
  return error && isDenial(error) ? 'denied' : 'error';
}

function stageMs({ stagesAtMs }: CallProgress, stage: number): number {
  const before = stagesAtMs[stage - 1];
  const after = stagesAtMs[stage];
  return before === undefined || after === undefined ? 0 : after - before;
}
