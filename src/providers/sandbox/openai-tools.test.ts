// Owns: the guarantee that OpenAI's own SDK understands the sandbox's tool calls.

import type OpenAI from 'openai';
import { describe, expect, it } from 'vitest';
import { model, openSdkClients, user, weather } from './testing/sdk-calls.ts';

const { openai } = await openSdkClients();

const openaiTool = { type: 'function' as const, function: { name: 'get_weather', parameters: weather } };
const WEATHER = { city: expect.any(String), unit: 'celsius', days: 1 };

describe('the OpenAI SDK', () => {
  it('gets a tool call that fits the schema, then an answer in words', async () => {
    const messages: OpenAI.ChatCompletionMessageParam[] = user('How is the weather?');
    const first = await openai.chat.completions.create({ model, messages, tools: [openaiTool] });
    const message = first.choices[0]?.message;
    const call = message?.tool_calls?.[0];
    expect(first.choices[0]?.finish_reason).toBe('tool_calls');
    if (message === undefined || call?.type !== 'function') throw new Error('No function was called.');
    expect(JSON.parse(call.function.arguments)).toEqual(WEATHER);
    messages.push(message, { role: 'tool', tool_call_id: call.id, content: '{"degrees": 21}' });
    const second = await openai.chat.completions.create({ model, messages, tools: [openaiTool] });
    expect(second.choices[0]?.message.content).toContain('How is the weather?');
    expect(second.choices[0]?.finish_reason).toBe('stop');
  });

  it('assembles a streamed tool call', async () => {
    const stream = openai.chat.completions.stream({ model, messages: user('Weather?'), tools: [openaiTool] });
    const final = await stream.finalChatCompletion();
    const call = final.choices[0]?.message.tool_calls?.[0];
    expect(call?.type === 'function' && JSON.parse(call.function.arguments)).toEqual(WEATHER);
  });

  it.each<[OpenAI.ChatCompletionToolChoiceOption, string[], string]>([
    ['none', [], 'stop'],
    ['auto', ['get_weather'], 'tool_calls'],
    ['required', ['get_weather'], 'tool_calls'],
    [{ type: 'function', function: { name: 'get_time' } }, ['get_time'], 'tool_calls'],
    [{ type: 'allowed_tools', allowed_tools: { mode: 'required', tools: [] } }, ['get_weather'], 'tool_calls'],
  ])('tool_choice %o calls %o', async (toolChoice, names, finish) => {
    const other = { type: 'function' as const, function: { name: 'get_time' } };
    const answer = await openai.chat.completions.create({
      model,
      messages: user('Hello'),
      tools: [openaiTool, other],
      tool_choice: toolChoice,
    });
    const called = answer.choices[0]?.message.tool_calls?.map((call) => call.type === 'function' && call.function.name);
    expect(called ?? []).toEqual(names);
    expect(answer.choices[0]?.finish_reason).toBe(finish);
  });

  it('calls the tools that are named, one only without parallel calls', async () => {
    const tools = [openaiTool, { type: 'function' as const, function: { name: 'get_time' } }];
    const ask = { model, messages: user('Use get_weather and get_time'), tools };
    const both = await openai.chat.completions.create(ask);
    expect(both.choices[0]?.message.tool_calls).toHaveLength(2);
    const one = await openai.chat.completions.create({ ...ask, parallel_tool_calls: false });
    expect(one.choices[0]?.message.tool_calls).toHaveLength(1);
  });

  it('calls a custom tool with plain text, whole and streamed', async () => {
    const ask = { model, messages: user('print(1)'), tools: [{ type: 'custom' as const, custom: { name: 'run' } }] };
    const answer = await openai.chat.completions.create(ask);
    expect(answer.choices[0]?.message.tool_calls?.[0]).toMatchObject({ custom: { name: 'run', input: 'print(1)' } });
    const stream = await openai.chat.completions.create({ ...ask, stream: true });
    const text: string[] = [];
    for await (const chunk of stream) text.push(JSON.stringify(chunk.choices[0]?.delta));
    expect(text.join('')).toContain('"custom"');
  });

  it('a tool call that max_tokens cuts ends with length', async () => {
    const answer = await openai.chat.completions.create({
      model,
      messages: user('Hi'),
      tools: [openaiTool],
      max_tokens: 6,
    });
    expect(answer.choices[0]?.finish_reason).toBe('length');
    expect(answer.usage?.completion_tokens).toBe(6);
    const none = await openai.chat.completions.create({
      model,
      messages: user('Hi'),
      tools: [openaiTool],
      max_tokens: 1,
    });
    expect(none.choices[0]?.message.tool_calls ?? []).toEqual([]);
  });
});
