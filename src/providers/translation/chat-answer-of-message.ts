// Owns: an Anthropic message as an OpenAI chat completion. Does not own: streams.

import { messageOutputText, readMessage } from '../anthropic/answer.ts';
import { readAnthropicUsage } from '../anthropic/usage.ts';
import { renderOpenAiUsage } from '../openai/usage.ts';
import type { CarryInput, CompleteAnswer } from '../protocol.ts';
import { isObject, type JsonObject } from '../wire/body-fields.ts';

/** OpenAI's finish reason for Anthropic's stop reason (docs, "Stop reasons"). An unknown one is an ordinary end. */
export function finishReasonOf(stopReason: unknown): 'stop' | 'length' | 'tool_calls' | 'content_filter' {
  switch (stopReason) {
    case 'max_tokens':
    case 'model_context_window_exceeded':
      return 'length';
    case 'tool_use':
      return 'tool_calls';
    case 'refusal':
      return 'content_filter';
    default:
      return 'stop';
  }
}

/** Reads a message and writes the completion. Thinking is counted but not shown, as OpenAI doesn't show its models' either. */
export function carryMessageToChat(body: Buffer, input: CarryInput): CompleteAnswer {
  const message = readMessage(body);
  const usage = readAnthropicUsage(message.usage);
  const completion: Record<string, unknown> = {
    id: message.id,
    object: 'chat.completion',
    created: input.createdSeconds ?? 0,
    model: message.model,
    choices: [
      {
        index: 0,
        message: chatMessage(message),
        logprobs: null,
        finish_reason: finishReasonOf(message.stop_reason),
      },
    ],
  };
  if (usage !== null) completion.usage = renderOpenAiUsage(usage);
  return {
    body: Buffer.from(JSON.stringify(completion)),
    usage,
    outputText: () => messageOutputText(message),
  };
}

function chatMessage(message: JsonObject): Record<string, unknown> {
  const blocks = (message.content as unknown[]).filter(isObject);
  const texts = blocks.filter((block) => block.type === 'text' && typeof block.text === 'string');
  const calls = blocks.filter((block) => block.type === 'tool_use');
  const content = texts.map((block) => block.text).join('');
  return {
    role: 'assistant',
    content: texts.length === 0 && calls.length > 0 ? null : content,
    refusal: null,
    ...(calls.length === 0 ? {} : { tool_calls: calls.map(toolCall) }),
  };
}

function toolCall(block: JsonObject): Record<string, unknown> {
  const input = JSON.stringify(block.input ?? {});
  return { id: block.id, type: 'function', function: { name: block.name, arguments: input } };
}
