// Proves: a client that leaves cancels its call upstream, pays for what came and nothing more, and leaves one event.

import { expect, test } from 'vitest';
import { open, says } from '../../src/gateway/testing/exchanges.ts';
import { countersOf, onlyEventOf } from '../../src/gateway/testing/ledger-view.ts';
import { createTenant } from '../../src/gateway/testing/tenants.ts';
import { anthropicAt, openaiAt, worldOfFile } from '../../src/gateway/testing/world-of-file.ts';

const world = worldOfFile();
/** Sends three pieces, then nothing: the stream ends only when somebody leaves. */
const STALLED = '[[sandbox: stall=3]] Tell a long story.';

test('an OpenAI stream that is aborted ends upstream too, and what came is charged as counted', async () => {
  const tenant = await createTenant(world().owner);
  const stream = await openaiAt(world().url, tenant.key).chat.completions.create({
    model: 'sandbox-chat',
    stream: true,
    ...says(STALLED),
  });
  let pieces = 0;
  await expect(
    (async () => {
      for await (const chunk of stream) {
        if (chunk.choices[0]?.delta.content) pieces += 1;
        if (pieces === 3) stream.controller.abort();
      }
    })(),
  ).resolves.toBeUndefined();
  expect(await world().tap.last().ended).toBe('left');
  const event = await onlyEventOf(world(), tenant.organizationId);
  expect(event).toMatchObject({ status: 'cancelled', source: 'counted', streamed: true, output: 3n });
  expect(event.input).toBeGreaterThan(0n);
  expect(event.cost).toBeGreaterThan(0n);
  const [quota] = await countersOf(world().owner, tenant.organizationId);
  expect(quota).toMatchObject({ used: event.input + event.output, held: 0n });
});

test('an Anthropic stream that is aborted ends upstream too, and its event says cancelled', async () => {
  const tenant = await createTenant(world().owner);
  const stream = anthropicAt(world().url, tenant.key).messages.stream({
    model: 'sandbox-claude',
    max_tokens: 500,
    ...says(STALLED),
  });
  let pieces = 0;
  stream.on('text', () => {
    pieces += 1;
    if (pieces === 3) stream.abort();
  });
  await expect(stream.done()).rejects.toThrow(/abort/i);
  expect(await world().tap.last().ended).toBe('left');
  expect(await onlyEventOf(world(), tenant.organizationId)).toMatchObject({ status: 'cancelled', output: 3n });
});

test('a client that leaves before the first byte is charged nothing', async () => {
  const tenant = await createTenant(world().owner);
  const leaving = new AbortController();
  const call = open(`${world().url}/v1/chat/completions`, {
    key: tenant.key,
    signal: leaving.signal,
    body: { model: 'sandbox-chat', ...says('[[sandbox: delay=60000]] x') },
  });
  const reached = await world().tap.seen(1);
  leaving.abort();
  await expect(call).rejects.toThrow();
  expect(await reached.ended).toBe('left');
  expect(await onlyEventOf(world(), tenant.organizationId)).toMatchObject({
    status: 'cancelled',
    output: 0n,
    cost: 0n,
  });
  const counters = await countersOf(world().owner, tenant.organizationId);
  expect(counters.map(({ used, held }) => [used, held])).toEqual([[0n, 0n]]);
});

test('a client that leaves while its provider is tried again ends the attempts', async () => {
  const tenant = await createTenant(world().owner);
  const leaving = new AbortController();
  let tries = 0;
  world().tap.answerWith((response) => {
    tries += 1;
    if (tries === 1) response.writeHead(503, { 'content-type': 'application/json' }).end('{}');
    else leaving.abort();
  });
  const call = open(`${world().url}/v1/chat/completions`, {
    key: tenant.key,
    signal: leaving.signal,
    body: { model: 'sandbox-chat', ...says('x') },
  });
  await expect(call).rejects.toThrow();
  const event = await onlyEventOf(world(), tenant.organizationId);
  expect(event).toMatchObject({ status: 'cancelled', cost: 0n });
  expect(tries).toBe(2);
});

test('a reader who never takes the rest is held back, and leaving settles what came', async () => {
  const tenant = await createTenant(world().owner);
  const leaving = new AbortController();
  const response = await open(`${world().url}/v1/chat/completions`, {
    key: tenant.key,
    signal: leaving.signal,
    body: { model: 'sandbox-chat', stream: true, max_tokens: 16_000, ...says('[[sandbox: tokens=16000]] x') },
  });
  const reader = response.body?.getReader();
  await reader?.read();
  leaving.abort();
  await reader?.cancel().catch(() => undefined);
  const event = await onlyEventOf(world(), tenant.organizationId);
  expect(event.status).toBe('cancelled');
  expect(event.output).toBeLessThanOrEqual(16_000n);
});

test('a model that is asked again after an abort has nothing of the first call on its meters’ holds', async () => {
  const tenant = await createTenant(world().owner, { organization: { token_quota_monthly: 2000n } });
  const openai = openaiAt(world().url, tenant.key);
  for (let round = 0; round < 5; round += 1) {
    const stream = await openai.chat.completions.create({
      model: 'sandbox-chat',
      stream: true,
      max_tokens: 800,
      ...says('[[sandbox: stall=1]] x'),
    });
    for await (const chunk of stream) if (chunk.choices[0]?.delta.content) break;
    await world().settled();
  }
  const whole = await openai.chat.completions.create({ model: 'sandbox-chat', max_tokens: 800, ...says('x') });
  expect(whole.choices[0]?.finish_reason).toBe('stop');
});
