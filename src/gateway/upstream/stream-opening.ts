// Owns: an upstream's stream from its head to the reader that takes it over: until the first bytes for the client nothing is decided, and a failure is
// an attempt's failure. Not: writing to the client (relay/stream-relay.ts) or trying again (attempts.ts).

import type { StreamRelay, UpstreamFailure } from '../../providers/protocol.ts';
import { type AnswerCollector, type CollectedAnswer, createAnswerCollector } from './answer-collector.ts';
import type { UpstreamExchange, UpstreamHeaders, UpstreamSink } from './dispatch.ts';
import type { UpstreamLimits } from './limits.ts';
import { mayBeEventStream } from './response-headers.ts';
import { type TransportFailure, transportFailure } from './transport-failure.ts';

/** Takes an opened stream's bytes for the client. After exactly one of `onEnd` and `onFailure` nothing more comes. */
export interface OpenStreamReader {
  onBytes(bytes: Buffer): void;
  onEnd(): void;
  onFailure(failure: UpstreamFailure): void;
}

/** A stream whose first bytes for the client are there. */
export interface OpenStream {
  readonly status: number;
  readonly headers: UpstreamHeaders;
  readonly relay: StreamRelay;
  /** Hands the stream over, once; what has come already is given before this returns. */
  read(reader: OpenStreamReader): void;
  pause(): void;
  resume(): void;
  /** Closes the upstream's socket at once. The reader hears `request_cancelled` unless the stream had ended. */
  abort(): void;
}

/** How an opening ended: with a stream, with an answer that is none (its status is not 2xx), or with a failure. */
export type OpeningResult =
  | { readonly kind: 'open'; readonly stream: OpenStream }
  | { readonly kind: 'answer'; readonly answer: CollectedAnswer }
  | { readonly kind: 'failed'; readonly failure: UpstreamFailure };

interface OpeningOptions {
  readonly limits: Pick<UpstreamLimits, 'completeBodyBytes' | 'errorBodyBytes' | 'unreadStreamBytes'>;
  /** Makes the reader of the provider's events; called for a 2xx head. */
  readonly openRelay: () => StreamRelay;
  readonly onOpened: (result: OpeningResult) => void;
  /** Told once when the upstream is done with an opened stream, however it ended. */
  readonly onClosed: (failure: UpstreamFailure | null) => void;
}

/** A sink for `dispatch` that opens a stream. Its exchange is set right after the dispatch. */
export function createStreamOpening(options: OpeningOptions): StreamOpening {
  return new StreamOpening(options);
}

/** A class because its methods run for every chunk of every stream. */
export class StreamOpening implements UpstreamSink, OpenStream {
  exchange: UpstreamExchange | null = null;
  status = 0;
  headers: UpstreamHeaders = {};
  readonly #options: OpeningOptions;
  #relay: StreamRelay | null = null;
  #errorBody: AnswerCollector | null = null;
  #isOpen = false;
  #reader: OpenStreamReader | null = null;
  #unread: Buffer[] = [];
  #unreadBytes = 0;
  #isPausedByReader = false;
  /** How it ended before a reader came. */
  #end: { readonly failure: UpstreamFailure | null } | null = null;

  constructor(options: OpeningOptions) {
    this.#options = options;
  }

  get relay(): StreamRelay {
    if (this.#relay === null) throw new Error('The stream is not open.');
    return this.#relay;
  }

  onHead(status: number, headers: UpstreamHeaders): void {
    this.status = status;
    this.headers = headers;
    if (status >= 300) {
      this.#errorBody = createAnswerCollector(this.#options.limits, ({ answer, failure }) =>
        this.#options.onOpened(answer === null ? { kind: 'failed', failure } : { kind: 'answer', answer }),
      );
      this.#errorBody.exchange = this.exchange;
      this.#errorBody.onHead(status, headers);
    } else if (mayBeEventStream(headers)) {
      this.#relay = this.#options.openRelay();
    } else {
      this.exchange?.fail('malformed');
    }
  }

  onChunk(chunk: Buffer): void {
    if (this.#errorBody !== null) {
      this.#errorBody.onChunk(chunk);
      return;
    }
    const relay = this.#relay;
    if (relay === null) return;
    let bytes: Buffer;
    try {
      bytes = relay.push(chunk);
    } catch {
      // A line or event beyond the protocol's bounds. What it holds stays out of the failure's text.
      this.exchange?.fail('malformed');
      return;
    }
    if (!this.#isOpen && this.#isFailedAtTheStart(relay)) return;
    if (bytes.length > 0) {
      if (this.#reader !== null) this.#reader.onBytes(bytes);
      else this.#keep(bytes);
    }
    // The text is kept, to be counted where no usage comes: a stream without an end must not fill the memory.
    if (relay.outputTokensBound() > this.#options.limits.completeBodyBytes) this.exchange?.fail('too_large');
  }

  onEnd(): void {
    if (this.#errorBody !== null) this.#errorBody.onEnd();
    else if (this.#isOpen) this.#close(null);
    // An end without a byte for the client is a provider that closed on us; another attempt may fare better.
    else this.#fail(transportFailure('reset_before_first_byte', { status: this.status }));
  }

  onFailure(failure: TransportFailure): void {
    if (this.#errorBody !== null) this.#errorBody.onFailure(failure);
    else this.#fail(failure);
  }

  read(reader: OpenStreamReader): void {
    this.#reader = reader;
    const unread = this.#unread;
    const wasFull = this.#unreadBytes >= this.#options.limits.unreadStreamBytes;
    this.#unread = [];
    this.#unreadBytes = 0;
    for (const bytes of unread) reader.onBytes(bytes);
    if (this.#end !== null) this.#tell(reader, this.#end.failure);
    // Unless the reader found all this too much itself.
    else if (wasFull && !this.#isPausedByReader) this.exchange?.resume();
  }

  pause(): void {
    this.#isPausedByReader = true;
    this.exchange?.pause();
  }

  resume(): void {
    this.#isPausedByReader = false;
    this.exchange?.resume();
  }

  abort(): void {
    this.exchange?.abort();
  }

  /** An error event before anything was said (Anthropic's `overloaded_error` in a 200): an attempt's failure, not the client's. */
  #isFailedAtTheStart(relay: StreamRelay): boolean {
    const failure = relay.streamError();
    if (failure === null || relay.hasOutput()) return false;
    this.#fail(failure);
    this.exchange?.abort();
    return true;
  }

  #keep(bytes: Buffer): void {
    this.#unread.push(bytes);
    this.#unreadBytes += bytes.length;
    if (this.#unreadBytes >= this.#options.limits.unreadStreamBytes) this.exchange?.pause();
    if (this.#isOpen) return;
    this.#isOpen = true;
    this.#options.onOpened({ kind: 'open', stream: this });
  }

  #fail(failure: UpstreamFailure): void {
    if (this.#isOpen) this.#close(failure);
    else if (this.#end === null) {
      this.#end = { failure };
      this.#options.onOpened({ kind: 'failed', failure });
    }
  }

  #close(failure: UpstreamFailure | null): void {
    if (this.#end !== null) return;
    this.#end = { failure };
    // An error told inside a stream that then ended in order is the provider's failure all the same.
    this.#options.onClosed(failure ?? this.relay.streamError());
    if (this.#reader !== null) this.#tell(this.#reader, failure);
  }

  #tell(reader: OpenStreamReader, failure: UpstreamFailure | null): void {
    if (failure === null) reader.onEnd();
    else reader.onFailure(failure);
  }
}
