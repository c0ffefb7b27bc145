// Owns: relaying an Anthropic stream to a client who speaks the same: the upstream's bytes, but for `message_stop` and errors.
// Does not own: translation; what events mean (stream-reader.ts).

import type { CarryInput, StreamNotice, StreamRelay, StreamTrailer, UpstreamFailure } from '../protocol.ts';
import { createRelaySource } from '../wire/relay-source.ts';
import { trailerExtension } from '../wire/stream-trailer.ts';
import { anthropicErrorEvent } from './error-body.ts';
import { renderCut, renderStop } from './stream-ending.ts';
import { createMessageStreamReader, type MessageStreamPiece } from './stream-reader.ts';

/** Opens the relay of one stream. */
export function openMessagesRelay(input: CarryInput): StreamRelay {
  const reader = createMessageStreamReader();
  const source = createRelaySource(reader);

  function passes({ kind }: MessageStreamPiece): boolean {
    if (kind === 'event' || kind === 'opaque') return true;
    source.close();
    return false;
  }

  function finish(trailer: StreamTrailer, failure: UpstreamFailure | null): Buffer {
    source.close();
    const cause = source.causeOf(failure);
    return Buffer.from(cause === null ? renderStop(trailer) : anthropicErrorEvent(cause, trailerExtension(trailer)));
  }

  function cut(notice: StreamNotice, trailer: StreamTrailer): Buffer {
    source.close();
    const progress = {
      hasStarted: reader.hasStarted(),
      hasStopReason: reader.hasStopReason(),
      openBlocks: reader.openBlocks(),
      usage: reader.usage(),
      model: input.call.model,
    };
    return Buffer.from(renderCut(progress, notice, trailer));
  }

  return { ...source.facts, push: (chunk) => source.pass(chunk, passes), finish, cut };
}
