// Owns: an OpenAI chat stream as an Anthropic stream, event by event. Does not own: what OpenAI's chunks mean (its stream-reader.ts).

import { anthropicErrorEvent } from '../anthropic/error-body.ts';
import {
  namedEvent,
  renderCut,
  renderMessageDelta,
  renderMessageStart,
  renderStop,
} from '../anthropic/stream-ending.ts';
import { argumentsText, contentText } from '../openai/answer.ts';
import { createChatSource } from '../openai/chat-source.ts';
import { type ChatStreamPiece, createChatStreamReader } from '../openai/stream-reader.ts';
import type { CarryInput, StreamNotice, StreamRelay, StreamTrailer, UpstreamFailure } from '../protocol.ts';
import { isObject, type JsonObject } from '../wire/body-fields.ts';
import { trailerExtension } from '../wire/stream-trailer.ts';
import { messageIdentity, stopReasonOf, toolUseHead } from './message-answer-of-chat.ts';

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

/** A tool's use that began. */
interface OpenTool {
  readonly id: string;
  readonly block: number;
}

/** Some servers put every call at one place: what has a name and another id is another call. */
function isAnother(tool: OpenTool, id: unknown, name: unknown): boolean {
  return typeof id === 'string' && id !== '' && id !== tool.id && typeof name === 'string' && name !== '';
}

/** Anthropic's blocks come one after the other: text, or one tool's use. A delta of another kind closes the open block. */
function createMessageWriter(input: CarryInput): MessageWriter {
  const tools = new Map<unknown, OpenTool>();
  let calls = 0;
  let messageId = '';
  let blocks = 0;
  let open: number | null = null;
  let isTextOpen = false;
  let started = false;
  let finishReason: unknown = null;

  function start(chunk: JsonObject): string {
    if (started) return '';
    started = true;
    const { id, model } = messageIdentity(chunk, input);
    messageId = id;
    return renderMessageStart(id, model);
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
    let tool = tools.get(call.index);
    if (tool === undefined || isAnother(tool, call.id, named.name)) {
      const head = toolUseHead(call, messageId, calls);
      opened = openBlock({ ...head, input: {} });
      calls += 1;
      tool = { id: head.id, block: blocks - 1 };
      tools.set(call.index, tool);
    }
    const json = argumentsText(named.arguments);
    return json === '' ? opened : opened + delta(tool.block, { type: 'input_json_delta', partial_json: json });
  }

  function write(chunk: JsonObject): string {
    let result = start(chunk);
    const choices = chunk.choices;
    const choice = Array.isArray(choices) ? choices[0] : undefined;
    if (!isObject(choice)) return result;
    const change = isObject(choice.delta) ? choice.delta : {};
    result += text(contentText(change.content)) + text(change.refusal);
    const parts = change.tool_calls;
    if (Array.isArray(parts)) for (const part of parts) result += toolCall(part);
    if (typeof choice.finish_reason === 'string') {
      finishReason = choice.finish_reason;
      result += closeBlock();
    }
    return result;
  }

  return {
    write,
    close: () => start({}) + closeBlock(),
    stopReason: () => stopReasonOf(finishReason, calls > 0),
    hasStarted: () => started,
    openBlocks: () => (open === null ? [] : [open]),
  };
}
