// Owns: a response's stream, event by event, from the pieces of a chat (API reference, "Streaming events"). Does not own: where the pieces come from.

import type { CarryInput } from '../protocol.ts';
import { isObject, type JsonObject } from '../wire/body-fields.ts';
import { type ChatPiece, piecesOf } from './chat-delta.ts';
import {
  type CallItem,
  createItemMaker,
  emptyPart,
  growCall,
  growPart,
  type ItemStatus,
  type OutputItem,
  type SpokenItem,
  type SpokenPart,
} from './response-items.ts';
import { endingOf, identityOf, type ResponseIdentity, type ResponseState, renderResponse } from './response-object.ts';

/** Writes one stream. */
export interface ResponseWriter {
  /** The events that one chunk of a chat becomes. */
  write(chunk: JsonObject): string;
  /** How the chat said that it ended. */
  ending(): Pick<ResponseState, 'status' | 'reason'>;
  /** Closes what is open and tells of the end; `more` are further members of that event. */
  end(state: Omit<ResponseState, 'output'>, more: Readonly<Record<string, unknown>>): string;
  /** An error event, before the end of a response that failed. */
  error(error: Readonly<Record<string, unknown>>, more: Readonly<Record<string, unknown>>): string;
}

/** An item of the output that has not ended. */
interface Open<Item extends OutputItem> {
  readonly item: Item;
  readonly index: number;
}

/** Names of the events about a call's text. */
const CALL_EVENTS = {
  function_call: { delta: 'response.function_call_arguments.delta', done: 'response.function_call_arguments.done' },
  custom_tool_call: { delta: 'response.custom_tool_call_input.delta', done: 'response.custom_tool_call_input.done' },
} as const;

/** Opens the writer of one stream. */
export function createResponseWriter(input: CarryInput): ResponseWriter {
  const output: OutputItem[] = [];
  const calls: Open<CallItem>[] = [];
  const callOfKey = new Map<unknown, Open<CallItem>>();
  let identity: ResponseIdentity | null = null;
  let spoken: Open<SpokenItem> | null = null;
  let finishReason: unknown = null;
  let sequence = 0;
  const make = createItemMaker(
    () => identity?.suffix ?? 'weir',
    () => output.length,
  );

  function event(type: string, fields: Readonly<Record<string, unknown>>): string {
    const data = JSON.stringify({ type, sequence_number: sequence, ...fields });
    sequence += 1;
    return `event: ${type}\ndata: ${data}\n\n`;
  }

  function start(chunk: JsonObject): string {
    if (identity !== null) return '';
    identity = identityOf(chunk, input);
    const response = renderResponse(input, identity, { status: 'in_progress', output: [] });
    return event('response.created', { response }) + event('response.in_progress', { response });
  }

  function open<Item extends OutputItem>(item: Item): { readonly opened: Open<Item>; readonly text: string } {
    const opened = { item, index: output.length };
    const text = event('response.output_item.added', { output_index: opened.index, item });
    output.push(item);
    return { opened, text };
  }

  function close({ item, index }: Open<OutputItem>, status: ItemStatus): string {
    item.status = status;
    return event('response.output_item.done', { output_index: index, item });
  }

  function partFields({ item, index }: Open<SpokenItem>): Record<string, unknown> {
    return { item_id: item.id, output_index: index, content_index: item.content.length - 1 };
  }

  function closePart(at: Open<SpokenItem>): string {
    const part = at.item.content.at(-1);
    if (part === undefined) return '';
    const fields = partFields(at);
    return (
      event(`${eventOf(part.type)}.done`, { ...fields, ...doneOf(part) }) +
      event('response.content_part.done', { ...fields, part })
    );
  }

  function closeSpoken(status: ItemStatus): string {
    if (spoken === null) return '';
    const closed = closePart(spoken) + close(spoken, status);
    spoken = null;
    return closed;
  }

  function say(kind: SpokenPart['type'], text: string, logprobs: readonly unknown[]): string {
    let written = '';
    const type = kind === 'reasoning_text' ? 'reasoning' : 'message';
    if (spoken?.item.type !== type) {
      written += closeSpoken('completed');
      const { opened, text: added } = open(make.spoken(type, 'in_progress'));
      spoken = opened;
      written += added;
    }
    let part = spoken.item.content.at(-1);
    if (part?.type !== kind) {
      written += closePart(spoken);
      part = emptyPart(kind);
      spoken.item.content.push(part);
      written += event('response.content_part.added', { ...partFields(spoken), part });
    }
    growPart(part, text, logprobs);
    const more = kind === 'output_text' ? { logprobs } : {};
    return written + event(`${eventOf(kind)}.delta`, { ...partFields(spoken), delta: text, ...more });
  }

  function call(piece: Extract<ChatPiece, { kind: 'call' }>): string {
    let written = '';
    let at = callOfKey.get(piece.key);
    if (at === undefined || isAnother(at.item, piece)) {
      written += closeSpoken('completed');
      const { opened, text } = open(make.call(piece.type, piece, 'in_progress'));
      at = opened;
      calls.push(at);
      callOfKey.set(piece.key, at);
      written += text;
    }
    if (piece.text === '') return written;
    growCall(at.item, piece.text);
    const fields = { item_id: at.item.id, output_index: at.index, delta: piece.text };
    return written + event(CALL_EVENTS[at.item.type].delta, fields);
  }

  /** Calls may come interleaved, so each is done when all are. What was cut is the last item's. */
  function closeCalls(status: ItemStatus): string {
    let written = '';
    for (const at of calls.splice(0)) {
      const { item, index } = at;
      const whole =
        item.type === 'function_call' ? { name: item.name, arguments: item.arguments } : { input: item.input };
      written +=
        event(CALL_EVENTS[item.type].done, { item_id: item.id, output_index: index, ...whole }) +
        close(at, index === output.length - 1 ? status : 'completed');
    }
    return written;
  }

  function write(chunk: JsonObject): string {
    let written = start(chunk);
    const choices = chunk.choices;
    const choice: unknown = Array.isArray(choices) ? choices[0] : undefined;
    if (!isObject(choice)) return written;
    for (const piece of piecesOf(choice, choice.delta)) {
      written += piece.kind === 'call' ? call(piece) : say(piece.kind, piece.text, piece.logprobs);
    }
    if (typeof choice.finish_reason === 'string') finishReason = choice.finish_reason;
    return written;
  }

  function end(state: Omit<ResponseState, 'output'>, more: Readonly<Record<string, unknown>>): string {
    const begun = start({});
    // What failed is not done: its items stand in the response as far as they came.
    if (state.status === 'failed')
      for (const item of output) if (item.status === 'in_progress') item.status = 'incomplete';
    const status = state.status === 'completed' ? 'completed' : 'incomplete';
    const closed = state.status === 'failed' ? '' : closeSpoken(status) + closeCalls(status);
    const response = renderResponse(input, identity ?? identityOf({}, input), { ...state, output });
    return begun + closed + event(`response.${state.status}`, { response, ...more });
  }

  return {
    write,
    ending: () => endingOf(finishReason),
    end,
    error: (error, more) => start({}) + event('error', { ...error, ...more }),
  };
}

/** Some servers put every call at one place, others give each piece an id of its own: what has a name and another id is another call. */
function isAnother(item: CallItem, { callId, name }: { readonly callId: unknown; readonly name: unknown }): boolean {
  return (
    typeof callId === 'string' && callId !== '' && callId !== item.call_id && typeof name === 'string' && name !== ''
  );
}

/** What stands before `.delta` and `.done` in the names of a part's events. */
function eventOf(kind: SpokenPart['type']): string {
  return `response.${kind}`;
}

function doneOf(part: SpokenPart): Record<string, unknown> {
  if (part.type === 'refusal') return { refusal: part.refusal };
  return part.type === 'output_text' ? { text: part.text, logprobs: part.logprobs } : { text: part.text };
}
