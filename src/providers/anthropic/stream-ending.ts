// Owns: the end of an Anthropic stream as Weir writes it: the cost in `message_stop`, a cut. Does not own: when it ends.

import type { ReportedUsage, StreamNotice, StreamTrailer } from '../protocol.ts';
import { trailerExtension } from '../wire/stream-trailer.ts';
import { renderAnthropicUsage } from './usage.ts';

/** An event with this object, named by its type. */
export function namedEvent(value: { readonly type: string } & Readonly<Record<string, unknown>>): string {
  return `event: ${value.type}\ndata: ${JSON.stringify(value)}\n\n`;
}

/** The last event: `message_stop` with the extension. */
export function renderStop(trailer: StreamTrailer, notice?: StreamNotice): string {
  return namedEvent({ type: 'message_stop', weir: trailerExtension(trailer, notice) });
}

/** The event that tells why the message ends and what it used. */
export function renderMessageDelta(stopReason: string, usage: ReportedUsage | null): string {
  return namedEvent({
    type: 'message_delta',
    delta: { stop_reason: stopReason, stop_sequence: null },
    usage: usage === null ? { output_tokens: 0 } : renderAnthropicUsage(usage),
  });
}

/** The first event of a message that Weir writes itself. The counts of its input are told at the end. */
export function renderMessageStart(id: string, model: string): string {
  return namedEvent({
    type: 'message_start',
    message: {
      id,
      type: 'message',
      role: 'assistant',
      model,
      content: [],
      stop_reason: null,
      stop_sequence: null,
      usage: { input_tokens: 0, cache_creation_input_tokens: 0, cache_read_input_tokens: 0, output_tokens: 0 },
    },
  });
}

/** What the client has of a message so far. */
export interface MessageProgress {
  readonly hasStarted: boolean;
  readonly hasStopReason: boolean;
  readonly openBlocks: readonly number[];
  readonly usage: ReportedUsage | null;
  readonly model: string;
}

/** The end of a stream that Weir cuts: blocks are closed, the message ends with `max_tokens`, as at any token limit, and `weir` says why. */
export function renderCut(progress: MessageProgress, notice: StreamNotice, trailer: StreamTrailer): string {
  const start = progress.hasStarted ? '' : renderMessageStart(`msg_${trailer.requestId}`, progress.model);
  const blocks = progress.openBlocks.map((index) => namedEvent({ type: 'content_block_stop', index })).join('');
  const end = progress.hasStopReason ? '' : renderMessageDelta('max_tokens', trailer.usage ?? progress.usage);
  return `${start}${blocks}${end}${renderStop(trailer, notice)}`;
}
