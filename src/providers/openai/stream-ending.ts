// Owns: the end of an OpenAI chat stream as Weir writes it: the usage chunk, the cost, a cut, `[DONE]`. Does not own: when it ends.

import type { ReportedUsage, StreamNotice, StreamTrailer } from '../protocol.ts';
import type { JsonObject } from '../wire/body-fields.ts';
import { appendMember, trailerExtension } from '../wire/stream-trailer.ts';
import { renderOpenAiUsage } from './usage.ts';

/** The sentinel that ends a stream. */
const DONE_EVENT = 'data: [DONE]\n\n';

/** What the end of a stream is written from. */
export interface StreamEnd {
  readonly identity: JsonObject;
  readonly includeUsage: boolean;
  /** The upstream's own usage chunk, if it sent one: its text is kept. */
  readonly usageChunk: string | null;
  readonly usage: ReportedUsage | null;
  readonly trailer: StreamTrailer;
}

/** The end of a stream that is done. */
export function renderEnd(end: StreamEnd): string {
  return `${renderUsage(end)}${DONE_EVENT}`;
}

/** The end of a stream that Weir cuts: each open choice ends with `length`, as at any token limit, and `weir` says why. */
export function renderCut(end: StreamEnd, openChoices: readonly number[], notice: StreamNotice): string {
  const chunk = {
    ...frame(end),
    choices: openChoices.map((index) => ({ index, delta: {}, logprobs: null, finish_reason: 'length' })),
    weir: trailerExtension(end.trailer, notice),
  };
  return `${dataEvent(chunk)}${renderUsage(end)}${DONE_EVENT}`;
}

/** An event with this object. */
export function dataEvent(value: unknown): string {
  return `data: ${JSON.stringify(value)}\n\n`;
}

/** The members that every chunk of a stream begins with. */
export function frame(end: Pick<StreamEnd, 'identity' | 'trailer'>): Record<string, unknown> {
  const { id, created, model } = end.identity;
  return {
    id: typeof id === 'string' ? id : `chatcmpl-${end.trailer.requestId}`,
    object: 'chat.completion.chunk',
    created: typeof created === 'number' ? created : 0,
    model: typeof model === 'string' ? model : '',
  };
}

/** The usage chunk for a caller who asked for it; else a comment, which every SSE reader skips, so that the cost is there to see. */
function renderUsage(end: StreamEnd): string {
  const weir = trailerExtension(end.trailer);
  if (!end.includeUsage) return `: weir ${JSON.stringify(weir)}\n\n`;
  if (end.usageChunk !== null && end.usage !== null) return `data: ${appendMember(end.usageChunk, 'weir', weir)}\n\n`;
  const usage = end.trailer.usage ?? end.usage;
  const shown = usage === null ? {} : { usage: renderOpenAiUsage(usage) };
  return dataEvent({ ...frame(end), choices: [], ...shown, weir });
}
