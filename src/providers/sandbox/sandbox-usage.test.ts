// Owns: the guarantee that what the sandbox reports agrees with how Weir counts and bounds the same call.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseMessages } from '../anthropic/messages-call.ts';
import { createTokenCounter } from '../counting/token-counter.ts';
import { parseChatCompletions } from '../openai/chat-call.ts';
import { parseEmbeddings } from '../openai/embeddings-call.ts';
import { inputTokensBoundFor } from '../wire/token-bound.ts';
import { createMarkerCounts } from './markers.ts';
import { planAnswer } from './sandbox-core.ts';

const counter = createTokenCounter();
const model = 'sandbox-chat';

/** Asks the sandbox's core and reads its answer. */
function ask(path: string, body: object): { usage: Record<string, number> } {
  const plan = planAnswer(
    { method: 'POST', path, hasCredentials: true, hasAnthropicVersion: true, body: Buffer.from(JSON.stringify(body)) },
    { nowMs: 0, requestId: 'req_0', markers: createMarkerCounts() },
  );
  const [step] = plan.steps;
  if (plan.status !== 200 || step?.kind !== 'write') throw new Error(`The sandbox answered ${plan.status}.`);
  return JSON.parse(step.bytes.toString()) as { usage: Record<string, number> };
}

const text = fc.oneof(fc.string(), fc.string({ unit: 'grapheme' }), fc.lorem());
const openaiContent = fc.oneof(
  text,
  fc.array(
    fc.oneof(
      text.map((value) => ({ type: 'text', text: value })),
      fc.constantFrom('low', 'high').map((detail) => ({ type: 'image_url', image_url: { url: 'data:,', detail } })),
    ),
    { minLength: 1 },
  ),
);
const openaiMessage = fc.oneof(
  fc.record({ role: fc.constantFrom('system', 'user', 'assistant', 'developer'), content: openaiContent }),
  fc.record({ role: fc.constant('user'), content: text, name: text }),
  text.map((id) => ({
    role: 'assistant',
    content: null,
    tool_calls: [{ id, type: 'function', function: { name: 'look', arguments: '{"a":1}' } }],
  })),
  text.map((content) => ({ role: 'tool', tool_call_id: 'call_1', content })),
);
const tools = fc.option(
  fc.constant([{ type: 'function', function: { name: 'look', parameters: { type: 'object' } } }]),
  { nil: undefined },
);

describe('input tokens that the sandbox reports', () => {
  it("are never above Weir's bound of an OpenAI chat", () => {
    fc.assert(
      fc.property(fc.array(openaiMessage, { minLength: 1 }), tools, (messages, given) => {
        const body = { model, messages, ...(given === undefined ? {} : { tools: given }) };
        const call = parseChatCompletions(Buffer.from(JSON.stringify(body)));
        const reported = ask('/v1/chat/completions', body).usage.prompt_tokens;
        expect(reported).toBeLessThanOrEqual(inputTokensBoundFor(call, 'gpt-4o'));
        expect(reported).toBeLessThanOrEqual(counter.countInput(call, model));
      }),
    );
  });

  it("are Weir's count of a chat of plain texts", () => {
    const plain = fc.record({ role: fc.constantFrom('system', 'user', 'assistant'), content: text, name: text });
    fc.assert(
      fc.property(fc.array(plain, { minLength: 1 }), (messages) => {
        const body = { model, messages };
        const call = parseChatCompletions(Buffer.from(JSON.stringify(body)));
        expect(ask('/v1/chat/completions', body).usage.prompt_tokens).toBe(counter.countInput(call, model));
      }),
    );
  });

  it("are never above Weir's bound of an Anthropic call", () => {
    const block = fc.oneof(
      text.map((value) => ({ type: 'text', text: value })),
      fc.constant({ type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AAAA' } }),
      text.map((value) => ({ type: 'tool_use', id: 'toolu_1', name: 'look', input: { value } })),
      text.map((value) => ({ type: 'tool_result', tool_use_id: 'toolu_1', content: [{ type: 'text', text: value }] })),
      text.map((value) => ({ type: 'thinking', thinking: value, signature: 'a' })),
    );
    const message = fc.record({
      role: fc.constantFrom('user', 'assistant'),
      content: fc.oneof(text, fc.array(block, { minLength: 1 })),
    });
    fc.assert(
      fc.property(fc.array(message, { minLength: 1 }), text, (messages, system) => {
        const body = { model, max_tokens: 10, messages, system };
        const call = parseMessages(Buffer.from(JSON.stringify(body)));
        const reported = ask('/v1/messages', body).usage.input_tokens;
        expect(reported).toBeLessThanOrEqual(call.inputTokensBound);
        expect(reported).toBeLessThanOrEqual(counter.countInput(call, model));
      }),
    );
  });

  it("are never above Weir's bound of an embeddings call", () => {
    const input = fc.array(fc.string({ minLength: 1 }), { minLength: 1 });
    fc.assert(
      fc.property(input, (texts) => {
        const body = { model, input: texts, dimensions: 8 };
        const call = parseEmbeddings(Buffer.from(JSON.stringify(body)));
        expect(ask('/v1/embeddings', body).usage.prompt_tokens).toBeLessThanOrEqual(counter.countInput(call, model));
      }),
    );
  });
});

describe('output tokens that the sandbox reports', () => {
  it('are never above what was allowed, and are counted alike by Weir', () => {
    const body = (max: number, content: string): object => ({
      model,
      max_tokens: max,
      messages: [{ role: 'user', content }],
    });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 80 }), text, (max, content) => {
        const answer = ask('/v1/chat/completions', body(max, content)) as unknown as {
          usage: { completion_tokens: number };
          choices: { message: { content: string } }[];
        };
        expect(answer.usage.completion_tokens).toBeLessThanOrEqual(max);
        expect(counter.count(answer.choices[0]?.message.content ?? '', model)).toBe(answer.usage.completion_tokens);
      }),
    );
  });
});
