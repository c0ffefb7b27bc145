// Owns: one request to one upstream: its deadlines, its failures by class, its back-pressure, and exactly one end.
// Not: retries (attempts.ts), whole bodies (answer-collector.ts), or sockets (upstream-pools.ts).

import type { Dispatcher } from 'undici';
import type { Clock } from '../../primitives/clock.ts';
import type { ProviderFacts } from '../snapshot/facts.ts';
import { type Deadlined, type DeadlineWatch, UNWATCHED } from './deadline-watch.ts';
import {
  classifyError,
  type TransportFailure,
  type TransportFaultKind,
  transportFailure,
} from './transport-failure.ts';

/** A provider's time limits in milliseconds. */
export type UpstreamTimeouts = ProviderFacts['timeouts'];

/** A request as it goes out. */
export interface UpstreamRequest {
  /** Absolute path, with the base URL's own part. */
  readonly path: string;
  /** Lower-case names; credentials included. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  readonly timeouts: UpstreamTimeouts;
}

/** Headers as an upstream sent them; names in lower case. Not fit to be passed on as they are (response-headers.ts). */
export type UpstreamHeaders = Readonly<Record<string, string | string[] | undefined>>;

/** Takes an answer as it comes. After exactly one of `onEnd` and `onFailure` nothing more comes. */
export interface UpstreamSink {
  /** The final status, once. */
  onHead(status: number, headers: UpstreamHeaders): void;
  /** A part of the body. May still be called a few times after a pause: what the socket had read already. */
  onChunk(chunk: Buffer): void;
  onEnd(): void;
  onFailure(failure: TransportFailure): void;
}

/** The caller's hand on a request under way. Every method is harmless after the end. */
export interface UpstreamExchange {
  /** Stops reading from the socket. Idle time does not run while paused; the total does. */
  pause(): void;
  resume(): void;
  /** Gives up: closes the socket; the sink hears `cancelled` before this returns. */
  abort(): void;
  /** Ends it with a failure of the caller's finding (too large, malformed); the sink hears it before this returns. */
  fail(kind: TransportFaultKind): void;
}

/** What a dispatch needs. */
export interface DispatchDependencies {
  readonly pool: Dispatcher;
  readonly watch: DeadlineWatch;
  readonly clock: Clock;
}

/** Sends a POST and feeds the sink. Returns at once, before any call to the sink but those of a failure that is known at once. */
export function dispatch(
  dependencies: DispatchDependencies,
  request: UpstreamRequest,
  sink: UpstreamSink,
): UpstreamExchange {
  const exchange = new Exchange(dependencies, request.timeouts, sink);
  dependencies.watch.add(exchange);
  dependencies.pool.dispatch(
    { path: request.path, method: 'POST', headers: request.headers as Record<string, string>, body: request.body },
    exchange,
  );
  return exchange;
}

const ABORT_REASON = new Error('The exchange was ended.');

/** A class and not closures: undici calls these methods for every chunk of every stream, and one object a call is what it costs. */
class Exchange implements UpstreamExchange, Deadlined, Dispatcher.DispatchHandler {
  deadlineMs: number;
  watchPlace = UNWATCHED;
  readonly #watch: DeadlineWatch;
  readonly #clock: Clock;
  readonly #timeouts: UpstreamTimeouts;
  readonly #sink: UpstreamSink;
  readonly #totalDeadlineMs: number;
  #controller: Dispatcher.DispatchController | null = null;
  #status: number | null = null;
  #hasBytes = false;
  #isPaused = false;
  #isOver = false;

  constructor({ watch, clock }: DispatchDependencies, timeouts: UpstreamTimeouts, sink: UpstreamSink) {
    this.#watch = watch;
    this.#clock = clock;
    this.#timeouts = timeouts;
    this.#sink = sink;
    const nowMs = clock.monotonicMs();
    this.#totalDeadlineMs = nowMs + timeouts.totalMs;
    this.deadlineMs = Math.min(nowMs + timeouts.connectMs, this.#totalDeadlineMs);
  }

  pause(): void {
    if (this.#isOver || this.#isPaused) return;
    this.#isPaused = true;
    this.deadlineMs = this.#totalDeadlineMs;
    this.#controller?.pause();
  }

  resume(): void {
    if (this.#isOver || !this.#isPaused) return;
    this.#isPaused = false;
    this.#allow(this.#timeouts.idleMs);
    this.#controller?.resume();
  }

  abort(): void {
    this.fail('cancelled');
  }

  fail(kind: TransportFaultKind): void {
    if (this.#isOver) return;
    this.#finish(transportFailure(kind, { status: this.#status }));
    // Without a controller the request still waits for a socket; onRequestStart ends it when it gets one.
    this.#controller?.abort(ABORT_REASON);
  }

  expire(nowMs: number): void {
    if (nowMs >= this.#totalDeadlineMs) this.fail('total_timeout');
    else if (this.#controller === null) this.fail('connect_timeout');
    else this.fail(this.#hasBytes ? 'idle_timeout' : 'first_byte_timeout');
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#isOver) controller.abort(ABORT_REASON);
    else this.#allow(this.#timeouts.firstByteMs);
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number, headers: UpstreamHeaders): void {
    // 1xx: not an answer yet, and no reason to wait longer for one.
    if (this.#isOver || status < 200) return;
    this.#status = status;
    if (status >= 300 && status < 400) this.fail('redirect');
    else this.#sink.onHead(status, headers);
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#isOver) return;
    this.#hasBytes = true;
    if (!this.#isPaused) this.#allow(this.#timeouts.idleMs);
    this.#sink.onChunk(chunk);
  }

  onResponseEnd(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#watch.remove(this);
    this.#sink.onEnd();
  }

  onResponseError(_controller: Dispatcher.DispatchController | null, error: Error): void {
    if (this.#isOver) return;
    const failure = classifyError(error, { started: this.#controller !== null, answered: this.#hasBytes });
    this.#finish({ ...failure, status: this.#status });
  }

  #allow(milliseconds: number): void {
    this.deadlineMs = Math.min(this.#clock.monotonicMs() + milliseconds, this.#totalDeadlineMs);
  }

  #finish(failure: TransportFailure): void {
    this.#isOver = true;
    this.#watch.remove(this);
    this.#sink.onFailure(failure);
  }
}
