// Owns: an opened stream to its client: each piece written as it comes, the upstream held back while the client is slow, one end.
// Not: what the bytes are (the provider's StreamRelay), or what the call costs (the caller's trailer).

import type { OutgoingHttpHeaders } from 'node:http';
import type { Clock } from '../../primitives/clock.ts';
import type { StreamNotice, StreamTrailer, UpstreamFailure } from '../../providers/protocol.ts';
import { brokenAnswer } from '../../providers/wire/upstream-failure.ts';
import type { CallResponse } from '../call.ts';
import type { Cancellation } from '../upstream/cancellation.ts';
import type { OpenStream, OpenStreamReader } from '../upstream/stream-opening.ts';
import type { Timers } from '../upstream/timers.ts';

/** Bounds of a client that reads. */
export interface RelayLimits {
  /** A client that has not taken what waits for it (a socket's buffer full, ~64 KiB) within this time is cut off. Milliseconds. */
  readonly stallMs: number;
}

/** What holds unless the operator sets something else. */
const DEFAULT_RELAY_LIMITS: RelayLimits = { stallMs: 60_000 };

/** How a relay ended. `cut`: by the gateway, cleanly. `client_gone`: closed, or cut off for not reading. */
export type RelayOutcomeKind = 'complete' | 'client_gone' | 'upstream_failed' | 'cut';

/** The end of a relay. Instants are monotonic milliseconds. */
export interface RelayOutcome {
  readonly outcome: RelayOutcomeKind;
  /** Why the upstream failed, on the wire or in an error event; null otherwise. */
  readonly failure: UpstreamFailure | null;
  /** When the first content was handed to the client; null when there was none. */
  readonly firstTokenAtMs: number | null;
  /** Bytes handed to the client's socket. */
  readonly bytesOut: number;
}

/** The gateway's hand on a stream under way. Each method is harmless after the end. */
export interface RelayControl {
  /** Ends the client's stream cleanly and closes the upstream. */
  cut(notice: StreamNotice): void;
  /** Holds the upstream back, for a hold that is being extended; together with a slow client's pause, whichever lasts longer. */
  pause(): void;
  resume(): void;
}

/** What a relay needs. */
export interface RelayOptions {
  readonly stream: OpenStream;
  readonly response: CallResponse;
  readonly client: Cancellation;
  readonly head: { readonly status: number; readonly headers: OutgoingHttpHeaders };
  readonly clock: Clock;
  readonly timers: Timers;
  readonly limits?: RelayLimits;
  /** Given the hand on the stream before anything is written, for what may end it from outside (a revoked key, a shutdown). */
  readonly onStart?: (control: RelayControl) => void;
  /** Told after a piece that raised the upper bound of output tokens was written. */
  readonly onProgress?: (outputTokensBound: number, control: RelayControl) => void;
  /**
   * What is added to the stream's end; asked once, unless the client has gone. A promise holds the last bytes back until it is kept (settle first, then
   * say so); a rejected one ends the relay with its reason.
   */
  readonly trailer: (
    end: Exclude<RelayOutcomeKind, 'client_gone'>,
    failure: UpstreamFailure | null,
  ) => StreamTrailer | Promise<StreamTrailer>;
}

/** Writes the head and relays to the end. The stream is the relay's from here on: it is closed in every case. */
export function relayStream(options: RelayOptions): Promise<RelayOutcome> {
  return new Promise((resolve, reject) => {
    const relaying = new Relaying(options, resolve, reject);
    relaying.start();
  });
}

/** A class because its methods run for every chunk of every stream. */
class Relaying implements OpenStreamReader, RelayControl {
  readonly #options: RelayOptions;
  readonly #resolve: (outcome: RelayOutcome) => void;
  readonly #reject: (error: unknown) => void;
  #isOver = false;
  #isClientFull = false;
  #isHeld = false;
  #bytesOut = 0;
  #bound = 0;
  #firstTokenAtMs: number | null = null;
  #cancelStall: (() => void) | null = null;
  #stopListening: (() => void) | null = null;

  constructor(options: RelayOptions, resolve: (outcome: RelayOutcome) => void, reject: (error: unknown) => void) {
    this.#options = options;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  start(): void {
    const { client, response, head, stream, onStart } = this.#options;
    if (client.isCancelled()) {
      this.#clientGone();
      return;
    }
    this.#stopListening = client.onCancel(() => this.#clientGone());
    response.on('drain', this.#onDrain);
    response.writeHead(head.status, head.headers);
    onStart?.(this);
    stream.read(this);
  }

  onBytes(bytes: Buffer): void {
    if (this.#isOver) return;
    const { stream, onProgress } = this.#options;
    this.#write(bytes);
    if (this.#firstTokenAtMs === null && stream.relay.hasOutput())
      this.#firstTokenAtMs = this.#options.clock.monotonicMs();
    if (onProgress === undefined) return;
    const bound = stream.relay.outputTokensBound();
    if (bound === this.#bound) return;
    this.#bound = bound;
    onProgress(bound, this);
  }

  onEnd(): void {
    const { relay } = this.#options.stream;
    // An orderly end of the connection is none of the answer: the protocol says when that is done.
    const failure =
      relay.streamError() ?? (relay.isComplete() ? null : brokenAnswer('The provider ended the stream early.'));
    this.#end(failure === null ? 'complete' : 'upstream_failed', failure);
  }

  onFailure(failure: UpstreamFailure): void {
    this.#end('upstream_failed', failure);
  }

  cut(notice: StreamNotice): void {
    this.#end('cut', null, notice);
  }

  pause(): void {
    if (this.#isOver) return;
    this.#isHeld = true;
    this.#options.stream.pause();
  }

  resume(): void {
    this.#isHeld = false;
    if (!this.#isOver && !this.#isClientFull) this.#options.stream.resume();
  }

  /** Node keeps what the socket does not take; it says so, and the upstream waits until all of it is gone. */
  #write(bytes: Buffer): void {
    this.#bytesOut += bytes.length;
    if (this.#options.response.write(bytes) || this.#isClientFull) return;
    this.#isClientFull = true;
    this.#options.stream.pause();
    this.#watchStall();
  }

  readonly #onDrain = (): void => {
    this.#isClientFull = false;
    this.#cancelStall?.();
    this.#cancelStall = null;
    if (!this.#isOver && !this.#isHeld) this.#options.stream.resume();
  };

  #watchStall(): void {
    const { timers, limits = DEFAULT_RELAY_LIMITS, response } = this.#options;
    this.#cancelStall ??= timers.after(limits.stallMs, () => {
      this.#cancelStall = null;
      // Closes the socket; a relay that is not over hears of it as of any client that leaves.
      response.destroy();
    });
  }

  #clientGone(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#options.stream.abort();
    this.#release();
    this.#settle('client_gone', null);
  }

  #end(
    outcome: Exclude<RelayOutcomeKind, 'client_gone'>,
    failure: UpstreamFailure | null,
    notice?: StreamNotice,
  ): void {
    if (this.#isOver) return;
    this.#isOver = true;
    const { stream, trailer } = this.#options;
    // Nothing more is wanted of a stream that is cut; after its own end this does nothing.
    stream.abort();
    const close = (given: StreamTrailer): void => {
      const { relay } = stream;
      this.#close(notice === undefined ? relay.finish(given, failure) : relay.cut(notice, given));
      this.#settle(outcome, failure);
    };
    try {
      const given = trailer(outcome, failure);
      if (given instanceof Promise) given.then(close).catch((error) => this.#giveUp(error));
      else close(given);
    } catch (error) {
      this.#giveUp(error);
    }
  }

  /** The last bytes. Node sends them on its own; a client that does not take them is still cut off after the stall limit. */
  #close(lastBytes: Buffer): void {
    const { response } = this.#options;
    this.#bytesOut += lastBytes.length;
    response.once('close', () => this.#release());
    if (response.destroyed) {
      this.#release();
      return;
    }
    response.end(lastBytes);
    if (!response.writableFinished) this.#watchStall();
  }

  /** A fault of our own: the client's stream cannot be ended properly, so it is ended visibly. */
  #giveUp(error: unknown): void {
    this.#options.response.destroy();
    this.#release();
    this.#reject(error);
  }

  #release(): void {
    this.#cancelStall?.();
    this.#cancelStall = null;
    this.#stopListening?.();
    this.#options.response.off('drain', this.#onDrain);
  }

  #settle(outcome: RelayOutcomeKind, failure: UpstreamFailure | null): void {
    this.#resolve({ outcome, failure, firstTokenAtMs: this.#firstTokenAtMs, bytesOut: this.#bytesOut });
  }
}
