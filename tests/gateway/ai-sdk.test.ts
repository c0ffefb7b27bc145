// Proves: Vercel's AI SDK works through Weir over each protocol it speaks, with models of either vendor, and what it reports is what was booked.

import { createAnthropic } from '@ai-sdk/anthropic';
import { createOpenAI } from '@ai-sdk/openai';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import {
  embedMany,
  generateText,
  isStepCount,
  type LanguageModel,
  type LanguageModelUsage,
  Output,
  streamText,
  tool,
} from 'ai';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { gathered } from '../../src/gateway/testing/exchanges.ts';
import { countersOf, eventsOf, onlyEventOf, type SeenEvent } from '../../src/gateway/testing/ledger-view.ts';
import { addModel, createTenant, type Tenant } from '../../src/gateway/testing/tenants.ts';
import { worldOfFile } from '../../src/gateway/testing/world-of-file.ts';

const world = worldOfFile();

const at = (key: string) => ({ baseURL: `${world().url}/v1`, apiKey: key });

/** As the AI SDK has it for servers that speak OpenAI's protocol: what OpenAI can has to be told. */
const compatible = (key: string) =>
  createOpenAICompatible({ name: 'weir', includeUsage: true, supportsStructuredOutputs: true, ...at(key) });

/** Each protocol with a model of its own vendor, and with one that has to be translated. */
const WAYS: readonly { name: string; model: (key: string) => LanguageModel; answeredBy: string }[] = [
  {
    name: 'OpenAI’s chat, an OpenAI model',
    model: (key) => createOpenAI(at(key)).chat('sandbox-chat'),
    answeredBy: '/v1/chat/completions',
  },
  {
    name: 'OpenAI’s chat, an Anthropic model',
    model: (key) => createOpenAI(at(key)).chat('sandbox-claude'),
    answeredBy: '/v1/messages',
  },
  {
    name: 'a compatible server’s chat, an OpenAI model',
    model: (key) => compatible(key)('sandbox-chat'),
    answeredBy: '/v1/chat/completions',
  },
  {
    name: 'a compatible server’s chat, an Anthropic model',
    model: (key) => compatible(key)('sandbox-claude'),
    answeredBy: '/v1/messages',
  },
  {
    name: 'OpenAI’s responses, an OpenAI model',
    model: (key) => createOpenAI(at(key))('sandbox-chat'),
    answeredBy: '/v1/chat/completions',
  },
  {
    name: 'OpenAI’s responses, an Anthropic model',
    model: (key) => createOpenAI(at(key))('sandbox-claude'),
    answeredBy: '/v1/messages',
  },
  {
    name: 'Anthropic’s messages, an Anthropic model',
    model: (key) => createAnthropic(at(key))('sandbox-claude'),
    answeredBy: '/v1/messages',
  },
  {
    name: 'Anthropic’s messages, an OpenAI model',
    model: (key) => createAnthropic(at(key))('sandbox-chat'),
    answeredBy: '/v1/chat/completions',
  },
];

const PERSON = z.object({ name: z.string(), age: z.int() });
/** A PNG's first bytes: the AI SDK looks at them. */
const PNG = 'iVBORw0KGgo=';

function expectBooked(usage: LanguageModelUsage, events: readonly SeenEvent[]): void {
  const sum = (amounts: readonly bigint[]) => amounts.reduce((total, amount) => total + amount, 0n);
  expect(BigInt(usage.inputTokens ?? -1)).toBe(sum(events.map(({ input }) => input)));
  expect(BigInt(usage.outputTokens ?? -1)).toBe(sum(events.map(({ output }) => output)));
}

describe.each(WAYS)('$name', ({ model: modelFor, answeredBy }) => {
  async function start(): Promise<{ tenant: Tenant; model: LanguageModel }> {
    const tenant = await createTenant(world().owner);
    return { tenant, model: modelFor(tenant.key) };
  }

  test('a text is generated, with the usage that is booked', async () => {
    const { tenant, model } = await start();
    const result = await generateText({ model, instructions: 'Be brief.', prompt: 'Say hello.', maxOutputTokens: 200 });
    expect(result.text).toContain('Say hello.');
    expect(result.finishReason).toBe('stop');
    expect(result.warnings).toEqual([]);
    expect(world().tap.last().path).toBe(answeredBy);
    const event = await onlyEventOf(world(), tenant.organizationId);
    expect(event).toMatchObject({ status: 'success', source: 'provider', streamed: false });
    expectBooked(result.usage, [event]);
  });

  test('a text streams in pieces, with the usage that is booked at its end', async () => {
    const { tenant, model } = await start();
    const ask = { model, prompt: 'Tell a story.', maxOutputTokens: 200 };
    const result = streamText(ask);
    const pieces = await gathered(result.textStream);
    expect(pieces.length).toBeGreaterThan(3);
    expect(await result.finishReason).toBe('stop');
    const event = await onlyEventOf(world(), tenant.organizationId);
    expect(event).toMatchObject({ status: 'success', source: 'provider', streamed: true });
    expectBooked(await result.usage, [event]);
    expect(pieces.join('')).toBe((await generateText(ask)).text);
  });

  test('tokens read from a cache are told as such', async () => {
    const { tenant, model } = await start();
    const prompt = `[[sandbox: cached=40]] ${'word '.repeat(120)}`;
    const { usage } = await generateText({ model, prompt, maxOutputTokens: 200 });
    const event = await onlyEventOf(world(), tenant.organizationId);
    expect(event.cachedInput).toBe(40n);
    expect(usage.inputTokenDetails.cacheReadTokens).toBe(40);
    expectBooked(usage, [event]);
  });

  test('a conversation goes on with what was answered', async () => {
    const { model } = await start();
    const question = { role: 'user' as const, content: 'Say one.' };
    const first = await generateText({ model, messages: [question] });
    const messages = [question, ...first.response.messages, { role: 'user' as const, content: 'Say two.' }];
    const { text } = await generateText({ model, messages, providerOptions: { openai: { store: false } } });
    expect(text).toContain('Say two.');
    expect(world().tap.last().body).toContain(JSON.stringify(first.text).slice(1, -1));
  });

  const get_weather = tool({
    description: 'The weather in a city.',
    inputSchema: z.object({ city: z.string() }),
    execute: async ({ city }) => ({ city, celsius: 4 }),
  });
  const WITH_TOOL = {
    tools: { get_weather },
    prompt: 'Use get_weather for Oslo.',
    stopWhen: isStepCount(3),
    maxOutputTokens: 200,
  };

  test('a tool is called, its result goes back, and the model answers in words', async () => {
    const { tenant, model } = await start();
    const result = await generateText({ model, ...WITH_TOOL });
    expect(result.steps.map(({ finishReason }) => finishReason)).toEqual(['tool-calls', 'stop']);
    expect(result.steps[0]?.toolResults[0]?.output).toMatchObject({ city: expect.any(String), celsius: 4 });
    expect(world().tap.last().body).toContain('celsius');
    expect(result.text).toBeTruthy();
    expectBooked(result.usage, await eventsOf(world(), tenant.organizationId));
  });

  test('the same streams, step by step', async () => {
    const { tenant, model } = await start();
    const result = streamText({ model, ...WITH_TOOL });
    expect((await gathered(result.textStream)).length).toBeGreaterThan(3);
    const steps = await result.steps;
    expect(steps.map(({ finishReason }) => finishReason)).toEqual(['tool-calls', 'stop']);
    expect(steps[0]?.toolCalls[0]?.input).toHaveProperty('city');
    const events = await eventsOf(world(), tenant.organizationId);
    expect(events).toHaveLength(2);
    expectBooked(await result.usage, events);
  });

  test('a tool that must be called is', async () => {
    const { model } = await start();
    const result = await generateText({ model, tools: { get_weather }, toolChoice: 'required', prompt: 'Hello.' });
    expect(result.toolCalls.map(({ toolName }) => toolName)).toEqual(['get_weather']);
  });

  test('an object keeps to its schema, whole and streamed', async () => {
    const { tenant, model } = await start();
    const ask = { model, output: Output.object({ schema: PERSON }), prompt: 'A person.', maxOutputTokens: 200 };
    const whole = await generateText(ask);
    expect(PERSON.safeParse(whole.output).success).toBe(true);
    const streamed = streamText(ask);
    const parts = await gathered(streamed.partialOutputStream);
    expect(parts.at(-1)).toEqual(await streamed.output);
    expect(PERSON.safeParse(await streamed.output).success).toBe(true);
    const [first, second] = await eventsOf(world(), tenant.organizationId);
    expectBooked(whole.usage, first ? [first] : []);
    expectBooked(await streamed.usage, second ? [second] : []);
  });

  test('an image reaches the model', async () => {
    const { model } = await start();
    const content = [
      { type: 'text' as const, text: 'What is this?' },
      { type: 'file' as const, mediaType: 'image/png', data: PNG },
    ];
    const { text } = await generateText({ model, messages: [{ role: 'user', content }] });
    expect(text).toBeTruthy();
    expect(world().tap.last().body).toContain(PNG);
  });

  test('a stream that is aborted ends upstream, is booked as far as it came, and holds nothing', async () => {
    const { tenant, model } = await start();
    const leaving = new AbortController();
    const { textStream } = streamText({
      model,
      prompt: '[[sandbox: stall=3]] Tell a long story.',
      maxOutputTokens: 500,
      abortSignal: leaving.signal,
    });
    let pieces = 0;
    for await (const _piece of textStream) {
      pieces += 1;
      if (pieces === 3) leaving.abort();
    }
    expect(await world().tap.last().ended).toBe('left');
    const event = await onlyEventOf(world(), tenant.organizationId);
    expect(event).toMatchObject({ status: 'cancelled', streamed: true, output: 3n });
    const [quota] = await countersOf(world().owner, tenant.organizationId);
    expect(quota).toMatchObject({ used: event.input + event.output, held: 0n });
  });
});

test('an object asked for as a tool’s input, as for older Anthropic models, and as an output format', async () => {
  const { key } = await createTenant(world().owner);
  for (const structuredOutputMode of ['jsonTool', 'outputFormat'] as const) {
    for (const name of ['sandbox-claude', 'sandbox-chat']) {
      const { output } = await generateText({
        model: createAnthropic(at(key))(name),
        output: Output.object({ schema: PERSON }),
        providerOptions: { anthropic: { structuredOutputMode } },
        prompt: 'A person.',
      });
      expect(PERSON.safeParse(output).success).toBe(true);
    }
  }
});

test('an answer that is referred to instead of sent is refused with what to do', async () => {
  const { key } = await createTenant(world().owner);
  const answered = { type: 'text' as const, text: 'One.', providerOptions: { openai: { itemId: 'msg_1' } } };
  const call = generateText({
    model: createOpenAI(at(key))('sandbox-chat'),
    messages: [
      { role: 'assistant', content: [answered] },
      { role: 'user', content: 'Say two.' },
    ],
  });
  await expect(call).rejects.toThrow(/set `store` to false/);
});

test('a model that the AI SDK knows to reason is asked for an effort', async () => {
  const { key } = await createTenant(world().owner);
  await addModel(world().owner, 'gpt-5-sandbox');
  await world().inForce();
  const openai = createOpenAI(at(key));
  for (const model of [openai('gpt-5-sandbox'), openai.chat('gpt-5-sandbox')]) {
    const { text } = await generateText({ model, instructions: 'Be brief.', prompt: 'Hi.', reasoning: 'low' });
    expect(text).toBeTruthy();
    expect(world().tap.last().json()).toMatchObject({ reasoning_effort: 'low', messages: [{ role: 'developer' }, {}] });
  }
});

test('many texts are embedded, with the usage that is booked', async () => {
  const tenant = await createTenant(world().owner);
  const model = createOpenAI(at(tenant.key)).embedding('sandbox-embedding');
  const { embeddings, usage } = await embedMany({ model, values: ['one', 'two words', 'three more words'] });
  expect(embeddings).toHaveLength(3);
  expect(embeddings.flat().every(Number.isFinite)).toBe(true);
  expect((await onlyEventOf(world(), tenant.organizationId)).input).toBe(BigInt(usage.tokens));
});
