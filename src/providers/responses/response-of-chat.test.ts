// Proves: a chat's answer is a response: every kind of output, how it ended, what was used, and what was asked for.

import { expect, test } from 'vitest';
import { carrierFor } from '../carriers.ts';
import { carryInput } from '../wire/testing/call-fixtures.ts';
import { parseResponses } from './responses-call.ts';

const usage = {
  ...{ prompt_tokens: 138, completion_tokens: 15, total_tokens: 153 },
  prompt_tokens_details: { cached_tokens: 100 },
  completion_tokens_details: { reasoning_tokens: 2 },
};

function answerOf(choice: object, { more = { usage }, asked = {} }: { more?: object; asked?: object } = {}) {
  const carrier = carrierFor('responses', 'openai');
  const call = parseResponses(Buffer.from(JSON.stringify({ model: 'template:blog', input: 'Hi', ...asked })));
  const chat = { id: 'chatcmpl-1', created: 1_700_000_000, model: 'gpt-x', choices: [choice], ...more };
  const answer = carrier?.complete(Buffer.from(JSON.stringify(chat)), carryInput(call));
  if (answer === undefined) throw new Error('no carrier');
  return { answer, response: JSON.parse(answer.body.toString('utf8')) };
}

const message = (content: unknown[], status = 'completed', place = 0) => ({
  ...{ id: `msg_1_${place}`, type: 'message', role: 'assistant', status, content },
});
const text = (value: string, logprobs: unknown[] = []) => ({
  type: 'output_text',
  text: value,
  annotations: [],
  logprobs,
});

test('a text with its usage, and the defaults of what was not asked for', () => {
  const { answer, response } = answerOf({ message: { content: 'Hello' }, finish_reason: 'stop' });
  expect(response).toEqual({
    ...{ id: 'resp_1', object: 'response', created_at: 1_700_000_000, status: 'completed', model: 'gpt-x' },
    ...{ background: false, error: null, incomplete_details: null, instructions: null, metadata: {}, store: false },
    ...{ max_output_tokens: null, max_tool_calls: null, parallel_tool_calls: true, previous_response_id: null },
    ...{ prompt_cache_key: null, reasoning: { effort: null, summary: null }, safety_identifier: null },
    ...{ service_tier: 'auto', temperature: 1, text: { format: { type: 'text' } }, tool_choice: 'auto', tools: [] },
    ...{ top_logprobs: 0, top_p: 1, truncation: 'disabled' },
    output: [message([text('Hello')])],
    usage: {
      ...{ input_tokens: 138, output_tokens: 15, total_tokens: 153 },
      input_tokens_details: { cached_tokens: 100, cache_write_tokens: 0 },
      output_tokens_details: { reasoning_tokens: 2 },
    },
  });
  expect(answer.usage).toMatchObject({ input: 138n, output: 15n, cachedInput: 100n, reasoning: 2n });
  expect(answer.outputText()).toBe('Hello');
});

test('reasoning, text, refusal and calls are items in this order', () => {
  const logprobs = [{ token: 'Hello', logprob: -0.1, bytes: [1], top_logprobs: [] }];
  const { response } = answerOf({
    message: {
      ...{ reasoning_content: 'Hm', content: 'Hello', refusal: 'No' },
      tool_calls: [
        { id: 'c1', type: 'function', function: { name: 'f', arguments: '{"a":1}' } },
        { id: 'c2', type: 'custom', custom: { name: 'g', input: 'x' } },
      ],
    },
    logprobs: { content: logprobs },
    finish_reason: 'tool_calls',
  });
  expect(response.output).toEqual([
    {
      ...{ id: 'rs_1_0', type: 'reasoning', status: 'completed', summary: [] },
      content: [{ type: 'reasoning_text', text: 'Hm' }],
    },
    message([text('Hello', logprobs), { type: 'refusal', refusal: 'No' }], 'completed', 1),
    { id: 'fc_1_2', type: 'function_call', status: 'completed', call_id: 'c1', name: 'f', arguments: '{"a":1}' },
    { id: 'ctc_1_3', type: 'custom_tool_call', status: 'completed', call_id: 'c2', name: 'g', input: 'x' },
  ]);
});

test.each([
  ['stop', 'completed', null],
  ['tool_calls', 'completed', null],
  ['brand_new', 'completed', null],
  ['length', 'incomplete', { reason: 'max_output_tokens' }],
  ['content_filter', 'incomplete', { reason: 'content_filter' }],
])('%s is %s', (finishReason, status, details) => {
  const { response } = answerOf({ message: { content: 'Hi' }, finish_reason: finishReason });
  expect([response.status, response.incomplete_details, response.output[0].status]).toEqual([status, details, status]);
});

test('without usage zeros stand in the answer, and nothing is reported', () => {
  const { answer, response } = answerOf({ message: { content: null } }, { more: { id: undefined } });
  expect(answer.usage).toBeNull();
  expect(response).toMatchObject({ id: 'resp_weir', output: [], usage: { input_tokens: 0, output_tokens: 0 } });
});

test('what was asked for stands in the answer as it was written', () => {
  const asked = {
    ...{ instructions: 'Be brief.', max_output_tokens: 9, metadata: { a: 'b' }, temperature: 0, top_p: 0.5, user: 'u' },
    ...{ tools: [{ type: 'function', name: 'f', parameters: null, strict: null }], tool_choice: 'none' },
    text: { format: { type: 'json_object' }, verbosity: 'low' },
  };
  expect(answerOf({ message: {} }, { asked }).response).toMatchObject(asked);
});
