// Owns: one attempt: the request out, the answer read by the provider's carrier, any failure as a value. Not: whether there is another (attempts.ts).

import { WeirError } from '../../primitives/errors.ts';
import type { CompleteAnswer, UpstreamFailure } from '../../providers/protocol.ts';
import type { ProviderFacts } from '../snapshot/facts.ts';
import { type CollectedAnswer, createAnswerCollector } from './answer-collector.ts';
import type { PreparedCall } from './attempt-target.ts';
import type { Cancellation } from './cancellation.ts';
import type { UpstreamExchange, UpstreamHeaders } from './dispatch.ts';
import type { UpstreamLimits } from './limits.ts';
import { mayBeJson } from './response-headers.ts';
import { createStreamOpening, type OpenStream } from './stream-opening.ts';
import { transportFailure } from './transport-failure.ts';
import type { UpstreamTransport } from './upstream-transport.ts';

/** How an attempt ended. A stream is ended only once its first bytes for the client are there. */
export type AttemptResult =
  | {
      readonly kind: 'complete';
      readonly status: number;
      readonly headers: UpstreamHeaders;
      readonly answer: CompleteAnswer;
    }
  | { readonly kind: 'stream'; readonly status: number; readonly headers: UpstreamHeaders; readonly stream: OpenStream }
  | { readonly kind: 'failed'; readonly failure: UpstreamFailure };

/** What one attempt needs. */
export interface AttemptOptions {
  readonly transport: UpstreamTransport;
  readonly limits: UpstreamLimits;
  readonly provider: ProviderFacts;
  readonly prepared: PreparedCall;
  readonly isStream: boolean;
  readonly cancellation: Cancellation;
  readonly remainingMs: number;
  /** Told once when the upstream is done with a stream that this attempt has opened. */
  readonly onStreamClosed: (failure: UpstreamFailure | null) => void;
}

/** Makes one attempt. Never rejects for what an upstream does. */
export function attemptOnce(options: AttemptOptions): Promise<AttemptResult> {
  return options.isStream ? attemptStream(options) : attemptComplete(options);
}

function attemptComplete(options: AttemptOptions): Promise<AttemptResult> {
  return new Promise((resolve, reject) => {
    const listening = listenOnce(options.cancellation);
    const collector = createAnswerCollector(options.limits, ({ answer, failure }) => {
      listening.stop();
      if (answer === null) resolve({ kind: 'failed', failure });
      else settle(() => readAnswer(options, answer), resolve, reject);
    });
    collector.exchange = options.transport.send(outgoing(options), collector);
    listening.start(collector.exchange);
  });
}

function attemptStream(options: AttemptOptions): Promise<AttemptResult> {
  const { limits, prepared } = options;
  return new Promise((resolve, reject) => {
    const listening = listenOnce(options.cancellation);
    const opening = createStreamOpening({
      limits,
      openRelay: () => prepared.carrier.openStream(prepared.input),
      onClosed: options.onStreamClosed,
      onOpened(result) {
        // From here on the relay watches the client.
        listening.stop();
        if (result.kind === 'open') {
          const { stream } = result;
          resolve({ kind: 'stream', status: stream.status, headers: stream.headers, stream });
        } else if (result.kind === 'failed') resolve(result);
        else settle(() => readAnswer(options, result.answer), resolve, reject);
      },
    });
    opening.exchange = options.transport.send(outgoing(options), opening);
    listening.start(opening.exchange);
  });
}

/** Aborts an exchange when the client leaves; a request that failed while it was being sent is not listened for at all. */
function listenOnce(cancellation: Cancellation) {
  let isOver = false;
  let stopListening: (() => void) | null = null;
  return {
    start(exchange: UpstreamExchange): void {
      if (!isOver) stopListening = cancellation.onCancel(() => exchange.abort());
    },
    stop(): void {
      isOver = true;
      stopListening?.();
    },
  };
}

/** Keeps a fault of our own reader from being thrown into the socket's event: it rejects the attempt instead. */
function settle(
  read: () => AttemptResult,
  resolve: (result: AttemptResult) => void,
  reject: (error: unknown) => void,
): void {
  try {
    resolve(read());
  } catch (error) {
    reject(error);
  }
}

function outgoing({ provider, prepared, remainingMs }: AttemptOptions) {
  return { provider, carried: prepared.carried, credentials: prepared.credentials, remainingMs };
}

/** Reads a whole answer; what the carrier cannot read is the provider's failure, so that a fallback gets its chance. */
function readAnswer({ prepared }: AttemptOptions, { status, headers, body }: CollectedAnswer): AttemptResult {
  const { carrier, input } = prepared;
  if (status >= 300) return { kind: 'failed', failure: carrier.failure(status, headers, body) };
  if (!mayBeJson(headers)) return { kind: 'failed', failure: transportFailure('malformed', { status }) };
  try {
    return { kind: 'complete', status, headers, answer: carrier.complete(body, input) };
  } catch (error) {
    if (!(error instanceof WeirError)) throw error;
    return { kind: 'failed', failure: transportFailure('malformed', { status }) };
  }
}
