// Owns: the guarantee that Anthropic's own SDK understands the sandbox as it understands the vendor. Not: errors (sdk-errors.test.ts).

import type Anthropic from '@anthropic-ai/sdk';
import { describe, expect, it } from 'vitest';
import { collect, model, openSdkClients, user, weather } from './testing/sdk-calls.ts';
import { countSandboxTokens } from './tokens.ts';

const { anthropic } = await openSdkClients();

const anthropicTool = { name: 'get_weather', input_schema: weather };
const WEATHER = { city: expect.any(String), unit: 'celsius', days: 1 };
const max_tokens = 200;

describe('the Anthropic SDK', () => {
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
});
