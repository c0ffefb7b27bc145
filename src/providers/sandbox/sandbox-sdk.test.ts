// Owns: the guarantee that the vendors' own SDKs understand the sandbox as they understand the vendors.

import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../primitives/clock.ts';
import { createSandboxServer } from './sandbox-server.ts';
import { countSandboxTokens } from './tokens.ts';

const sandbox = createSandboxServer({ clock: systemClock });
let openai: OpenAI;
let anthropic: Anthropic;

beforeAll(async () => {
  const { url } = await sandbox.listen({ host: '127.0.0.1', port: 0 });
  openai = new OpenAI({ baseURL: `${url}/v1`, apiKey: 'any', maxRetries: 0 });
  anthropic = new Anthropic({ baseURL: url, apiKey: 'any', maxRetries: 0 });
});
afterAll(() => sandbox.close());

async function collect<T>(stream: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of stream) items.push(item);
  return items;
}

const model = 'sandbox-chat';
const user = (content: string): [{ role: 'user'; content: string }] => [{ role: 'user', content }];
const weather = {
  type: 'object' as const,
  properties: {
    city: { type: 'string' },
    unit: { type: 'string', enum: ['celsius', 'fahrenheit'] },
    days: { type: 'integer', minimum: 1, maximum: 14 },
  },
  required: ['city', 'unit', 'days'],
  additionalProperties: false,
};
const openaiTool = { type: 'function' as const, function: { name: 'get_weather', parameters: weather } };
const anthropicTool = { name: 'get_weather', input_schema: weather };
const WEATHER = { city: expect.any(String), unit: 'celsius', days: 1 };

describe('the OpenAI SDK', () => {
  it('gets an answer that says what was asked, with usage that adds up', async () => {
    const answer = await openai.chat.completions.create({ model, messages: user('What is a weir?') });
    expect(answer.choices[0]?.message.content).toContain('What is a weir?');
    expect(answer.choices[0]?.finish_reason).toBe('stop');
    expect(answer.usage?.completion_tokens).toBe(countSandboxTokens(answer.choices[0]?.message.content ?? ''));
    expect(answer.usage?.total_tokens).toBe(
      (answer.usage?.prompt_tokens ?? 0) + (answer.usage?.completion_tokens ?? 0),
    );
  });

  it('streams the same text as the whole answer, one token a chunk, and the usage when asked', async () => {
    const whole = await openai.chat.completions.create({ model, messages: user('Hello') });
    const stream = await openai.chat.completions.create({
      model,
      messages: user('Hello'),
      stream: true,
      stream_options: { include_usage: true },
    });
    const pieces: string[] = [];
    let usage: OpenAI.CompletionUsage | null | undefined;
    for await (const chunk of stream) {
      const piece = chunk.choices[0]?.delta.content;
      if (piece) pieces.push(piece);
      if (chunk.usage) usage = chunk.usage;
    }
    expect(pieces.join('')).toBe(whole.choices[0]?.message.content);
    expect(pieces).toHaveLength(whole.usage?.completion_tokens ?? -1);
    expect(usage).toEqual(whole.usage);
  });

  it('gets no usage chunk in a stream that did not ask for it', async () => {
    const stream = await openai.chat.completions.create({ model, messages: user('Hello'), stream: true });
    for await (const chunk of stream) {
      expect(chunk.usage ?? null).toBeNull();
      expect(chunk.choices).toHaveLength(1);
    }
  });

  it('gets n answers in different words, also mixed in one stream', async () => {
    const answer = await openai.chat.completions.create({ model: `${model}?tokens=60`, messages: user('Hello'), n: 3 });
    const texts = answer.choices.map((choice) => choice.message.content);
    expect(new Set(texts).size).toBe(3);
    expect(answer.usage?.completion_tokens).toBe(180);
    const stream = await openai.chat.completions.create({
      model: `${model}?tokens=60`,
      messages: user('Hello'),
      n: 3,
      stream: true,
    });
    const streamed = ['', '', ''];
    for await (const { choices } of stream) {
      for (const { index, delta } of choices) streamed[index] = (streamed[index] ?? '') + (delta.content ?? '');
    }
    expect(streamed).toEqual(texts);
  });

  it.each(['max_tokens', 'max_completion_tokens'])('%s cuts the answer, and it says so', async (field) => {
    const answer = await openai.chat.completions.create({ model, messages: user('Hello'), [field]: 5 });
    expect(answer.choices[0]?.finish_reason).toBe('length');
    expect(answer.usage?.completion_tokens).toBe(5);
  });

  it('ignore-max-tokens goes beyond what was allowed', async () => {
    const answer = await openai.chat.completions.create({
      model: `${model}?ignore-max-tokens`,
      messages: user('Hello'),
      max_tokens: 2,
    });
    expect(answer.usage?.completion_tokens).toBeGreaterThan(2);
  });

  it('stop ends the text before the sequence', async () => {
    const answer = await openai.chat.completions.create({ model, messages: user('Hello'), stop: ['sandbox', 'zzz'] });
    expect(answer.choices[0]?.message.content).toBe('You said: "Hello". This is the ');
    expect(answer.choices[0]?.finish_reason).toBe('stop');
  });

  it('gets logprobs that join to the text', async () => {
    const answer = await openai.chat.completions.create({
      model,
      messages: user('Hello'),
      logprobs: true,
      top_logprobs: 2,
    });
    const tokens = answer.choices[0]?.logprobs?.content ?? [];
    expect(tokens.map(({ token }) => token).join('')).toBe(answer.choices[0]?.message.content);
    expect(tokens[0]?.top_logprobs).toHaveLength(2);
    const stream = await openai.chat.completions.create({
      model,
      messages: user('Hello'),
      logprobs: true,
      stream: true,
    });
    let streamed = '';
    for await (const chunk of stream)
      streamed += chunk.choices[0]?.logprobs?.content?.map(({ token }) => token).join('') ?? '';
    expect(streamed).toBe(answer.choices[0]?.message.content);
  });

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

  it('gets structured output that fits the schema', async () => {
    const answer = await openai.chat.completions.parse({
      model,
      messages: user('Berlin'),
      response_format: { type: 'json_schema', json_schema: { name: 'weather', strict: true, schema: weather } },
    });
    expect(JSON.parse(answer.choices[0]?.message.content ?? '')).toEqual(WEATHER);
    const object = await openai.chat.completions.create({
      model,
      messages: user('Berlin'),
      response_format: { type: 'json_object' },
    });
    expect(JSON.parse(object.choices[0]?.message.content ?? '')).toEqual({ sandbox: true, you_said: 'Berlin' });
  });

  it('takes images, and counts them', async () => {
    const text = { type: 'text' as const, text: 'What is this?' };
    const image = { type: 'image_url' as const, image_url: { url: 'data:image/png;base64,AAAA' } };
    const without = await openai.chat.completions.create({ model, messages: [{ role: 'user', content: [text] }] });
    const answer = await openai.chat.completions.create({
      model,
      messages: [{ role: 'user', content: [text, image] }],
    });
    expect(answer.choices[0]?.message.content).toContain('What is this?');
    expect((answer.usage?.prompt_tokens ?? 0) - (without.usage?.prompt_tokens ?? 0)).toBe(85);
  });

  it('reports reasoning and cached tokens', async () => {
    const answer = await openai.chat.completions.create({
      model: `${model}?cached=4`,
      messages: user('Hello'),
      reasoning_effort: 'low',
    });
    expect(answer.usage?.completion_tokens_details?.reasoning_tokens).toBe(16);
    expect(answer.usage?.prompt_tokens_details?.cached_tokens).toBe(4);
    expect(answer.usage?.completion_tokens).toBe(16 + countSandboxTokens(answer.choices[0]?.message.content ?? ''));
  });

  it.each([
    ['zero', 0],
    ['negative', -1],
    ['huge', 1e300],
    ['fraction', 0.5],
    ['text', '12'],
  ])('usage=%s reports %s', async (word, count) => {
    const answer = await openai.chat.completions.create({ model: `${model}?usage=${word}`, messages: user('Hello') });
    expect([answer.usage?.prompt_tokens, answer.usage?.completion_tokens]).toEqual([count, count]);
  });

  it('no-usage, usage=null and usage=repeat do as they say', async () => {
    const none = await openai.chat.completions.create({ model: `${model}?no-usage`, messages: user('Hello') });
    expect('usage' in none).toBe(false);
    const empty = await openai.chat.completions.create({ model: `${model}?usage=null`, messages: user('Hello') });
    expect(empty.usage).toBeNull();
    const reports = async (directive: string): Promise<number> => {
      const stream = await openai.chat.completions.create({
        model: `${model}?tokens=3&${directive}`,
        messages: user('Hello'),
        stream: true,
        stream_options: { include_usage: true },
      });
      let count = 0;
      for await (const chunk of stream) if (chunk.usage) count += 1;
      return count;
    };
    expect(await reports('usage=repeat')).toBe(7);
    expect(await reports('no-usage')).toBe(0);
  });

  it('gets unit vectors that are the same for the same text, as base64 and as numbers', async () => {
    const create = (input: string | string[], more: object = {}): Promise<OpenAI.CreateEmbeddingResponse> =>
      openai.embeddings.create({ model: 'sandbox-embedding', input, ...more });
    const [{ data, usage }, asNumbers] = await Promise.all([
      create(['a weir holds water', 'a weir holds the water', 'planets orbit stars']),
      create('a weir holds water', { encoding_format: 'float' }),
    ]);
    const [weir, alike, other] = data.map((item) => item.embedding);
    if (!weir || !alike || !other) throw new Error('Three vectors were asked for.');
    const dot = (a: number[], b: number[]): number => a.reduce((sum, value, index) => sum + value * (b[index] ?? 0), 0);
    expect(weir).toHaveLength(1536);
    expect(dot(weir, weir)).toBeCloseTo(1, 5);
    expect(dot(weir, alike)).toBeGreaterThan(dot(weir, other) + 0.3);
    expect(asNumbers.data[0]?.embedding).toEqual(weir);
    expect(usage).toEqual({ prompt_tokens: 12, total_tokens: 12 });
    expect((await create('a', { dimensions: 64 })).data[0]?.embedding).toHaveLength(64);
    expect((await create('a', { dimensions: 1 })).data[0]?.embedding[0]).toBeCloseTo(1);
  });

  it('embeds lists of tokens', async () => {
    const answer = await openai.embeddings.create({ model: 'sandbox-embedding', input: [[1, 2, 3], [4]] });
    expect([answer.data.length, answer.usage.prompt_tokens]).toEqual([2, 4]);
    expect((await openai.embeddings.create({ model: 'e', input: [1, 2, 3] })).data).toHaveLength(1);
  });

  it('lists models and finds one', async () => {
    const ids: string[] = [];
    for await (const { id } of openai.models.list()) ids.push(id);
    expect(ids).toContain(model);
    expect((await openai.models.retrieve(model)).owned_by).toBe('weir-sandbox');
  });

  it.each([
    [400, OpenAI.BadRequestError],
    [401, OpenAI.AuthenticationError],
    [403, OpenAI.PermissionDeniedError],
    [404, OpenAI.NotFoundError],
    [409, OpenAI.ConflictError],
    [422, OpenAI.UnprocessableEntityError],
    [429, OpenAI.RateLimitError],
    [503, OpenAI.InternalServerError],
  ])('throws its own error for %i', async (status, type) => {
    await expect(openai.chat.completions.create({ model: `m?status=${status}`, messages: user('a') })).rejects.toThrow(
      type,
    );
  });

  it('throws its connection error for a reset, and an error within a stream', async () => {
    await expect(openai.chat.completions.create({ model: 'm?reset', messages: user('a') })).rejects.toThrow(
      OpenAI.APIConnectionError,
    );
    const stream = await openai.chat.completions.create({
      model: 'm?stream-error=1',
      messages: user('a'),
      stream: true,
    });
    await expect(collect(stream)).rejects.toThrow(OpenAI.APIError);
  });

  it('retries what fails first', async () => {
    const client = openai.withOptions({ maxRetries: 1 });
    const answer = await client.chat.completions.create({
      model: 'm?fail-first=1&marker=sdk&retry-after-ms=1',
      messages: user('Hello'),
    });
    expect(answer.choices).toHaveLength(1);
  });
});

describe('the Anthropic SDK', () => {
  const max_tokens = 200;

  it('gets an answer that says what was asked, with exact usage', async () => {
    const answer = await anthropic.messages.create({
      model,
      max_tokens,
      system: 'Be brief.',
      messages: user('What is a weir?'),
    });
    const [block] = answer.content;
    if (block?.type !== 'text') throw new Error('No text came.');
    expect(block.text).toContain('What is a weir?');
    expect(answer.stop_reason).toBe('end_turn');
    expect(answer.usage.output_tokens).toBe(countSandboxTokens(block.text));
  });

  it('counts the input as the answer then reports it', async () => {
    const ask = {
      model,
      system: [{ type: 'text' as const, text: 'Be brief.' }],
      messages: user('What is a weir?'),
      tools: [anthropicTool],
    };
    const counted = await anthropic.messages.countTokens(ask);
    const answer = await anthropic.messages.create({ ...ask, max_tokens });
    expect(answer.usage.input_tokens).toBe(counted.input_tokens);
  });

  it('streams the same message as the whole answer', async () => {
    const ask = { model, max_tokens, messages: user('Hello') };
    const whole = await anthropic.messages.create(ask);
    const streamed = await anthropic.messages.stream(ask).finalMessage();
    expect(streamed.content).toEqual(whole.content);
    expect(streamed.usage.output_tokens).toBe(whole.usage.output_tokens);
    expect(streamed.usage.input_tokens).toBe(whole.usage.input_tokens);
    expect(streamed.stop_reason).toBe(whole.stop_reason);
  });

  it('gets a tool call that fits the schema, whole and streamed, then an answer in words', async () => {
    const messages: Anthropic.MessageParam[] = user('Weather?');
    const ask = { model, max_tokens, tools: [anthropicTool] };
    const first = await anthropic.messages.create({ ...ask, messages });
    const streamed = await anthropic.messages.stream({ ...ask, messages }).finalMessage();
    const [call] = first.content;
    if (call?.type !== 'tool_use') throw new Error('No tool was called.');
    expect(call.input).toEqual(WEATHER);
    expect(first.stop_reason).toBe('tool_use');
    expect(streamed.content).toEqual(first.content);
    messages.push(
      { role: 'assistant', content: first.content },
      { role: 'user', content: [{ type: 'tool_result', tool_use_id: call.id, content: '21 degrees' }] },
    );
    const second = await anthropic.messages.create({ ...ask, messages });
    expect(second.content[0]).toMatchObject({ type: 'text', text: expect.stringContaining('Weather?') });
  });

  it.each([
    [{ type: 'none' as const }, 'end_turn'],
    [{ type: 'auto' as const }, 'tool_use'],
    [{ type: 'any' as const, disable_parallel_tool_use: true }, 'tool_use'],
    [{ type: 'tool' as const, name: 'get_weather' }, 'tool_use'],
  ])('tool_choice %o ends with %s', async (toolChoice, reason) => {
    const ask = { model, max_tokens, messages: user('Hello'), tools: [anthropicTool] };
    const answer = await anthropic.messages.create({ ...ask, tool_choice: toolChoice });
    expect(answer.stop_reason).toBe(reason);
  });

  it('stop_sequences and max_tokens end the text, and the reason is told', async () => {
    const stopped = await anthropic.messages.create({
      model,
      max_tokens,
      messages: user('Hello'),
      stop_sequences: ['sandbox'],
    });
    expect([stopped.stop_reason, stopped.stop_sequence]).toEqual(['stop_sequence', 'sandbox']);
    const cut = await anthropic.messages.create({ model, max_tokens: 5, messages: user('Hello') });
    expect([cut.stop_reason, cut.usage.output_tokens]).toEqual(['max_tokens', 5]);
  });

  it('thinks before it answers, whole and streamed', async () => {
    const ask = { model, max_tokens: 2_000, messages: user('Hello') };
    const thinking = { type: 'enabled' as const, budget_tokens: 1_024 };
    const whole = await anthropic.messages.create({ ...ask, thinking });
    const streamed = await anthropic.messages.stream({ ...ask, thinking }).finalMessage();
    expect(whole.content.map((block) => block.type)).toEqual(['thinking', 'text']);
    expect(streamed.content).toEqual(whole.content);
    const adaptive = await anthropic.messages.create({ ...ask, thinking: { type: 'adaptive' } });
    expect(adaptive.content[0]?.type).toBe('thinking');
  });

  it('gets structured output that fits the schema', async () => {
    const answer = await anthropic.messages.create({
      model,
      max_tokens,
      messages: user('Berlin'),
      output_config: { format: { type: 'json_schema', schema: weather } },
    });
    const [block] = answer.content;
    expect(block?.type === 'text' && JSON.parse(block.text)).toEqual(WEATHER);
  });

  it('reports tokens read from and written to the cache beside the input', async () => {
    const plain = await anthropic.messages.create({ model, max_tokens, messages: user('Hello there') });
    const { usage } = await anthropic.messages.create({
      model: `${model}?cached=3&cache-write=2`,
      max_tokens,
      messages: user('Hello there'),
    });
    expect([usage.cache_read_input_tokens, usage.cache_creation_input_tokens]).toEqual([3, 2]);
    expect(usage.input_tokens).toBe(plain.usage.input_tokens - 5);
  });

  it('takes images and documents', async () => {
    const source = { type: 'base64' as const, media_type: 'image/png' as const, data: 'AAAA' };
    const content = [
      { type: 'image' as const, source },
      { type: 'text' as const, text: 'What is this?' },
    ];
    const answer = await anthropic.messages.create({ model, max_tokens, messages: [{ role: 'user', content }] });
    expect(answer.usage.input_tokens).toBeGreaterThan(85);
  });

  it('usage can be missing, wrong or doubled', async () => {
    const ask = { max_tokens, messages: user('Hello') };
    const none = await anthropic.messages.create({ ...ask, model: 'm?no-usage' });
    expect('usage' in none).toBe(false);
    expect((await anthropic.messages.create({ ...ask, model: 'm?usage=negative' })).usage.output_tokens).toBe(-1);
    expect((await anthropic.messages.create({ ...ask, model: 'm?usage=null' })).usage).toBeNull();
    const stream = await anthropic.messages.create({ ...ask, model: 'm?usage=repeat', stream: true });
    const events = await collect(stream);
    expect(events.filter((event) => event.type === 'message_delta')).toHaveLength(2);
  });

  it('lists models and finds one', async () => {
    const ids: string[] = [];
    for await (const { id } of anthropic.models.list()) ids.push(id);
    expect(ids).toContain(model);
    expect((await anthropic.models.retrieve(model)).display_name).toBe('Sandbox chat');
  });

  it.each([
    [400, Anthropic.BadRequestError],
    [401, Anthropic.AuthenticationError],
    [403, Anthropic.PermissionDeniedError],
    [404, Anthropic.NotFoundError],
    [409, Anthropic.ConflictError],
    [422, Anthropic.UnprocessableEntityError],
    [429, Anthropic.RateLimitError],
    [529, Anthropic.InternalServerError],
  ])('throws its own error for %i', async (status, type) => {
    const ask = anthropic.messages.create({ model: `m?status=${status}`, max_tokens, messages: user('a') });
    await expect(ask).rejects.toThrow(type);
  });

  it('throws its connection error for a reset, and an error within a stream', async () => {
    const ask = { max_tokens, messages: user('a') };
    await expect(anthropic.messages.create({ ...ask, model: 'm?reset' })).rejects.toThrow(Anthropic.APIConnectionError);
    const stream = anthropic.messages.stream({ ...ask, model: 'm?stream-error=1' });
    await expect(stream.finalMessage()).rejects.toThrow(Anthropic.APIError);
  });
});
