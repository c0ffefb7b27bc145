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
  return new Collector(limits, done);
}

/** A class: every answer has one, and closures for its methods would take half a kilobyte. */
class Collector implements AnswerCollector {
  exchange: UpstreamExchange | null = null;
  readonly #limits: BodyLimits;
  readonly #done: CollectorDone;
  #status = 0;
  #headers: UpstreamHeaders = {};
  /** Most answers come in one piece: it is kept as it is, and a list made only for a second. */
  #body: Buffer = EMPTY;
  #more: Buffer[] | null = null;
  #size = 0;
  #isDone = false;

  constructor(limits: BodyLimits, done: CollectorDone) {
    this.#limits = limits;
    this.#done = done;
  }

  onHead(status: number, headers: UpstreamHeaders): void {
    this.#status = status;
    this.#headers = headers;
  }

  onChunk(chunk: Buffer): void {
    if (this.#isDone) return;
    const isSuccess = this.#status < 300;
    const room = (isSuccess ? this.#limits.completeBodyBytes : this.#limits.errorBodyBytes) - this.#size;
    if (chunk.length > room && isSuccess) {
      this.#forget();
      this.exchange?.fail('too_large');
      return;
    }
    this.#keep(chunk.length > room ? chunk.subarray(0, room) : chunk);
    if (chunk.length <= room) return;
    this.onEnd();
    this.exchange?.abort();
  }

  onEnd(): void {
    if (this.#isDone) return;
    this.#isDone = true;
    const body = this.#more === null ? this.#body : Buffer.concat(this.#more, this.#size);
    this.#done({ answer: { status: this.#status, headers: this.#headers, body }, failure: null });
  }

  onFailure(failure: TransportFailure): void {
    if (this.#isDone) return;
    this.#isDone = true;
    this.#forget();
    this.#done({ answer: null, failure });
  }

  #keep(part: Buffer): void {
    if (this.#size === 0) this.#body = part;
    else if (this.#more === null) this.#more = [this.#body, part];
    else this.#more.push(part);
    this.#size += part.length;
  }

  #forget(): void {
    this.#more = null;
    this.#body = EMPTY;
  }
}
