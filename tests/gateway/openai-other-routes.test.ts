// Proves: embeddings, the list of models and chat through the other vendor's protocol, with OpenAI's official SDK.

import OpenAI from 'openai';
import { expect, test } from 'vitest';
import { says } from '../../src/gateway/testing/exchanges.ts';
import { onlyEventOf } from '../../src/gateway/testing/ledger-view.ts';
import { createTenant } from '../../src/gateway/testing/tenants.ts';
import { openaiAt, worldOfFile } from '../../src/gateway/testing/world-of-file.ts';

const world = worldOfFile();

async function start() {
  const tenant = await createTenant(world().owner);
  return { tenant, openai: openaiAt(world().url, tenant.key) };
}

test('embeddings come as numbers, asked for as base64 by the SDK, and cost their input alone', async () => {
  const { tenant, openai } = await start();
  const answer = await openai.embeddings.create({ model: 'sandbox-embedding', input: ['one', 'two words'] });
  expect(world().tap.last().json()).toMatchObject({ encoding_format: 'base64' });
  expect(answer.data.map((entry) => entry.index)).toEqual([0, 1]);
  expect(answer.data[0]?.embedding.every((value) => Number.isFinite(value))).toBe(true);
  const event = await onlyEventOf(world(), tenant.organizationId);
  expect(event).toMatchObject({ status: 'success', source: 'provider', output: 0n });
  expect(event.input).toBe(BigInt(answer.usage.prompt_tokens));
});

test('embeddings asked for as floats are the same vectors', async () => {
  const { openai } = await start();
  const ask = { model: 'sandbox-embedding', input: 'the same text', dimensions: 8 };
  const floats = await openai.embeddings.create({ ...ask, encoding_format: 'float' });
  const packed = await openai.embeddings.create(ask);
  expect(packed.data[0]?.embedding).toHaveLength(8);
  for (const [index, value] of (floats.data[0]?.embedding ?? []).entries())
    expect(packed.data[0]?.embedding[index]).toBeCloseTo(value, 5);
});

test('an embedding model does not chat and a chat model does not embed, and nothing leaves', async () => {
  const { openai } = await start();
  await expect(openai.embeddings.create({ model: 'sandbox-chat', input: 'x' })).rejects.toMatchObject({
    status: 400,
    code: 'unsupported_parameter',
    param: 'model',
  });
  await expect(openai.chat.completions.create({ model: 'sandbox-embedding', ...says('x') })).rejects.toBeInstanceOf(
    OpenAI.BadRequestError,
  );
  expect(world().tap.requests).toEqual([]);
});

test('the list of models holds what the key may call, and each entry can be fetched', async () => {
  const { openai } = await start();
  const listed = [];
  for await (const model of openai.models.list()) listed.push(model);
  expect(listed.map((model) => model.id)).toEqual(expect.arrayContaining(['sandbox-chat', 'gpt-4o-mini']));
  for (const { id } of listed.slice(0, 3)) expect((await openai.models.retrieve(id)).id).toBe(id);
  expect(listed.every((model) => model.object === 'model' && typeof model.created === 'number')).toBe(true);
});

test('a model that is not there and one that may not be called give the same 404', async () => {
  const { openai } = await start();
  await world().owner.query("update weir.models set enabled = false where id = 'text-embedding-3-large'");
  await world().inForce();
  const replies = await Promise.all(
    ['text-embedding-3-large', 'text-embedding-9-large'].map((id) =>
      openai.models.retrieve(id).catch((error: unknown) => error),
    ),
  );
  for (const error of replies) expect(error).toBeInstanceOf(OpenAI.NotFoundError);
  const [disabled, unknown] = replies as [Error, Error];
  expect(disabled.message.replace('text-embedding-3-large', '…')).toBe(
    unknown.message.replace('text-embedding-9-large', '…'),
  );
});

test('a chat with an Anthropic model is translated, both ways and streamed, and booked to the token', async () => {
  const { tenant, openai } = await start();
  const stream = await openai.chat.completions.create({
    model: 'sandbox-claude',
    stream: true,
    stream_options: { include_usage: true },
    messages: [
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'Say hello.' },
    ],
  });
  const chunks = [];
  for await (const chunk of stream) chunks.push(chunk);
  expect(world().tap.last()).toMatchObject({ path: '/v1/messages' });
  expect(world().tap.last().json()).toMatchObject({ system: expect.anything(), max_tokens: expect.any(Number) });
  const event = await onlyEventOf(world(), tenant.organizationId);
  expect(event).toMatchObject({ status: 'success', source: 'provider', provider: 'sandbox-anthropic' });
  expect(event.output).toBe(BigInt(chunks.at(-1)?.usage?.completion_tokens ?? -1));
});

test('what cannot be carried to the other protocol is refused by name, and charged nothing', async () => {
  const { tenant, openai } = await start();
  await expect(
    openai.chat.completions.create({ model: 'sandbox-claude', logprobs: true, ...says('x') }),
  ).rejects.toMatchObject({ status: 400, code: 'unsupported_parameter', param: 'logprobs' });
  expect(world().tap.requests).toEqual([]);
  expect(await onlyEventOf(world(), tenant.organizationId)).toMatchObject({
    status: 'error',
    errorCode: 'unsupported_parameter',
    cost: 0n,
    input: 0n,
  });
});
