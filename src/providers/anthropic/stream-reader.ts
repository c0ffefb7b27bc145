// Owns: what the events of an Anthropic stream mean (docs, "Streaming messages"). Does not own: what the client gets.

import type { ReportedUsage, UpstreamFailure } from '../protocol.ts';
import { isObject, type JsonObject } from '../wire/body-fields.ts';
import type { WireEvent } from '../wire/event-reader.ts';
import { tryParseJson } from '../wire/json-text.ts';
import { createOutputTally } from '../wire/output-tally.ts';
import { failureOfEvent, readVendorError } from '../wire/upstream-failure.ts';
import { blockText } from './answer.ts';
import { type AnthropicCounts, mergeAnthropicCounts, NO_COUNTS, usageOfCounts } from './usage.ts';

/** What one event is: an event of the message, the end, an error, or something that only passes (pings, comments, text that is not JSON). */
export type MessageStreamPiece =
  | { readonly kind: 'event'; readonly event: JsonObject }
  | { readonly kind: 'opaque' | 'stop' | 'error' };

/** Where a stream stands. */
export interface MessageStreamReader {
  read(event: WireEvent): MessageStreamPiece;
  /** The input's counts as soon as they are there. The output's are a placeholder until the end (`message_delta`); an end without them gives null. */
  usage(): ReportedUsage | null;
  outputText(): string;
  outputTokensBound(): number;
  /** `message_stop` came, or at least the reason of the end. */
  isComplete(): boolean;
  error(): UpstreamFailure | null;
  hasStarted(): boolean;
  /** Whether `message_delta` with a stop reason came. */
  hasStopReason(): boolean;
  /** Blocks that were opened and not closed. */
  openBlocks(): readonly number[];
}

const OPAQUE: MessageStreamPiece = { kind: 'opaque' };
const STOP: MessageStreamPiece = { kind: 'stop' };
const ERROR: MessageStreamPiece = { kind: 'error' };

/** Opens the reader of one stream. */
export function createMessageStreamReader(): MessageStreamReader {
  const tally = createOutputTally();
  const open = new Set<number>();
  let counts: AnthropicCounts = NO_COUNTS;
  let error: UpstreamFailure | null = null;
  let hasStarted = false;
  let hasFinalCount = false;
  let hasStopReason = false;
  let isStopped = false;

  function read(wire: WireEvent): MessageStreamPiece {
    if (wire.data === null || wire.data === '' || wire.name === 'ping') return OPAQUE;
    const event = tryParseJson(wire.data);
    if (wire.name === 'error' || (isObject(event) && event.type === 'error')) {
      error ??= failureOfEvent(readVendorError(event));
      return ERROR;
    }
    if (!isObject(event)) return OPAQUE;
    switch (event.type) {
      case 'message_start':
        hasStarted = true;
        if (isObject(event.message)) counts = mergeAnthropicCounts(counts, event.message.usage);
        break;
      case 'content_block_start':
        if (typeof event.index === 'number') open.add(event.index);
        addText(blockText(event.content_block));
        break;
      case 'content_block_delta':
        addText(deltaText(event.delta));
        break;
      case 'content_block_stop':
        if (typeof event.index === 'number') open.delete(event.index);
        break;
      case 'message_delta':
        readEnd(event);
        break;
      case 'message_stop':
        isStopped = true;
        return STOP;
    }
    return { kind: 'event', event };
  }

  function addText(text: string): void {
    if (text !== '') tally.addText(text);
  }

  function readEnd(event: JsonObject): void {
    const output = mergeAnthropicCounts(NO_COUNTS, event.usage).output;
    counts = mergeAnthropicCounts(counts, event.usage);
    if (output !== null) hasFinalCount = true;
    if (isObject(event.delta) && typeof event.delta.stop_reason === 'string') hasStopReason = true;
  }

  function readUsage(): ReportedUsage | null {
    if (hasFinalCount) return usageOfCounts(counts);
    return isStopped || hasStopReason ? null : usageOfCounts({ ...counts, output: counts.output ?? 0n });
  }

  return {
    read,
    usage: readUsage,
    outputText: tally.text,
    outputTokensBound: tally.tokensBound,
    isComplete: () => isStopped || hasStopReason,
    error: () => error,
    hasStarted: () => hasStarted,
    hasStopReason: () => hasStopReason,
    openBlocks: () => [...open],
  };
}

/** The generated text of a delta: text, thinking, a tool's input. Signatures and citations are not generated tokens. */
function deltaText(delta: unknown): string {
  if (!isObject(delta)) return '';
  const value = delta.text ?? delta.thinking ?? delta.partial_json;
  return typeof value === 'string' ? value : '';
}
