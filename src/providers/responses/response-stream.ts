// Owns: a chat's stream as a response's: the chat carrier's relay reads the upstream, its chunks become events. Does not own: what a provider's events mean, or how a
// response's are written (response-stream-writer.ts).

import { openAiErrorObject } from '../openai/error-body.ts';
import type { CarryInput, StreamNotice, StreamRelay, StreamTrailer, UpstreamFailure } from '../protocol.ts';
import { isObject } from '../wire/body-fields.ts';
import { createEventReader } from '../wire/event-reader.ts';
import { tryParseJson } from '../wire/json-text.ts';
import { trailerExtension } from '../wire/stream-trailer.ts';
import { brokenAnswer, errorOfFailure } from '../wire/upstream-failure.ts';
import { createResponseWriter } from './response-stream-writer.ts';

const NOTHING = Buffer.alloc(0);

/** Opens the relay over that of a chat. */
export function openResponseRelay(chat: StreamRelay, input: CarryInput): StreamRelay {
  const events = createEventReader();
  const writer = createResponseWriter(input);

  function push(bytes: Buffer): Buffer {
    const passed = chat.push(bytes);
    if (passed.length === 0) return NOTHING;
    let written = '';
    for (const { data } of events.push(passed)) {
      const chunk = data === null ? undefined : tryParseJson(data);
      if (isObject(chunk)) written += writer.write(chunk);
    }
    return Buffer.from(written);
  }

  function finish(trailer: StreamTrailer, failure: UpstreamFailure | null): Buffer {
    const weir = trailerExtension(trailer);
    const early = chat.isComplete() ? null : brokenAnswer('The provider ended the stream early.');
    const cause = failure ?? chat.streamError() ?? early;
    const usage = chat.usage() ?? trailer.usage ?? null;
    if (cause === null) return Buffer.from(writer.end({ ...writer.ending(), usage }, { weir }));
    const error = openAiErrorObject(errorOfFailure(cause));
    const { code, message, param } = error;
    // OpenAI's SDK throws what stands in `error`; the members beside it are those of the reference.
    const told = writer.error({ code, message, param, error }, { weir });
    const failed = { code: 'server_error', message: String(message) };
    return Buffer.from(told + writer.end({ status: 'failed', error: failed, usage }, { weir }));
  }

  function cut(notice: StreamNotice, trailer: StreamTrailer): Buffer {
    const usage = chat.usage() ?? trailer.usage ?? null;
    const state = { status: 'incomplete', reason: 'max_output_tokens', usage } as const;
    return Buffer.from(writer.end(state, { weir: trailerExtension(trailer, notice) }));
  }

  return { ...chat, push, finish, cut };
}
