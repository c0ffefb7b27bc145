// Owns: the words between the gateway and the provider protocols: how a client's call is read, carried upstream and read back.
// Pure: nothing here or below it opens a connection. Not: which provider serves a call, or what it may use.

import type { ErrorCode } from '../primitives/errors.ts';
import type { JsonDocument } from './json-document.ts';

/** A wire protocol that a provider speaks, and that a client route belongs to. */
export type WireProtocol = 'openai' | 'anthropic';

/** The gateway's routes that call a model. */
export type GatewayRoute = 'chat_completions' | 'responses' | 'embeddings' | 'messages' | 'count_tokens';

/**
 * Token counts as a provider reports them, normalised: `input` includes cached and cache-write tokens, `cacheWrite` those
 * written to last an hour, `output` includes reasoning.
 * An explicit 0 stays 0. Negative, fractional or absurd numbers are treated as not reported.
 */
export interface ReportedUsage {
  readonly input: bigint;
  readonly output: bigint;
  readonly cachedInput: bigint;
  readonly cacheWrite: bigint;
  /** Anthropic's one-hour cache, which costs more to write. 0 everywhere else. */
  readonly cacheWrite1h: bigint;
  readonly reasoning: bigint;
}

/** Images of a call: `low` ones are asked for in low detail, all others are `high`. */
export interface ImageCount {
  readonly low: number;
  readonly high: number;
}

/** What Weir reads from a client's request before it decides. Made by a route's parser, which refuses what is not valid. */
export interface ParsedCall {
  readonly route: GatewayRoute;
  readonly protocol: WireProtocol;
  readonly document: JsonDocument;
  /** The client's own fields, where `document` says the same in the words of another route. */
  readonly asked?: Readonly<Record<string, unknown>>;
  /** The `model` field as given: a catalog id, `template:…`, `feature:…` or `auto`. */
  readonly model: string;
  readonly stream: boolean;
  /** Most output tokens of one choice that the caller allows (`max_completion_tokens`, `max_tokens`); null when not given. */
  readonly maxOutputTokens: number | null;
  /** Answers asked for (`n`); 1 elsewhere. */
  readonly choices: number;
  /** Whether the caller wants OpenAI's usage chunk (`stream_options.include_usage`). */
  readonly includeUsage: boolean;
  /**
   * An upper bound of the input's tokens, whatever the tokenizer and model: bytes of text, fixed most per image, overhead per message
   * and tool (`wire/token-bound.ts`, which has a tighter one for a known model).
   */
  readonly inputTokensBound: number;
  /** Images in the input, by the detail asked for. Their bound is in `inputTokensBound`, at the dearest model family's rate. */
  readonly images: ImageCount;
  /** Capabilities the call needs of the model: `tools`, `vision`, `json_schema`, `embeddings`, `chat`, `streaming`. */
  readonly needs: readonly string[];
}

/** What a template or deployment adds to a call. */
export interface CallOverlay {
  /** Put before the conversation as the system message. */
  readonly systemMessage: string | null;
  /** Parameters set where the caller gave none: temperature, top_p … (provider's own names). */
  readonly defaults: Readonly<Record<string, unknown>>;
}

/** All that a carrier needs to write the upstream's request. */
export interface CarryInput {
  readonly call: ParsedCall;
  readonly providerModelId: string;
  /** The most output tokens of one choice that policy allows; null leaves the caller's wish. Lowers, never raises. */
  readonly outputCap: number | null;
  /** The model's own most; used where the upstream's protocol demands a number and the caller gave none. */
  readonly modelMaxOutputTokens: number;
  readonly overlay: CallOverlay | null;
  /** An opaque id of the end user, where the protocol has a place for it (Anthropic's `metadata.user_id`). */
  readonly endUserId: string | null;
  /** Whether an output cap that the caller named no field for goes into `max_tokens` (OpenAI-compatible servers) or `max_completion_tokens` (OpenAI). */
  readonly prefersMaxTokensField: boolean;
  /** The caller's `anthropic-beta` header, passed on between Anthropic's own protocol and itself. */
  readonly anthropicBeta?: string | null;
  /** Unix time in seconds, for `created` where an answer is translated into OpenAI's shape; 0 when not given. */
  readonly createdSeconds?: number;
}

/** The request as it goes upstream. Credentials are added by the dispatcher (see `credentials.ts`). */
export interface CarriedRequest {
  /** Below the provider's base URL: `/chat/completions`, `/messages`. */
  readonly path: string;
  readonly body: Buffer;
  /** Headers of the protocol beyond content-type and credentials: `anthropic-version`. */
  readonly headers: Readonly<Record<string, string>>;
}

/** A whole answer, as the client gets it. */
export interface CompleteAnswer {
  readonly body: Buffer;
  /** Null when the upstream reported none (or nonsense). */
  readonly usage: ReportedUsage | null;
  /** The text of the output, for counting where usage is missing. Called only then. */
  readonly outputText: () => string;
}

/** What is added to the end of a stream for the caller (the `weir` extension field). */
export interface StreamTrailer {
  readonly costUsd: string | null;
  readonly requestId: string;
  /** What was settled: told to a client that asked for usage where the upstream reported none. */
  readonly usage?: ReportedUsage | null;
}

/** Why Weir ends a stream before the upstream does. */
export interface StreamNotice {
  readonly code: ErrorCode;
  readonly message: string;
}

/**
 * Reads one upstream stream and writes the client's. Bytes go out as they come in: nothing waits for a later chunk, but the end
 * (OpenAI's usage chunk and `[DONE]`, Anthropic's `message_stop`), which waits for the trailer so that it can carry the cost.
 */
export interface StreamRelay {
  /** Takes a chunk as it came (any split, also within a character) and gives the bytes for the client now; empty when there are none yet. */
  push(chunk: Buffer): Buffer;
  /**
   * What has been reported so far; Anthropic reports in pieces. While the stream is not complete its `output` is a least: the input is
   * exact, the output is to be counted. Once it is complete, all of it is exact, or null.
   */
  usage(): ReportedUsage | null;
  /** The text seen so far (content, tool arguments, reasoning), for counting. Bounded by what was streamed. */
  outputText(): string;
  /** A cheap upper bound of the output tokens seen so far: characters (UTF-8 bytes) of text deltas. */
  outputTokensBound(): number;
  /** Whether the upstream said that it is done (`[DONE]`, `message_stop`): false after a cut. */
  isComplete(): boolean;
  /** Whether any content was forwarded to the client. */
  hasOutput(): boolean;
  /** An error that the upstream sent inside the stream, already redacted. */
  streamError(): UpstreamFailure | null;
  /** The last bytes for the client: the held-back end with the trailer, or after a cut an error event in the client's shape. */
  finish(trailer: StreamTrailer, failure: UpstreamFailure | null): Buffer;
  /** Ends the client's stream cleanly before the upstream is done: `finish_reason: "length"` / `stop_reason: "max_tokens"`, the notice in the extension field. */
  cut(notice: StreamNotice, trailer: StreamTrailer): Buffer;
}

/** What an upstream's failure means. Text is safe to show: secrets and our account's details are redacted. */
export interface UpstreamFailure {
  readonly code: ErrorCode;
  readonly message: string;
  /** Whether another attempt, here or at a fallback, may succeed. A 400 of the caller's making is not. */
  readonly retryable: boolean;
  readonly retryAfterSeconds: number | null;
  /** The upstream's status; null inside a stream or without an answer. */
  readonly status: number | null;
  /** The caller's own mistake as the upstream told it (400, 404, 413, 422): passed on in the client's shape with this status. */
  readonly callerFault: boolean;
  readonly param: string | null;
}

/** How one client route is carried over one upstream protocol. */
export interface Carrier {
  /** Writes the upstream's request. Throws `WeirError('unsupported_parameter', { param })` for what cannot be carried over; never drops in silence. */
  request(input: CarryInput): CarriedRequest;
  /** Reads a whole 200 answer. Throws `WeirError('provider_error')` on one that is not what the protocol says (HTML, cut JSON). */
  complete(body: Buffer, input: CarryInput): CompleteAnswer;
  /** Opens the reader of a 200 event stream. */
  openStream(input: CarryInput): StreamRelay;
  /** Reads an answer with another status. */
  failure(
    status: number,
    headers: Readonly<Record<string, string | readonly string[] | undefined>>,
    body: Buffer,
  ): UpstreamFailure;
}
