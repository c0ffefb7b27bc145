// Proves: a call with an official SDK goes through the whole gateway and is counted to the token.

import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createGatewayWorld, type GatewayWorld } from './testing/gateway-world.ts';

let world: GatewayWorld;
beforeAll(async () => {
  world = await createGatewayWorld();
});
afterAll(async () => {
  expect(world.faults).toEqual([]);
  await world.close();
});

test('an OpenAI chat is answered, charged and booked to the token', async () => {
  const openai = new OpenAI({ baseURL: `${world.url}/v1`, apiKey: world.demo.keys.pro });
  const { data, response } = await openai.chat.completions
    .create({ model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'Say hello.' }] })
    .withResponse();
  expect(data.choices[0]?.message.content).toBeTruthy();
  expect(response.headers.get('x-weir-sandbox')).toBe('true');
  await world.settled();
  const { rows } = await world.owner.query('select * from weir.usage_events where id = $1', [
    response.headers.get('x-request-id'),
  ]);
  expect(rows).toHaveLength(1);
  expect(rows[0]).toMatchObject({
    status: 'success',
    usage_source: 'provider',
    input_tokens: String(data.usage?.prompt_tokens),
    output_tokens: String(data.usage?.completion_tokens),
  });
  const drift = await world.owner.query('select * from weir_private.ledger_drift()');
  expect(drift.rows).toEqual([]);
});

test('an OpenAI stream arrives in pieces and is booked to the token', async () => {
  const openai = new OpenAI({ baseURL: `${world.url}/v1`, apiKey: world.demo.keys.pro });
  const stream = await openai.chat.completions.create({
    model: 'gpt-4o-mini',
    stream: true,
    messages: [{ role: 'user', content: 'Tell a story.' }],
  });
  let text = '';
  for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? '';
  expect(text.length).toBeGreaterThan(10);
  await world.settled();
  const { rows } = await world.owner.query(
    "select * from weir.usage_events where streamed and status = 'success' order by id desc limit 1",
  );
  expect(rows[0]).toMatchObject({ usage_source: 'provider' });
});

test('an Anthropic message is answered, whole and streamed', async () => {
  const anthropic = new Anthropic({ baseURL: world.url, apiKey: world.demo.keys.pro });
  const message = await anthropic.messages.create({
    model: 'claude-3-5-haiku',
    max_tokens: 100,
    messages: [{ role: 'user', content: 'Say hello.' }],
  });
  expect(message.content[0]?.type).toBe('text');
  const streamed = await anthropic.messages
    .stream({ model: 'claude-3-5-haiku', max_tokens: 100, messages: [{ role: 'user', content: 'Say hello.' }] })
    .finalMessage();
  expect(streamed.usage.output_tokens).toBeGreaterThan(0);
});

test('a call through the other protocol is translated', async () => {
  const openai = new OpenAI({ baseURL: `${world.url}/v1`, apiKey: world.demo.keys.pro });
  const chat = await openai.chat.completions.create({
    model: 'claude-3-5-haiku',
    messages: [{ role: 'user', content: 'Say hello.' }],
  });
  expect(chat.choices[0]?.message.content).toBeTruthy();
});

test('embeddings, models and the explanation answer', async () => {
  const openai = new OpenAI({ baseURL: `${world.url}/v1`, apiKey: world.demo.keys.pro });
  const embedding = await openai.embeddings.create({ model: 'text-embedding-3-small', input: 'hello' });
  expect(embedding.data[0]?.embedding.length).toBeGreaterThan(10);
  const models = await openai.models.list();
  expect(models.data.map((model) => model.id)).toContain('gpt-4o-mini');
  const explained = await fetch(`${world.url}/v1/admission/explain`, {
    method: 'POST',
    headers: { authorization: `Bearer ${world.demo.keys.pro}`, 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'hi' }] }),
  });
  const body = await explained.json();
  expect(body).toMatchObject({ allowed: true, model: 'gpt-4o-mini' });
});
