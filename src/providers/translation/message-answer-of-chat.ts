// Owns: an OpenAI chat completion as an Anthropic message. Does not own: streams.

import { renderAnthropicUsage } from '../anthropic/usage.ts';
import { argumentsText, chatOutputText, contentText, readCompletion } from '../openai/answer.ts';
import { readOpenAiUsage } from '../openai/usage.ts';
import type { CarryInput, CompleteAnswer } from '../protocol.ts';
import { isObject, type JsonObject } from '../wire/body-fields.ts';

/**
 * Anthropic's stop reason for OpenAI's finish reason. An unknown one is an ordinary end. A turn that uses a tool ends for it: where the caller
 * names the function OpenAI says `stop` (its guide, "Function calling"), and Anthropic's clients run tools at `tool_use` alone.
 */
export function stopReasonOf(
  finishReason: unknown,
  usesTool: boolean,
): 'end_turn' | 'max_tokens' | 'tool_use' | 'refusal' {
  switch (finishReason) {
    case 'length':
      return 'max_tokens';
    case 'tool_calls':
    case 'function_call':
      return 'tool_use';
    case 'content_filter':
      return 'refusal';
    default:
      return usesTool ? 'tool_use' : 'end_turn';
  }
}

/** Reads a completion and writes the message. Where the provider reported no usage, zeros stand in the body (the field is not optional) and null in `usage`. */
export function carryChatToMessage(body: Buffer, input: CarryInput): CompleteAnswer {
  const completion = readCompletion(body);
  const usage = readOpenAiUsage(completion.usage);
  const choice = (completion.choices as unknown[])[0];
  const identity = messageIdentity(completion, input);
  const content = isObject(choice) && isObject(choice.message) ? contentBlocks(choice.message, identity.id) : [];
  const usesTool = content.some(({ type }) => type === 'tool_use');
  const message = {
    id: identity.id,
    type: 'message',
    role: 'assistant',
    model: identity.model,
    content,
    stop_reason: stopReasonOf(isObject(choice) ? choice.finish_reason : null, usesTool),
    stop_sequence: null,
    usage: usage === null ? { input_tokens: 0, output_tokens: 0 } : renderAnthropicUsage(usage),
  };
  return { body: Buffer.from(JSON.stringify(message)), usage, outputText: () => chatOutputText(completion) };
}

/** The name of a message and the model that wrote it; what the provider leaves out is filled in, for neither is optional. */
export function messageIdentity({ id, model }: JsonObject, { call }: CarryInput): { id: string; model: string } {
  return {
    id: typeof id === 'string' && id !== '' ? id : 'msg_weir',
    model: typeof model === 'string' ? model : call.model,
  };
}

/** A tool's use without its input. `place`: its own among the calls of the message, for a call that comes without an id (Google). */
export function toolUseHead(call: JsonObject, messageId: string, place: number): JsonObject & { readonly id: string } {
  const { id } = call;
  const isNamed = typeof id === 'string' && id !== '';
  return {
    type: 'tool_use',
    id: isNamed ? id : `toolu_${messageId.replace(/[^\w-]/g, '')}_${place}`,
    name: isObject(call.function) ? call.function.name : undefined,
  };
}

function contentBlocks(message: JsonObject, messageId: string): JsonObject[] {
  const blocks: JsonObject[] = [];
  for (const text of [contentText(message.content), message.refusal]) {
    if (typeof text === 'string' && text !== '') blocks.push({ type: 'text', text });
  }
  const calls = Array.isArray(message.tool_calls) ? message.tool_calls.filter(isObject) : [];
  for (const [place, call] of calls.entries()) {
    const named = isObject(call.function) ? call.function : {};
    blocks.push({ ...toolUseHead(call, messageId, place), input: inputOf(argumentsText(named.arguments)) });
  }
  return blocks;
}

/** A model may write arguments that are no JSON, or be cut in them; Anthropic's docs put such text under INVALID_JSON. */
function inputOf(text: string): unknown {
  if (text.trim() === '') return {};
  try {
    const value: unknown = JSON.parse(text);
    if (isObject(value)) return value;
  } catch {
    // Falls through to the wrapped text.
  }
  return { INVALID_JSON: text };
}
