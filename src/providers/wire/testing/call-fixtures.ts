// Owns: making calls, inputs and streams for tests of the protocols. Does not own: expectations.

import { parseMessages } from '../../anthropic/messages-call.ts';
import { parseChatCompletions } from '../../openai/chat-call.ts';
import type { CarriedRequest, CarryInput, ParsedCall, StreamRelay, StreamTrailer } from '../../protocol.ts';

/** The end that tests give to streams. */
export const TRAILER: StreamTrailer = { costUsd: '0.00012', requestId: 'req-1' };

/** A chat call with these fields. */
export function chatCall(fields: object = {}): ParsedCall {
  const body = { model: 'template:blog', messages: [{ role: 'user', content: 'Hi' }], ...fields };
  return parseChatCompletions(Buffer.from(JSON.stringify(body)));
}

/** A messages call with these fields. */
export function messagesCall(fields: object = {}): ParsedCall {
  const body = { model: 'template:blog', max_tokens: 100, messages: [{ role: 'user', content: 'Hi' }], ...fields };
  return parseMessages(Buffer.from(JSON.stringify(body)));
}

/** What a carrier is given, with nothing that policy adds. */
export function carryInput(call: ParsedCall, more: Partial<CarryInput> = {}): CarryInput {
  return {
    call,
    providerModelId: 'upstream-model',
    outputCap: null,
    modelMaxOutputTokens: 4_096,
    overlay: null,
    endUserId: null,
    prefersMaxTokensField: false,
    ...more,
  };
}

/** A carried request's body, parsed. */
export function bodyOf(request: CarriedRequest): Record<string, unknown> {
  return JSON.parse(request.body.toString('utf8')) as Record<string, unknown>;
}

/** OpenAI's stream of these chunks; `null` in place of a chunk is the end. */
export function chatStream(chunks: readonly (object | null)[]): Buffer {
  return Buffer.from(chunks.map((chunk) => `data: ${chunk === null ? '[DONE]' : JSON.stringify(chunk)}\n\n`).join(''));
}

/** Anthropic's stream of these events. */
export function messagesStream(
  events: readonly (object & { readonly type: string; readonly [name: string]: unknown })[],
): Buffer {
  return Buffer.from(events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join(''));
}

/** Cuts bytes at the given places, wherever they fall. */
export function cutBytes(bytes: Buffer, places: readonly number[]): Buffer[] {
  const ends = [...places.map((place) => place % (bytes.length + 1)), bytes.length].sort((a, b) => a - b);
  let start = 0;
  return ends.map((end) => {
    const part = bytes.subarray(start, end);
    start = end;
    return part;
  });
}

/** Runs a stream through a relay to its end and gives what the client got. */
export function relayAll(relay: StreamRelay, chunks: readonly Buffer[], trailer: StreamTrailer = TRAILER): string {
  const parts = chunks.map((chunk) => relay.push(chunk));
  return Buffer.concat([...parts, relay.finish(trailer, relay.streamError())]).toString('utf8');
}

/** The objects in a stream's `data` fields; texts that are no JSON stay texts. */
export function dataOf(stream: string): unknown[] {
  return stream
    .split('\n')
    .filter((line) => line.startsWith('data: '))
    .map((line) => (line === 'data: [DONE]' ? '[DONE]' : (JSON.parse(line.slice(6)) as unknown)));
}

/** A `fetch` that answers with this, for the vendors' SDKs. */
export function fetchOf(body: string, status = 200, headers: Readonly<Record<string, string>> = {}): typeof fetch {
  return async () => {
    const type = status === 200 ? 'text/event-stream' : 'application/json';
    return new Response(body, { status, headers: { 'content-type': type, ...headers } });
  };
}
