// Proves: LangChain works through Weir over each protocol it speaks, with models of either vendor, and what it reports is what was booked.

import { ChatAnthropic } from '@langchain/anthropic';
import { type AIMessageChunk, type BaseMessage, HumanMessage, type UsageMetadata } from '@langchain/core/messages';
import { tool } from '@langchain/core/tools';
import { ChatOpenAI, OpenAIEmbeddings } from '@langchain/openai';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { gathered } from '../../src/gateway/testing/exchanges.ts';
import { countersOf, eventsOf, onlyEventOf, type SeenEvent } from '../../src/gateway/testing/ledger-view.ts';
import { createTenant, type Tenant } from '../../src/gateway/testing/tenants.ts';
import { worldOfFile } from '../../src/gateway/testing/world-of-file.ts';

const world = worldOfFile();

type Chat = ChatOpenAI | ChatAnthropic;

const openai = (key: string, model: string): Chat =>
  new ChatOpenAI({ model, apiKey: key, maxTokens: 200, configuration: { baseURL: `${world().url}/v1` } });
const responses = (key: string, model: string): Chat =>
  new ChatOpenAI({
    model,
    apiKey: key,
    maxTokens: 200,
    configuration: { baseURL: `${world().url}/v1` },
    useResponsesApi: true,
  });
const anthropic = (key: string, model: string): Chat =>
  new ChatAnthropic({ model, apiKey: key, maxTokens: 200, anthropicApiUrl: world().url });

interface Way {
  readonly name: string;
  readonly chat: (key: string, model: string) => Chat;
  readonly model: string;
  readonly answeredBy: string;
  /** What LangChain makes of a stream's usage where that is not what was reported. */
  readonly ofStream?: (booked: Booked) => Booked;
}

/** Each protocol with a model of its own vendor, and with one that has to be translated. */
const WAYS: readonly Way[] = [
  { name: 'ChatOpenAI, an OpenAI model', chat: openai, model: 'sandbox-chat', answeredBy: '/v1/chat/completions' },
  { name: 'ChatOpenAI, an Anthropic model', chat: openai, model: 'sandbox-claude', answeredBy: '/v1/messages' },
  { name: 'Responses, an OpenAI model', chat: responses, model: 'sandbox-chat', answeredBy: '/v1/chat/completions' },
  { name: 'Responses, an Anthropic model', chat: responses, model: 'sandbox-claude', answeredBy: '/v1/messages' },
  {
    name: 'ChatAnthropic, an Anthropic model',
    chat: anthropic,
    model: 'sandbox-claude',
    answeredBy: '/v1/messages',
    // It adds the first token, which stands in `message_start`, to the total at the end, which holds it; with Anthropic, too.
    ofStream: ({ output, ...input }) => ({ ...input, output: output + 1n }),
  },
  {
    name: 'ChatAnthropic, an OpenAI model',
    chat: anthropic,
    model: 'sandbox-chat',
    answeredBy: '/v1/chat/completions',
    // It takes the input from `message_start` alone. OpenAI tells it at the end.
    ofStream: ({ output }) => ({ input: 0n, cachedInput: 0n, output }),
  },
];

type Booked = Pick<SeenEvent, 'input' | 'cachedInput' | 'output'>;

const PERSON = z.object({ name: z.string(), age: z.int() });

/** Fails unless a message's usage is that of its event. */
function expectBooked(
  { usage_metadata: usage }: { usage_metadata?: UsageMetadata | undefined },
  event: Booked | undefined,
): void {
  const cached = usage?.input_token_details?.cache_read ?? 0;
  expect([usage?.input_tokens, cached, usage?.output_tokens]).toEqual(
    event && [event.input, event.cachedInput, event.output].map(Number),
  );
}

/** A stream's pieces and the message they make. */
async function gather(stream: AsyncIterable<AIMessageChunk>): Promise<{ pieces: string[]; whole: AIMessageChunk }> {
  const chunks = await gathered(stream);
  const [first, ...rest] = chunks;
  if (!first) throw new Error('nothing was streamed');
  return {
    pieces: chunks.map(({ text }) => text).filter((text) => text !== ''),
    whole: rest.reduce((message, chunk) => message.concat(chunk), first),
  };
}

describe.each(WAYS)('$name', ({ chat, model: name, answeredBy, ofStream = (booked) => booked }) => {
  async function start(): Promise<{ tenant: Tenant; model: Chat }> {
    const tenant = await createTenant(world().owner);
    return { tenant, model: chat(tenant.key, name) };
  }

  test('a message is answered, with the usage that is booked', async () => {
    const { tenant, model } = await start();
    const answer = await model.invoke([
      ['system', 'Be brief.'],
      ['user', 'Say hello.'],
    ]);
    expect(answer.text).toContain('Say hello.');
    expect(world().tap.last().path).toBe(answeredBy);
    const event = await onlyEventOf(world(), tenant.organizationId);
    expect(event).toMatchObject({ status: 'success', source: 'provider', streamed: false });
    expectBooked(answer, event);
  });

  test('a message streams in pieces, with the usage that is booked', async () => {
    const { tenant, model } = await start();
    const { pieces, whole } = await gather(await model.stream('Tell a story.'));
    expect(pieces.length).toBeGreaterThan(3);
    const event = await onlyEventOf(world(), tenant.organizationId);
    expect(event).toMatchObject({ status: 'success', source: 'provider', streamed: true });
    expectBooked(whole, ofStream(event));
    expect(whole.text).toBe((await model.invoke('Tell a story.')).text);
  });

  test('tokens read from a cache are told as such, whole and streamed', async () => {
    const { tenant, model } = await start();
    const prompt = `[[sandbox: cached=40]] ${'word '.repeat(120)}`;
    const whole = await model.invoke(prompt);
    const streamed = (await gather(await model.stream(prompt))).whole;
    const [first, second] = await eventsOf(world(), tenant.organizationId);
    expect(first?.cachedInput).toBe(40n);
    expectBooked(whole, first);
    expectBooked(streamed, second && ofStream(second));
  });

  test('a conversation goes on with what was answered', async () => {
    const { model } = await start();
    const question = new HumanMessage('Say one.');
    const first = await model.invoke([question]);
    const second = await model.invoke([question, first, new HumanMessage('Say two.')]);
    expect(second.text).toContain('Say two.');
    expect(world().tap.last().body).toContain(JSON.stringify(first.text).slice(1, -1));
  });

  const getWeather = tool(async ({ city }) => `${city}: 4 °C`, {
    name: 'get_weather',
    description: 'The weather in a city.',
    schema: z.object({ city: z.string() }),
  });

  test.each(['whole', 'streamed'])(
    'a tool is called, its result goes back, and the model answers, %s',
    async (form) => {
      const { tenant, model } = await start();
      const withTools = model.bindTools([getWeather]);
      const ask = async (messages: BaseMessage[]) =>
        form === 'whole' ? withTools.invoke(messages) : (await gather(await withTools.stream(messages))).whole;
      const question = new HumanMessage('Use get_weather for Oslo.');
      const first = await ask([question]);
      const call = first.tool_calls?.[0];
      expect(call).toMatchObject({ name: 'get_weather', args: { city: expect.any(String) } });
      if (!call) return;
      const result = await getWeather.invoke({ ...call, type: 'tool_call' });
      const second = await ask([question, first, result]);
      expect(second.tool_calls).toEqual([]);
      expect(second.text).toBeTruthy();
      expect(world().tap.last().body).toContain('4 °C');
      const events = (await eventsOf(world(), tenant.organizationId)).map(
        form === 'whole' ? (event) => event : ofStream,
      );
      expectBooked(first, events[0]);
      expectBooked(second, events[1]);
    },
  );

  test.each(['jsonSchema', 'functionCalling'] as const)('an object keeps to its schema by %s', async (method) => {
    const { model } = await start();
    const structured = model.withStructuredOutput(PERSON, { method });
    expect(PERSON.safeParse(await structured.invoke('A person.')).success).toBe(true);
  });

  test('an object streams', async () => {
    const { model } = await start();
    // Not as the input of a tool: ChatAnthropic can't read that from a stream, of Anthropic's either.
    const structured = model.withStructuredOutput(PERSON, { method: 'jsonSchema' });
    const parts = await gathered(await structured.stream('A person.'));
    expect(PERSON.safeParse(parts.at(-1)).success).toBe(true);
  });

  test('an image reaches the model', async () => {
    const { model } = await start();
    const message = new HumanMessage({
      contentBlocks: [
        { type: 'text', text: 'What is this?' },
        { type: 'image', mimeType: 'image/png', data: 'iVBORw0KGgo=' },
      ],
    });
    expect((await model.invoke([message])).text).toBeTruthy();
    expect(world().tap.last().body).toContain('iVBORw0KGgo=');
  });

  test('a stream that is aborted ends upstream, is booked as far as it came, and holds nothing', async () => {
    const { tenant, model } = await start();
    const leaving = new AbortController();
    const stream = await model.stream('[[sandbox: stall=3]] Tell a long story.', { signal: leaving.signal });
    const read = async () => {
      let pieces = 0;
      for await (const chunk of stream) {
        if (chunk.text !== '') pieces += 1;
        if (pieces === 3) leaving.abort();
      }
    };
    await expect(read()).rejects.toThrow(/abort/i);
    expect(await world().tap.last().ended).toBe('left');
    const event = await onlyEventOf(world(), tenant.organizationId);
    expect(event).toMatchObject({ status: 'cancelled', streamed: true, output: 3n });
    const [quota] = await countersOf(world().owner, tenant.organizationId);
    expect(quota).toMatchObject({ used: event.input + event.output, held: 0n });
  });
});

test('documents and a query are embedded, and their tokens are booked', async () => {
  const tenant = await createTenant(world().owner);
  const embeddings = new OpenAIEmbeddings({
    model: 'sandbox-embedding',
    apiKey: tenant.key,
    configuration: { baseURL: `${world().url}/v1` },
  });
  const vectors = await embeddings.embedDocuments(['one', 'two words']);
  vectors.push(await embeddings.embedQuery('one'));
  expect(vectors[2]).toEqual(vectors[0]);
  expect(vectors.flat().every(Number.isFinite)).toBe(true);
  const events = await eventsOf(world(), tenant.organizationId);
  expect(events.map(({ input }) => input > 0n)).toEqual([true, true]);
});

test('beta features are asked for by a query and a header, and served', async () => {
  const { key } = await createTenant(world().owner);
  const model = new ChatAnthropic({
    model: 'sandbox-claude',
    apiKey: key,
    anthropicApiUrl: world().url,
    betas: ['context-1m-2025-08-07'],
  });
  expect((await model.invoke('Say hello.')).text).toContain('Say hello.');
  expect(world().tap.last().headers['anthropic-beta']).toBe('context-1m-2025-08-07');
});
