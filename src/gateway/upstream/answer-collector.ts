// Owns: gathering a whole body in bounded memory. Not: reading it.

import type { UpstreamExchange, UpstreamHeaders, UpstreamSink } from './dispatch.ts';
import type { UpstreamLimits } from './limits.ts';
import type { TransportFailure } from './transport-failure.ts';

/** A whole answer, whatever its status; the body of an error may be cut at its limit. */
export interface CollectedAnswer {
  readonly status: number;
  readonly headers: UpstreamHeaders;
  readonly body: Buffer;
}

/** Told once how it ended. */
export type CollectorDone = (
  result: { answer: CollectedAnswer; failure: null } | { answer: null; failure: TransportFailure },
) => void;

/** A sink that gathers. Its exchange is set right after the dispatch. */
export interface AnswerCollector extends UpstreamSink {
  exchange: UpstreamExchange | null;
}

type BodyLimits = Pick<UpstreamLimits, 'completeBodyBytes' | 'errorBodyBytes'>;

const EMPTY: Buffer = Buffer.alloc(0);

/** Gathers one answer and gives it to `done`. A 2xx beyond its limit fails as `too_large`; another status is cut at its limit. */
export function createAnswerCollector(limits: BodyLimits, done: CollectorDone): AnswerCollector {
  let status = 0;
  let headers: UpstreamHeaders = {};
  // Most answers come in one piece: it is kept as it is, and a list made only for a second.
  let body = EMPTY;
  let more: Buffer[] | null = null;
  let size = 0;
  let isDone = false;

  const finish = (): void => {
    if (isDone) return;
    isDone = true;
    done({ answer: { status, headers, body: more === null ? body : Buffer.concat(more, size) }, failure: null });
  };

  const collector: AnswerCollector = {
    exchange: null,
    onHead(answerStatus, answerHeaders) {
      status = answerStatus;
      headers = answerHeaders;
    },
    onChunk(chunk) {
      if (isDone) return;
      const isSuccess = status < 300;
      const room = (isSuccess ? limits.completeBodyBytes : limits.errorBodyBytes) - size;
      if (chunk.length > room && isSuccess) {
        more = null;
        body = EMPTY;
        collector.exchange?.fail('too_large');
        return;
      }
      const part = chunk.length > room ? chunk.subarray(0, room) : chunk;
      if (size === 0) body = part;
      else if (more === null) more = [body, part];
      else more.push(part);
      size += part.length;
      if (part.length < chunk.length) {
        finish();
        collector.exchange?.abort();
      }
    },
    onEnd: finish,
    onFailure(failure) {
      if (isDone) return;
      isDone = true;
      more = null;
      done({ answer: null, failure });
    },
  };
  return collector;
}
