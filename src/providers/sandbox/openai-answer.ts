// Owns: a chat answer in OpenAI's shape, whole and as a stream. Not: faults of the wire (faults.ts).

import { contentFrame, endFrame, framingFrame, type StreamFrame } from './answer-plan.ts';
import { hexDigits } from './fingerprint.ts';
import type { ChatRequest } from './openai-request.ts';
import type { Reply, ToolCall } from './reply.ts';
import { openaiUsage, type TokenUse } from './usage-report.ts';

const SYSTEM_FINGERPRINT = 'fp_weirsandbox';

/** A `chat.completion` object. */
export function chatCompletion(request: ChatRequest, replies: readonly Reply[], nowMs: number): object {
  const { conversation } = request;
  return {
    id: completionId(request),
    object: 'chat.completion',
    created: Math.floor(nowMs / 1000),
    model: conversation.model,
    choices: replies.map((reply, index) => ({
      index,
      message: {
        role: 'assistant',
        content: reply.calls.length > 0 ? null : reply.text.join(''),
        refusal: null,
        annotations: [],
        ...(reply.calls.length > 0 ? { tool_calls: reply.calls.map(toolCall) } : {}),
      },
      logprobs: request.logprobs
        ? { content: reply.text.map((token) => tokenLogprob(token, request)), refusal: null }
        : null,
      finish_reason: reply.finish,
    })),
    usage: openaiUsage(totalUse(request, replies), conversation.directives),
    service_tier: 'default',
    system_fingerprint: SYSTEM_FINGERPRINT,
  };
}

/** The events of a streamed answer: one token a chunk, choices in turn, usage when asked for, `[DONE]`. */
export function chatCompletionFrames(request: ChatRequest, replies: readonly Reply[], nowMs: number): StreamFrame[] {
  const { model, directives } = request.conversation;
  const head =
    `data: {"id":"${completionId(request)}","object":"chat.completion.chunk","created":${Math.floor(nowMs / 1000)},` +
    `"model":${JSON.stringify(model)},"service_tier":"default","system_fingerprint":"${SYSTEM_FINGERPRINT}","choices":[`;
  const repeats = directives.words.usage === 'repeat';
  const reports = request.includeUsage && !directives.flags.has('no-usage');
  const use = totalUse(request, replies);
  const usage = reports ? JSON.stringify(openaiUsage(use, directives)) : '';
  const tail = reports ? `],"usage":${repeats ? usage : 'null'}}\n\n` : ']}\n\n';
  const frames = inTurn(replies.map((reply, index) => choiceFrames(request, reply, { index, head, tail })));
  if (reports) {
    const report = framingFrame(`${head}],"usage":${usage}}\n\n`);
    frames.push(report);
    if (repeats) frames.push(report);
  }
  frames.push(endFrame('data: [DONE]\n\n'));
  return frames;
}

interface ChunkSurroundings {
  readonly index: number;
  readonly head: string;
  readonly tail: string;
}

function choiceFrames(request: ChatRequest, reply: Reply, { index, head, tail }: ChunkSurroundings): StreamFrame[] {
  const chunk = (delta: string, rest = '"logprobs":null,"finish_reason":null'): string =>
    `${head}{"index":${index},"delta":${delta},${rest}}${tail}`;
  const opening =
    reply.calls.length > 0 ? '{"role":"assistant","content":null}' : '{"role":"assistant","content":"","refusal":null}';
  const frames = [framingFrame(chunk(opening))];
  for (const token of reply.text) {
    const logprobs = request.logprobs
      ? `"logprobs":${JSON.stringify({ content: [tokenLogprob(token, request)], refusal: null })},"finish_reason":null`
      : undefined;
    frames.push(contentFrame(chunk(`{"content":${JSON.stringify(token)}}`, logprobs)));
  }
  reply.calls.forEach((call, place) => {
    const field = call.plain ? 'custom' : 'function';
    const input = call.plain ? 'input' : 'arguments';
    const opened = { index: place, id: callId(call), type: field, [field]: { name: call.name, [input]: '' } };
    frames.push(contentFrame(chunk(`{"tool_calls":[${JSON.stringify(opened)}]}`)));
    for (const token of call.tokens) {
      frames.push(
        contentFrame(chunk(`{"tool_calls":[{"index":${place},"${field}":{"${input}":${JSON.stringify(token)}}}]}`)),
      );
    }
  });
  frames.push(framingFrame(chunk('{}', `"logprobs":null,"finish_reason":"${reply.finish}"`)));
  return frames;
}

/** One frame of each list after the other, as several choices arrive mixed. */
function inTurn(lists: readonly StreamFrame[][]): StreamFrame[] {
  const [only] = lists;
  if (lists.length === 1 && only) return only;
  const frames: StreamFrame[] = [];
  const longest = Math.max(...lists.map((list) => list.length));
  for (let place = 0; place < longest; place += 1) {
    for (const list of lists) {
      const frame = list[place];
      if (frame) frames.push(frame);
    }
  }
  return frames;
}

function totalUse({ conversation }: ChatRequest, replies: readonly Reply[]): TokenUse {
  return {
    input: conversation.inputTokens,
    output: replies.reduce((sum, reply) => sum + reply.outputTokens, 0),
    reasoning: replies.reduce((sum, reply) => sum + reply.thinking.length, 0),
  };
}

function toolCall(call: ToolCall): object {
  const input = call.tokens.join('');
  return call.plain
    ? { id: callId(call), type: 'custom', custom: { name: call.name, input } }
    : { id: callId(call), type: 'function', function: { name: call.name, arguments: input } };
}

function callId(call: ToolCall): string {
  return `call_${call.id}`;
}

function completionId({ conversation }: ChatRequest): string {
  return `chatcmpl-sandbox${hexDigits(conversation.seed)}`;
}

/** A made-up likelihood that falls with the token's length; the alternatives are the token in other cases. */
function tokenLogprob(token: string, { topLogprobs }: ChatRequest): object {
  const entry = (text: string, logprob: number): object => ({ token: text, logprob, bytes: [...Buffer.from(text)] });
  const likely = -0.01 * token.length;
  const others = [token, token.toUpperCase(), token.toLowerCase()].slice(0, topLogprobs);
  return { ...entry(token, likely), top_logprobs: others.map((text, place) => entry(text, likely - place)) };
}
