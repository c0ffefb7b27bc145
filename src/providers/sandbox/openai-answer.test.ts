// Owns: the guarantee that OpenAI's own SDK understands the sandbox's texts, whole and streamed.

import type OpenAI from 'openai';
import { describe, expect, it } from 'vitest';
import { model, openSdkClients, user, weather } from './testing/sdk-calls.ts';
import { countSandboxTokens } from './tokens.ts';

const { openai } = await openSdkClients();

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
});
