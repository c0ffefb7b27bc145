// Proves: Anthropic's official SDK works through Weir as it does with Anthropic, and every answer is booked to the token.

import type Anthropic from '@anthropic-ai/sdk';
import { expect, test } from 'vitest';
import { exchange, says } from '../../src/gateway/testing/exchanges.ts';
import { eventsOf, onlyEventOf } from '../../src/gateway/testing/ledger-view.ts';
import { createTenant } from '../../src/gateway/testing/tenants.ts';
import { anthropicAt, worldOfFile } from '../../src/gateway/testing/world-of-file.ts';

const world = worldOfFile();
const ASK = { model: 'sandbox-claude', max_tokens: 200 } as const;
const WEATHER: Anthropic.Tool = {
  name: 'get_weather',
  description: 'The weather in a city.',
  input_schema: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
};

async function start() {
  const tenant = await createTenant(world().owner);
  return { tenant, anthropic: anthropicAt(world().url, tenant.key) };
}

test('a message is answered and its event has the tokens that the answer reports', async () => {
  const { tenant, anthropic } = await start();
  const message = await anthropic.messages.create({ ...ASK, system: 'Be brief.', ...says('Say hello.') });
  expect(message.content[0]).toMatchObject({ type: 'text' });
  expect(message.stop_reason).toBe('end_turn');
  expect(await onlyEventOf(world(), tenant.organizationId)).toMatchObject({
    status: 'success',
    source: 'provider',
    model: 'sandbox-claude',
    input: BigInt(message.usage.input_tokens),
    output: BigInt(message.usage.output_tokens),
  });
});

test('a stream is the same message, booked to the token', async () => {
  const { tenant, anthropic } = await start();
  const ask = { ...ASK, ...says('Tell a story.') };
  const streamed = await anthropic.messages.stream(ask).finalMessage();
  const event = await onlyEventOf(world(), tenant.organizationId);
  expect(event).toMatchObject({ status: 'success', source: 'provider', streamed: true });
  expect(event.output).toBe(BigInt(streamed.usage.output_tokens));
  const whole = await anthropic.messages.create(ask);
  expect(streamed.content).toEqual(whole.content);
});

test('tools go there and back', async () => {
  const { anthropic } = await start();
  const question = { role: 'user' as const, content: 'Use get_weather for Oslo.' };
  const first = await anthropic.messages.create({ ...ASK, tools: [WEATHER], messages: [question] });
  expect(first.stop_reason).toBe('tool_use');
  const use = first.content.find((block) => block.type === 'tool_use');
  expect(use?.input).toHaveProperty('city');
  const second = await anthropic.messages.create({
    ...ASK,
    tools: [WEATHER],
    messages: [
      question,
      { role: 'assistant', content: first.content },
      { role: 'user', content: [{ type: 'tool_result', tool_use_id: use?.id ?? '', content: '4 °C' }] },
    ],
  });
  expect(second.stop_reason).toBe('end_turn');
});

test('an output format with a schema is kept to', async () => {
  const { anthropic } = await start();
  const schema = {
    type: 'object',
    properties: { name: { type: 'string' } },
    required: ['name'],
    additionalProperties: false,
  };
  const message = await anthropic.messages.create({
    ...ASK,
    output_config: { format: { type: 'json_schema', schema } },
    ...says('A name.'),
  });
  const [block] = message.content;
  expect(block?.type === 'text' && Object.keys(JSON.parse(block.text))).toEqual(['name']);
});

test('images and stop sequences are served', async () => {
  const { anthropic } = await start();
  const source = { type: 'base64' as const, media_type: 'image/png' as const, data: 'iVBORw0KGgo=' };
  const message = await anthropic.messages.create({
    ...ASK,
    stop_sequences: ['.'],
    messages: [
      {
        role: 'user',
        content: [
          { type: 'image', source },
          { type: 'text', text: 'See one. See two.' },
        ],
      },
    ],
  });
  expect(message.stop_reason).toBe('stop_sequence');
  expect(world().tap.last().body).toContain(source.data);
});

test('the caller’s bytes reach Anthropic untouched when only the end user is already named', async () => {
  const { tenant } = await start();
  const body = `{"model":"sandbox-claude", "max_tokens": 64,"metadata":{"user_id":"mine"},"vendor_new":{"z":1.50,"a":[]},\n"messages":[{"role":"user","content":"h\\u00e9"}]}`;
  const { status } = await exchange(`${world().url}/v1/messages`, { key: tenant.key, body });
  expect(status).toBe(200);
  expect(world().tap.last().body).toBe(body);
});

test('of metadata only user_id goes to Anthropic, and Weir’s user stands in when there is none', async () => {
  const { tenant } = await start();
  const send = (metadata: unknown) =>
    exchange(`${world().url}/v1/messages`, { key: tenant.key, body: { ...ASK, metadata, ...says('x') } });
  await send({ user_id: 'mine', session: 'secret-session' });
  expect(world().tap.last().json().metadata).toEqual({ user_id: 'mine' });
  await send(undefined);
  expect(world().tap.last().json().metadata).toEqual({ user_id: tenant.userId });
});

test('counting tokens holds and charges nothing and gives what the message then reports', async () => {
  const { tenant, anthropic } = await start();
  const ask = { model: 'sandbox-claude', ...says('How many tokens is this?') };
  const { input_tokens } = await anthropic.messages.countTokens(ask);
  expect(await eventsOf(world(), tenant.organizationId)).toEqual([]);
  const message = await anthropic.messages.create({ ...ask, max_tokens: 20 });
  expect(input_tokens).toBe(message.usage.input_tokens);
});

test('counting for a model of another vendor is done here', async () => {
  const { anthropic } = await start();
  const { input_tokens } = await anthropic.messages.countTokens({ model: 'gpt-4o-mini', ...says('one two three') });
  expect(input_tokens).toBeGreaterThan(2);
  expect(input_tokens).toBeLessThan(20);
  expect(world().tap.requests).toEqual([]);
});

test('the list of models comes in Anthropic’s shape', async () => {
  const { anthropic } = await start();
  const page = await anthropic.models.list();
  expect(page.data.map((model) => model.id)).toContain('sandbox-claude');
  expect(await anthropic.models.retrieve('sandbox-claude')).toMatchObject({ type: 'model', id: 'sandbox-claude' });
});

test('a message to an OpenAI model is translated, both ways and streamed', async () => {
  const { tenant, anthropic } = await start();
  const message = await anthropic.messages
    .stream({
      model: 'sandbox-chat',
      max_tokens: 100,
      system: 'Be brief.',
      tools: [WEATHER],
      ...says('Use get_weather.'),
    })
    .finalMessage();
  expect(message.stop_reason).toBe('tool_use');
  expect(world().tap.last().path).toBe('/v1/chat/completions');
  const event = await onlyEventOf(world(), tenant.organizationId);
  expect(event.output).toBe(BigInt(message.usage.output_tokens));
});

test('cache reads and writes are booked as such', async () => {
  const { tenant, anthropic } = await start();
  await anthropic.messages.create({ ...ASK, ...says(`[[sandbox: cached=40 cache-write=60]] ${'word '.repeat(120)}`) });
  const event = await onlyEventOf(world(), tenant.organizationId);
  expect(event).toMatchObject({ cachedInput: 40n, cacheWrite: 60n });
  expect(event.input).toBeGreaterThanOrEqual(100n);
});

test('the caller’s beta features go along with a message and with a count', async () => {
  const { tenant } = await start();
  const ask = { key: tenant.key, headers: { 'anthropic-beta': 'context-1m-2025-08-07' } };
  const body = { model: 'sandbox-claude', ...says('x') };
  await exchange(`${world().url}/v1/messages`, { ...ask, body: { ...body, max_tokens: 9 } });
  await exchange(`${world().url}/v1/messages/count_tokens`, { ...ask, body });
  expect(world().tap.requests.map(({ headers }) => headers['anthropic-beta'])).toEqual([
    'context-1m-2025-08-07',
    'context-1m-2025-08-07',
  ]);
});
