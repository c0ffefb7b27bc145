// Owns: an OpenAI chat stream as an Anthropic stream, event by event. Does not own: what OpenAI's chunks mean (its stream-reader.ts).

import { anthropicErrorEvent } from '../anthropic/error-body.ts';
import {
  namedEvent,
  renderCut,
  renderMessageDelta,
  renderMessageStart,
  renderStop,
} from '../anthropic/stream-ending.ts';
import { createChatSource } from '../openai/chat-source.ts';
import { type ChatStreamPiece, createChatStreamReader } from '../openai/stream-reader.ts';
import type { CarryInput, StreamNotice, StreamRelay, StreamTrailer, UpstreamFailure } from '../protocol.ts';
import { isObject, type JsonObject } from '../wire/body-fields.ts';
import { trailerExtension } from '../wire/stream-trailer.ts';
import { stopReasonOf } from './message-answer-of-chat.ts';

/** Opens the relay of one stream. */
export function openChatToMessagesRelay(input: CarryInput): StreamRelay {
  const reader = createChatStreamReader(1);
  const source = createChatSource(reader);
  const writer = createMessageWriter(input);

  function write(piece: ChatStreamPiece): string {
    if (piece.kind === 'chunk') return writer.write(piece.chunk);
    if (piece.kind === 'done' || piece.kind === 'error') source.close();
    return '';
  }

  function finish(trailer: StreamTrailer, failure: UpstreamFailure | null): Buffer {
    source.close();
    const cause = source.causeOf(failure);
    if (cause !== null) return Buffer.from(anthropicErrorEvent(cause, trailerExtension(trailer)));
    const end = renderMessageDelta(writer.stopReason(), reader.usage() ?? trailer.usage ?? null);
    return Buffer.from(`${writer.close()}${end}${renderStop(trailer)}`);
  }

  function cut(notice: StreamNotice, trailer: StreamTrailer): Buffer {
    source.close();
    const progress = {
      hasStarted: writer.hasStarted(),
      // The event with the reason is written at the end only.
      hasStopReason: false,
      openBlocks: writer.openBlocks(),
      usage: reader.usage(),
      model: input.call.model,
    };
    return Buffer.from(renderCut(progress, notice, trailer));
  }

  return { ...source.facts, push: (chunk) => source.translate(chunk, write), finish, cut };
}

interface MessageWriter {
  /** The events that one chunk becomes. */
  write(chunk: JsonObject): string;
  /** Starts the message if nothing came, and closes what is open. */
  close(): string;
  stopReason(): string;
  hasStarted(): boolean;
  openBlocks(): readonly number[];
}

/** Anthropic's blocks come one after the other: text, or one tool's use. A delta of another kind closes the open block. */
function createMessageWriter(input: CarryInput): MessageWriter {
  const tools = new Map<unknown, number>();
  let blocks = 0;
  let open: number | null = null;
  let isTextOpen = false;
  let started = false;
  let finishReason: unknown = null;

  function start(chunk: JsonObject): string {
    if (started) return '';
    started = true;
    const { id, model } = chunk;
    return renderMessageStart(
      typeof id === 'string' ? id : 'msg_weir',
      typeof model === 'string' ? model : input.call.model,
    );
  }

  function closeBlock(): string {
    if (open === null) return '';
    const index = open;
    open = null;
    isTextOpen = false;
    return namedEvent({ type: 'content_block_stop', index });
  }

  function openBlock(block: JsonObject): string {
    const closed = closeBlock();
    open = blocks;
    blocks += 1;
    return closed + namedEvent({ type: 'content_block_start', index: open, content_block: block });
  }

  function delta(index: number | null, value: JsonObject): string {
    return namedEvent({ type: 'content_block_delta', index, delta: value });
  }

  function text(value: unknown): string {
    if (typeof value !== 'string' || value === '') return '';
    const opened = isTextOpen ? '' : openBlock({ type: 'text', text: '' });
    isTextOpen = true;
    return opened + delta(open, { type: 'text_delta', text: value });
  }

  function toolCall(call: unknown): string {
    if (!isObject(call)) return '';
    const named = isObject(call.function) ? call.function : {};
    let opened = '';
    let index = tools.get(call.index);
    if (index === undefined) {
      opened = openBlock({ type: 'tool_use', id: call.id, name: named.name, input: {} });
      index = blocks - 1;
      tools.set(call.index, index);
    }
    const json = named.arguments;
    if (typeof json !== 'string' || json === '') return opened;
    return opened + delta(index, { type: 'input_json_delta', partial_json: json });
  }

  function write(chunk: JsonObject): string {
    let result = start(chunk);
    const choices = chunk.choices;
    const choice = Array.isArray(choices) ? choices[0] : undefined;
    if (!isObject(choice)) return result;
    const change = isObject(choice.delta) ? choice.delta : {};
    result += text(change.content) + text(change.refusal);
    const calls = change.tool_calls;
    if (Array.isArray(calls)) for (const call of calls) result += toolCall(call);
    if (typeof choice.finish_reason === 'string') {
      finishReason = choice.finish_reason;
      result += closeBlock();
    }
    return result;
  }

  return {
    write,
    close: () => start({}) + closeBlock(),
    stopReason: () => stopReasonOf(finishReason),
    hasStarted: () => started,
    openBlocks: () => (open === null ? [] : [open]),
  };
}
