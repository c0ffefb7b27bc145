// Owns: Weir's extension at the end of a stream. Does not own: which event carries it.

import type { StreamNotice, StreamTrailer } from '../protocol.ts';

/** The `weir` field: `{cost_usd, request_id}`, and `{code, message}` where Weir ended the stream. */
export function trailerExtension(trailer: StreamTrailer, notice?: StreamNotice): Record<string, unknown> {
  const extension: Record<string, unknown> = { cost_usd: trailer.costUsd, request_id: trailer.requestId };
  if (notice !== undefined) {
    extension.code = notice.code;
    extension.message = notice.message;
  }
  return extension;
}

/** A JSON object's text with one more member at its end. The text is known to be an object with members. */
export function appendMember(json: string, name: string, value: unknown): string {
  const close = json.lastIndexOf('}');
  return `${json.slice(0, close)},${JSON.stringify(name)}:${JSON.stringify(value)}}`;
}
