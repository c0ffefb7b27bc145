// Owns: an Anthropic stream as an OpenAI chat stream, event by event. Does not own: what Anthropic's events mean (its stream-reader.ts).

import { createMessageStreamReader, type MessageStreamPiece } from '../anthropic/stream-reader.ts';
import { openAiErrorEvent } from '../openai/error-body.ts';
import { dataEvent, frame, renderCut, renderEnd, type StreamEnd } from '../openai/stream-ending.ts';
import type { CarryInput, StreamNotice, StreamRelay, StreamTrailer, UpstreamFailure } from '../protocol.ts';
import { isObject, type JsonObject } from '../wire/body-fields.ts';
import { createRelaySource } from '../wire/relay-source.ts';
import { trailerExtension } from '../wire/stream-trailer.ts';
import { finishReasonOf } from './chat-answer-of-message.ts';

interface ToolState {
  /** Its place among the tool calls. */
  readonly call: number;
  hasInput: boolean;
}

/** Opens the relay of one stream. */
export function openMessagesToChatRelay(input: CarryInput): StreamRelay {
  const reader = createMessageStreamReader();
  const source = createRelaySource(reader);
  const writer = createChatWriter(input);

  function write(piece: MessageStreamPiece): string {
    if (piece.kind === 'event') return writer.write(piece.event);
    if (piece.kind !== 'opaque') source.close();
    return '';
  }

  function end(trailer: StreamTrailer): StreamEnd {
    const { includeUsage } = input.call;
    return { identity: writer.identity(), includeUsage, usageChunk: null, usage: reader.usage(), trailer };
  }

  function finish(trailer: StreamTrailer, failure: UpstreamFailure | null): Buffer {
    source.close();
    const cause = source.causeOf(failure);
    return Buffer.from(cause === null ? renderEnd(end(trailer)) : openAiErrorEvent(cause, trailerExtension(trailer)));
  }

  function cut(notice: StreamNotice, trailer: StreamTrailer): Buffer {
    source.close();
    return Buffer.from(renderCut(end(trailer), reader.hasStopReason() ? [] : [0], notice));
  }

  return { ...source.facts, push: (chunk) => source.translate(chunk, write), finish, cut };
}

interface ChatWriter {
  /** The chunks that one event becomes; empty for those with nothing to tell. */
  write(event: JsonObject): string;
  identity(): JsonObject;
}

function createChatWriter(input: CarryInput): ChatWriter {
  const tools = new Map<unknown, ToolState>();
  let identity: JsonObject = { created: input.createdSeconds ?? 0, model: input.call.model };

  function chunk(delta: JsonObject, finishReason: string | null = null): string {
    const head = frame({ identity, trailer: { costUsd: null, requestId: 'weir' } });
    return dataEvent({ ...head, choices: [{ index: 0, delta, logprobs: null, finish_reason: finishReason }] });
  }

  function call(state: ToolState, more: JsonObject): string {
    return chunk({ tool_calls: [{ index: state.call, ...more }] });
  }

  function start(event: JsonObject): string {
    const { message } = event;
    if (isObject(message)) identity = { ...identity, id: message.id, model: message.model };
    return chunk({ role: 'assistant', content: '', refusal: null });
  }

  function openBlock(event: JsonObject): string {
    const block = event.content_block;
    if (!isObject(block)) return '';
    if (block.type === 'text') return block.text ? chunk({ content: block.text }) : '';
    if (block.type !== 'tool_use') return '';
    const hasInput = isObject(block.input) && Object.keys(block.input).length > 0;
    const state = { call: tools.size, hasInput };
    tools.set(event.index, state);
    const text = hasInput ? JSON.stringify(block.input) : '';
    return call(state, { id: block.id, type: 'function', function: { name: block.name, arguments: text } });
  }

  function continueBlock(event: JsonObject): string {
    const { delta } = event;
    if (!isObject(delta)) return '';
    if (delta.type === 'text_delta') return chunk({ content: delta.text });
    const state = tools.get(event.index);
    const json = delta.partial_json;
    if (delta.type !== 'input_json_delta' || state === undefined || typeof json !== 'string' || json === '') return '';
    state.hasInput = true;
    return call(state, { function: { arguments: json } });
  }

  /** A tool without input has no delta at Anthropic; OpenAI's arguments are JSON always. */
  function closeBlock(event: JsonObject): string {
    const state = tools.get(event.index);
    return state === undefined || state.hasInput ? '' : call(state, { function: { arguments: '{}' } });
  }

  function write(event: JsonObject): string {
    switch (event.type) {
      case 'message_start':
        return start(event);
      case 'content_block_start':
        return openBlock(event);
      case 'content_block_delta':
        return continueBlock(event);
      case 'content_block_stop':
        return closeBlock(event);
      case 'message_delta': {
        const reason = isObject(event.delta) ? event.delta.stop_reason : null;
        return typeof reason === 'string' ? chunk({}, finishReasonOf(reason)) : '';
      }
      default:
        return '';
    }
  }

  return { write, identity: () => identity };
}
