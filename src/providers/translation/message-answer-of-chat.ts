// Owns: an OpenAI chat completion as an Anthropic message. Does not own: streams.

import { renderAnthropicUsage } from '../anthropic/usage.ts';
import { chatOutputText, readCompletion } from '../openai/answer.ts';
import { readOpenAiUsage } from '../openai/usage.ts';
import type { CompleteAnswer } from '../protocol.ts';
import { isObject, type JsonObject } from '../wire/body-fields.ts';

/** Anthropic's stop reason for OpenAI's finish reason. An unknown one is an ordinary end. */
export function stopReasonOf(finishReason: unknown): 'end_turn' | 'max_tokens' | 'tool_use' | 'refusal' {
  switch (finishReason) {
    case 'length':
      return 'max_tokens';
    case 'tool_calls':
    case 'function_call':
      return 'tool_use';
    case 'content_filter':
      return 'refusal';
    default:
      return 'end_turn';
  }
}

/** Reads a completion and writes the message. Where the provider reported no usage, zeros stand in the body (the field is not optional) and null in `usage`. */
export function carryChatToMessage(body: Buffer): CompleteAnswer {
  const completion = readCompletion(body);
  const usage = readOpenAiUsage(completion.usage);
  const choice = (completion.choices as unknown[])[0];
  const message = {
    id: completion.id,
    type: 'message',
    role: 'assistant',
    model: completion.model,
    content: isObject(choice) && isObject(choice.message) ? contentBlocks(choice.message) : [],
    stop_reason: stopReasonOf(isObject(choice) ? choice.finish_reason : null),
    stop_sequence: null,
    usage: usage === null ? { input_tokens: 0, output_tokens: 0 } : renderAnthropicUsage(usage),
  };
  return { body: Buffer.from(JSON.stringify(message)), usage, outputText: () => chatOutputText(completion) };
}

function contentBlocks(message: JsonObject): Record<string, unknown>[] {
  const blocks: Record<string, unknown>[] = [];
  for (const text of [message.content, message.refusal]) {
    if (typeof text === 'string' && text !== '') blocks.push({ type: 'text', text });
  }
  const calls = message.tool_calls;
  if (Array.isArray(calls)) for (const call of calls) if (isObject(call)) blocks.push(toolUse(call));
  return blocks;
}

function toolUse(call: JsonObject): Record<string, unknown> {
  const named = isObject(call.function) ? call.function : {};
  return { type: 'tool_use', id: call.id, name: named.name, input: inputOf(named.arguments) };
}

/** A model may write arguments that are no JSON, or be cut in them; Anthropic's docs put such text under INVALID_JSON. */
function inputOf(text: unknown): unknown {
  if (typeof text !== 'string' || text.trim() === '') return {};
  try {
    const value: unknown = JSON.parse(text);
    if (isObject(value)) return value;
  } catch {
    // Falls through to the wrapped text.
  }
  return { INVALID_JSON: text };
}
