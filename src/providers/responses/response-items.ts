// Owns: the items of a response's output and their parts. Does not own: when they are made (response-of-chat.ts, response-stream-writer.ts).

/** How far an item has come. */
export type ItemStatus = 'in_progress' | 'completed' | 'incomplete';

/** A part of what a model says. */
export type SpokenPart =
  | { readonly type: 'output_text'; text: string; readonly annotations: unknown[]; readonly logprobs: unknown[] }
  | { readonly type: 'refusal'; refusal: string }
  | { readonly type: 'reasoning_text'; text: string };

/** An item of the output; what grows in a stream is not read-only. */
export type OutputItem =
  | {
      readonly type: 'message';
      readonly id: string;
      status: ItemStatus;
      readonly role: 'assistant';
      readonly content: SpokenPart[];
    }
  | {
      readonly type: 'reasoning';
      readonly id: string;
      status: ItemStatus;
      readonly summary: readonly [];
      readonly content: SpokenPart[];
    }
  | {
      readonly type: 'function_call';
      readonly id: string;
      status: ItemStatus;
      readonly call_id: string;
      readonly name: string;
      arguments: string;
    }
  | {
      readonly type: 'custom_tool_call';
      readonly id: string;
      status: ItemStatus;
      readonly call_id: string;
      readonly name: string;
      input: string;
    };

/** Makes items of one response: each knows its place by its id. */
export interface ItemMaker {
  spoken(type: 'message' | 'reasoning', status: ItemStatus): SpokenItem;
  call(type: CallItem['type'], named: { callId: unknown; name: unknown }, status: ItemStatus): CallItem;
}

/** An item that holds parts. */
export type SpokenItem = Extract<OutputItem, { type: 'message' | 'reasoning' }>;
/** A call of a tool. */
export type CallItem = Extract<OutputItem, { type: 'function_call' | 'custom_tool_call' }>;

/** The maker for a response of this id; `place` gives the item's place in the output. */
export function createItemMaker(suffix: () => string, place: () => number): ItemMaker {
  const id = (prefix: string): string => `${prefix}_${suffix()}_${place()}`;
  return {
    spoken: (type, status) =>
      type === 'message'
        ? { id: id('msg'), type, status, role: 'assistant', content: [] }
        : { id: id('rs'), type, status, summary: [], content: [] },
    call(type, { callId, name }, status) {
      const itemId = id(type === 'function_call' ? 'fc' : 'ctc');
      const named = {
        call_id: typeof callId === 'string' ? callId : itemId,
        name: typeof name === 'string' ? name : '',
      };
      return type === 'function_call'
        ? { id: itemId, type, status, arguments: '', ...named }
        : { id: itemId, type, status, input: '', ...named };
    },
  };
}

/** A part with nothing in it yet. */
export function emptyPart(type: SpokenPart['type']): SpokenPart {
  if (type === 'output_text') return { type, text: '', annotations: [], logprobs: [] };
  return type === 'refusal' ? { type, refusal: '' } : { type, text: '' };
}

/** Adds text to a part. */
export function growPart(part: SpokenPart, text: string, logprobs: readonly unknown[]): void {
  if (part.type === 'refusal') {
    part.refusal += text;
    return;
  }
  part.text += text;
  if (part.type === 'output_text') part.logprobs.push(...logprobs);
}

/** Adds text to a call's arguments or input. */
export function growCall(item: CallItem, text: string): void {
  if (item.type === 'function_call') item.arguments += text;
  else item.input += text;
}
