// Proves: OpenAI's official SDK chats through Weir as it does with OpenAI, and every answer is booked to the token.

import { expect, test } from 'vitest';
import { eventsIn, exchange, says } from '../../src/gateway/testing/exchanges.ts';
import { onlyEventOf } from '../../src/gateway/testing/ledger-view.ts';
import { createTenant, type Tenant } from '../../src/gateway/testing/tenants.ts';
import { openaiAt, worldOfFile } from '../../src/gateway/testing/world-of-file.ts';

const world = worldOfFile();

async function start(): Promise<{ tenant: Tenant; openai: ReturnType<typeof openaiAt> }> {
  const tenant = await createTenant(world().owner);
  return { tenant, openai: openaiAt(world().url, tenant.key) };
}

const WEATHER = {
  type: 'function',
  function: {
    name: 'get_weather',
    parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
  },
} as const;

test('a chat is answered and its event has the tokens that the answer reports', async () => {
  const { tenant, openai } = await start();
  const answer = await openai.chat.completions.create({ model: 'sandbox-chat', ...says('Say hello.') });
  expect(answer.choices[0]?.message.content).toContain('Say hello.');
  expect(answer.choices[0]?.finish_reason).toBe('stop');
  expect(await onlyEventOf(world(), tenant.organizationId)).toMatchObject({
    status: 'success',
    source: 'provider',
    errorCode: null,
    model: 'sandbox-chat',
    streamed: false,
    input: BigInt(answer.usage?.prompt_tokens ?? -1),
    output: BigInt(answer.usage?.completion_tokens ?? -1),
  });
});

test('a stream has the same text as the whole answer, and no usage that was not asked for', async () => {
  const { tenant, openai } = await start();
  const ask = { model: 'sandbox-chat', ...says('Tell a story.') };
  const chunks = [];
  for await (const chunk of await openai.chat.completions.create({ ...ask, stream: true })) chunks.push(chunk);
  expect(chunks.length).toBeGreaterThan(3);
  expect(chunks.every((chunk) => !chunk.usage)).toBe(true);
  const event = await onlyEventOf(world(), tenant.organizationId);
  expect(event).toMatchObject({ status: 'success', source: 'provider', streamed: true });
  const whole = await openai.chat.completions.create(ask);
  expect(chunks.map((chunk) => chunk.choices[0]?.delta.content ?? '').join('')).toBe(whole.choices[0]?.message.content);
  expect(event.output).toBe(BigInt(whole.usage?.completion_tokens ?? -1));
});

test('a stream that asks for usage ends with a usage chunk that equals the event', async () => {
  const { tenant, openai } = await start();
  const stream = await openai.chat.completions.create({
    model: 'sandbox-chat',
    stream: true,
    stream_options: { include_usage: true },
    ...says('Count.'),
  });
  const chunks = [];
  for await (const chunk of stream) chunks.push(chunk);
  const last = chunks.at(-1);
  expect(last?.choices).toEqual([]);
  const event = await onlyEventOf(world(), tenant.organizationId);
  expect(event.input).toBe(BigInt(last?.usage?.prompt_tokens ?? -1));
  expect(event.output).toBe(BigInt(last?.usage?.completion_tokens ?? -1));
});

test('tools go there and back: a call with arguments, its result, an answer in words', async () => {
  const { openai } = await start();
  const first = await openai.chat.completions.create({
    model: 'sandbox-chat',
    tools: [WEATHER],
    ...says('Use get_weather for Oslo.'),
  });
  const message = first.choices[0]?.message;
  expect(first.choices[0]?.finish_reason).toBe('tool_calls');
  const call = message?.tool_calls?.[0];
  if (call?.type !== 'function' || !message) throw new Error('no tool was called');
  expect(call.function.name).toBe('get_weather');
  expect(JSON.parse(call.function.arguments)).toHaveProperty('city');
  const second = await openai.chat.completions.create({
    model: 'sandbox-chat',
    tools: [WEATHER],
    messages: [
      { role: 'user', content: 'Use get_weather for Oslo.' },
      message,
      { role: 'tool', tool_call_id: call.id, content: '{"celsius":4}' },
    ],
  });
  expect(second.choices[0]?.finish_reason).toBe('stop');
  expect(second.choices[0]?.message.content).toBeTruthy();
});

test('tool calls stream with arguments that join to JSON', async () => {
  const { openai } = await start();
  const stream = openai.chat.completions.stream({
    model: 'sandbox-chat',
    tools: [WEATHER],
    ...says('Use get_weather for Rome.'),
  });
  const final = await stream.finalChatCompletion();
  const call = final.choices[0]?.message.tool_calls?.[0];
  expect(call?.type === 'function' && JSON.parse(call.function.arguments)).toHaveProperty('city');
});

test('a JSON schema is kept to', async () => {
  const { openai } = await start();
  const schema = {
    type: 'object',
    properties: { name: { type: 'string' }, age: { type: 'integer' } },
    required: ['name', 'age'],
    additionalProperties: false,
  };
  const answer = await openai.chat.completions.create({
    model: 'sandbox-chat',
    response_format: { type: 'json_schema', json_schema: { name: 'person', strict: true, schema } },
    ...says('A person.'),
  });
  const person = JSON.parse(answer.choices[0]?.message.content ?? '') as Record<string, unknown>;
  expect(Object.keys(person).sort()).toEqual(['age', 'name']);
});

test('images go to the model as they came', async () => {
  const { openai } = await start();
  const url = 'data:image/png;base64,iVBORw0KGgo=';
  const content = [
    { type: 'text' as const, text: 'What is this?' },
    { type: 'image_url' as const, image_url: { url, detail: 'low' as const } },
  ];
  await openai.chat.completions.create({ model: 'sandbox-chat', messages: [{ role: 'user', content }] });
  expect(world().tap.last().json()).toMatchObject({ messages: [{ role: 'user', content }] });
});

test('n answers are n choices, and the event counts all of them', async () => {
  const { tenant, openai } = await start();
  const answer = await openai.chat.completions.create({ model: 'sandbox-chat', n: 3, ...says('Three.') });
  expect(answer.choices.map((choice) => choice.index)).toEqual([0, 1, 2]);
  const event = await onlyEventOf(world(), tenant.organizationId);
  expect(event.output).toBe(BigInt(answer.usage?.completion_tokens ?? -1));
});

test('stop sequences and log probabilities are served', async () => {
  const { openai } = await start();
  const answer = await openai.chat.completions.create({
    model: 'sandbox-chat',
    stop: ['.'],
    logprobs: true,
    top_logprobs: 2,
    ...says('Say one. Say two.'),
  });
  expect(answer.choices[0]?.message.content).not.toContain('.');
  expect(answer.choices[0]?.logprobs?.content?.length).toBeGreaterThan(0);
});

test('the caller’s bytes reach an OpenAI-compatible model untouched when nothing has to change', async () => {
  const { tenant } = await start();
  const body = `{"model" : "sandbox-chat",\n "vendor_number": 12345678901234567890, "made_up_by_vendor": {"b":1.0,"a":[1e2]},"messages":[{"role":"user","content":"h\\u00e9 \\/ ü"}], "max_tokens": 50}`;
  const { status } = await exchange(`${world().url}/v1/chat/completions`, { key: tenant.key, body });
  expect(status).toBe(200);
  expect(world().tap.last().body).toBe(body);
});

test('apart from the model’s name the bytes are the caller’s', async () => {
  const { tenant } = await start();
  await world().owner.query(`update weir.models set provider_model_id = 'sandbox-chat-2' where id = 'sandbox-chat'`);
  try {
    const body = `{ "messages":[{"role":"user","content":"x"}], "x_new": [ 1 , 2.50 ], "model":"sandbox-chat" ,"max_tokens":50}`;
    await world().inForce();
    await exchange(`${world().url}/v1/chat/completions`, { key: tenant.key, body });
    expect(world().tap.last().body).toBe(body.replace('"sandbox-chat"', '"sandbox-chat-2"'));
  } finally {
    await world().owner.query(`update weir.models set provider_model_id = 'sandbox-chat' where id = 'sandbox-chat'`);
    await world().inForce();
  }
});

test('the caller’s key and Weir’s own headers go to no provider', async () => {
  const { tenant } = await start();
  await exchange(`${world().url}/v1/chat/completions`, {
    key: tenant.key,
    body: { model: 'sandbox-chat', ...says('hi') },
    headers: { 'x-weir-tags': 'team=blue', cookie: 'session=1', 'x-forwarded-for': '10.0.0.1' },
  });
  const { headers } = world().tap.last();
  expect(headers.authorization).toBe('Bearer sandbox');
  expect(JSON.stringify(headers)).not.toContain(tenant.key);
  for (const name of ['x-weir-tags', 'cookie', 'x-forwarded-for']) expect(headers).not.toHaveProperty(name);
});

test('every chunk of a stream is flushed as it comes, before the next is made', async () => {
  const { tenant } = await start();
  let next: (() => void) | undefined;
  world().tap.answerWith((response) => {
    const chunk = (content: string) =>
      `data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', created: 1, model: 'm', choices: [{ index: 0, delta: { content } }] })}\n\n`;
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(chunk('first'));
    next = () => response.end(`${chunk('second')}data: [DONE]\n\n`);
  });
  const response = await fetch(`${world().url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${tenant.key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'sandbox-chat', stream: true, ...says('x') }),
  });
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  const first = await reader?.read();
  expect(first?.value).toContain('first');
  expect(first?.value).not.toContain('second');
  next?.();
  let rest = '';
  for (;;) {
    const piece = await reader?.read();
    if (!piece || piece.done) break;
    rest += piece.value;
  }
  expect(eventsIn(rest)[0]?.choices[0].delta.content).toBe('second');
  expect(rest).toContain('[DONE]');
});
