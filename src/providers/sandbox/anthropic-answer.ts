// Owns: an answer in Anthropic's shape, whole and as a stream. Not: faults of the wire (faults.ts).

import { contentFrame, endFrame, framingFrame, type StreamFrame } from './answer-plan.ts';
import type { Conversation } from './conversation.ts';
import { hexDigits } from './fingerprint.ts';
import type { Finish, Reply, ToolCall } from './reply.ts';
import { anthropicUsage, type TokenUse } from './usage-report.ts';

/** A signature that no vendor would take: thinking of the sandbox can't be continued elsewhere. */
const SIGNATURE = 'c2FuZGJveA==';

/** A `message` object. */
export function anthropicMessage(conversation: Conversation, reply: Reply): object {
  const content: object[] = [];
  if (reply.thinking.length > 0) {
    content.push({ type: 'thinking', thinking: reply.thinking.join(''), signature: SIGNATURE });
  }
  if (reply.text.length > 0) content.push({ type: 'text', text: reply.text.join('') });
  for (const call of reply.calls) content.push({ ...openedCall(call), input: parseInput(call) });
  return {
    ...openedMessage(conversation),
    content,
    stop_reason: stopReason(reply.finish, reply.stopSequence),
    stop_sequence: reply.stopSequence,
    usage: anthropicUsage(useOf(conversation, reply), conversation.directives),
  };
}

/** The events of a streamed answer, in Anthropic's order: `message_start`, blocks, `message_delta`, `message_stop`. */
export function anthropicFrames(conversation: Conversation, reply: Reply): StreamFrame[] {
  const { directives } = conversation;
  const use = useOf(conversation, reply);
  const message = {
    ...openedMessage(conversation),
    content: [],
    stop_reason: null,
    stop_sequence: null,
    // What is known at the start: one token of output, as Anthropic reports it.
    usage: anthropicUsage({ ...use, output: 1 }, directives),
  };
  const frames = [framingFrame(event('message_start', { message })), framingFrame(event('ping', {}))];
  let index = 0;
  const block = (opened: object, deltas: readonly object[], signature?: string): void => {
    frames.push(framingFrame(event('content_block_start', { index, content_block: opened })));
    for (const delta of deltas) frames.push(contentFrame(event('content_block_delta', { index, delta })));
    if (signature !== undefined) {
      frames.push(framingFrame(event('content_block_delta', { index, delta: { type: 'signature_delta', signature } })));
    }
    frames.push(framingFrame(event('content_block_stop', { index })));
    index += 1;
  };
  if (reply.thinking.length > 0) {
    const deltas = reply.thinking.map((thinking) => ({ type: 'thinking_delta', thinking }));
    block({ type: 'thinking', thinking: '', signature: '' }, deltas, SIGNATURE);
  }
  if (reply.text.length > 0) {
    block(
      { type: 'text', text: '' },
      reply.text.map((text) => ({ type: 'text_delta', text })),
    );
  }
  for (const call of reply.calls) {
    const pieces = ['', ...call.tokens];
    block(
      openedCall(call),
      pieces.map((piece) => ({ type: 'input_json_delta', partial_json: piece })),
    );
  }
  const usage = finalUsage(use, conversation);
  const delta = { stop_reason: stopReason(reply.finish, reply.stopSequence), stop_sequence: reply.stopSequence };
  const closing = framingFrame(event('message_delta', { delta, usage }));
  frames.push(closing);
  if (directives.words.usage === 'repeat') frames.push(closing);
  frames.push(endFrame(event('message_stop', {})));
  return frames;
}

/** The end of a stream reports the output alone; the input stood in `message_start`. */
function finalUsage(use: TokenUse, { directives }: Conversation): object | null | undefined {
  const usage = anthropicUsage(use, directives);
  if (usage === undefined || usage === null || !('output_tokens' in usage)) return usage;
  return { output_tokens: usage.output_tokens };
}

function event(type: string, fields: object): string {
  return `event: ${type}\ndata: ${JSON.stringify({ type, ...fields })}\n\n`;
}

function useOf(conversation: Conversation, reply: Reply): TokenUse {
  return { input: conversation.inputTokens, output: reply.outputTokens, reasoning: reply.thinking.length };
}

function openedMessage({ seed, model }: Conversation): object {
  return { id: `msg_sandbox${hexDigits(seed)}`, type: 'message', role: 'assistant', model };
}

function openedCall(call: ToolCall): object {
  return { type: 'tool_use', id: `toolu_${call.id}`, name: call.name, input: {} };
}

/** The arguments as an object; none where `max_tokens` cut them. */
function parseInput(call: ToolCall): unknown {
  try {
    return JSON.parse(call.tokens.join(''));
  } catch {
    return {};
  }
}

function stopReason(finish: Finish, stopSequence: string | null): string {
  if (finish === 'length') return 'max_tokens';
  if (finish === 'tool_calls') return 'tool_use';
  return stopSequence === null ? 'end_turn' : 'stop_sequence';
}
