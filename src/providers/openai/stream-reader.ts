// Owns: what the events of an OpenAI chat stream mean (API reference, "Streaming", and its neighbours' habits). Does not own: what the
// client gets.

import type { ReportedUsage, UpstreamFailure } from '../protocol.ts';
import { isObject, type JsonObject } from '../wire/body-fields.ts';
import type { WireEvent } from '../wire/event-reader.ts';
import { tryParseJson } from '../wire/json-text.ts';
import { createOutputTally } from '../wire/output-tally.ts';
import { failureOfEvent, readVendorError } from '../wire/upstream-failure.ts';
import { messageText } from './answer.ts';
import { readOpenAiUsage } from './usage.ts';

/**
 * What one event is: a chunk with choices, the usage at the end (no choices), the end, an error, or something that only passes
 * (comments, text that is not JSON).
 */
export type ChatStreamPiece =
  | { readonly kind: 'chunk'; readonly chunk: JsonObject }
  | { readonly kind: 'usage'; readonly chunk: JsonObject }
  | { readonly kind: 'opaque' | 'done' | 'error' };

/** Where a stream stands. */
export interface ChatStreamReader {
  read(event: WireEvent): ChatStreamPiece;
  /** The last usage that made sense; servers that report it with each chunk count up. */
  usage(): ReportedUsage | null;
  outputText(): string;
  outputTokensBound(): number;
  /** `[DONE]` came, or every choice asked for has its finish reason: some servers leave `[DONE]` out. */
  isComplete(): boolean;
  error(): UpstreamFailure | null;
  /** Choices without a finish reason, in order; all of them before the first chunk. */
  openChoices(): readonly number[];
  /** `id`, `created` and `model` of the stream's chunks, empty before the first. */
  identity(): JsonObject;
}

const OPAQUE: ChatStreamPiece = { kind: 'opaque' };
const DONE: ChatStreamPiece = { kind: 'done' };
const ERROR: ChatStreamPiece = { kind: 'error' };
const NO_IDENTITY: JsonObject = {};

/** Opens the reader of one stream that was asked for this many choices. */
export function createChatStreamReader(choices: number): ChatStreamReader {
  const tally = createOutputTally();
  const finished = new Set<number>();
  let usage: ReportedUsage | null = null;
  let error: UpstreamFailure | null = null;
  let identity: JsonObject = NO_IDENTITY;
  let isDone = false;

  function read(event: WireEvent): ChatStreamPiece {
    const { data } = event;
    if (data === null || data === '') return OPAQUE;
    if (data === '[DONE]') {
      isDone = true;
      return DONE;
    }
    const chunk = tryParseJson(data);
    if (!isObject(chunk)) {
      if (event.name !== 'error') return OPAQUE;
      error ??= failureOfEvent(null);
      return ERROR;
    }
    if (event.name === 'error' || (chunk.error !== undefined && chunk.error !== null)) {
      error ??= failureOfEvent(readVendorError(chunk));
      return ERROR;
    }
    return readChunk(chunk);
  }

  function readChunk(chunk: JsonObject): ChatStreamPiece {
    if (identity === NO_IDENTITY) {
      identity = { id: chunk.id, created: chunk.created, model: chunk.model };
    }
    const list = chunk.choices;
    if (Array.isArray(list)) for (const choice of list) readChoice(choice);
    const reported = readOpenAiUsage(chunk.usage);
    if (reported !== null) usage = reported;
    const isUsageOnly = isObject(chunk.usage) && Array.isArray(list) && list.length === 0;
    return { kind: isUsageOnly ? 'usage' : 'chunk', chunk };
  }

  function readChoice(choice: unknown): void {
    if (!isObject(choice)) return;
    const text = messageText(choice.delta);
    if (text !== '') tally.addText(text);
    const delta = choice.delta;
    const audio = isObject(delta) && isObject(delta.audio) ? delta.audio.data : undefined;
    if (typeof audio === 'string') tally.addAudio(audio);
    if (typeof choice.finish_reason === 'string' && typeof choice.index === 'number') finished.add(choice.index);
  }

  return {
    read,
    usage: () => usage,
    outputText: tally.text,
    outputTokensBound: tally.tokensBound,
    isComplete: () => isDone || finished.size >= choices,
    error: () => error,
    openChoices: () => Array.from({ length: choices }, (_, index) => index).filter((index) => !finished.has(index)),
    identity: () => identity,
  };
}
