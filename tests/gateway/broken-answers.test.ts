// Proves: an answer that breaks is tried again while the client has nothing, and ended visibly when it has; what came is charged, once.

import { beforeAll, describe, expect, test } from 'vitest';
import { eventsIn, exchange, says } from '../../src/gateway/testing/exchanges.ts';
import { FORGETFUL } from '../../src/gateway/testing/gateway-world.ts';
import { countersOf, onlyEventOf } from '../../src/gateway/testing/ledger-view.ts';
import { addModel, createTenant, insertRow, newId } from '../../src/gateway/testing/tenants.ts';
import { anthropicAt, openaiAt, worldOfFile } from '../../src/gateway/testing/world-of-file.ts';

const world = worldOfFile({ upstreamLimits: FORGETFUL });

/** Providers with little patience for one thing each: what else happens to a call may take its time. */
const PROVIDERS = {
  impatient: { first_byte_timeout_ms: 400, idle_timeout_ms: 20_000 },
  stalling: { first_byte_timeout_ms: 20_000, idle_timeout_ms: 400 },
};

beforeAll(async () => {
  for (const protocol of ['openai', 'anthropic'] as const)
    for (const [name, timeouts] of Object.entries(PROVIDERS)) {
      const slug = `${name}-${protocol}`;
      await insertRow(world().owner, 'providers', {
        ...{ id: newId(), slug, name, type: 'sandbox', base_url: `sandbox://${protocol}/v1`, config: { protocol } },
        ...timeouts,
      });
      await addModel(world().owner, slug, { provider: slug });
    }
  await world().inForce();
});

const ROUTES = [
  { path: '/v1/chat/completions', model: 'sandbox-chat', protocol: 'openai' },
  { path: '/v1/messages', model: 'sandbox-claude', protocol: 'anthropic' },
] as const;

describe.each(ROUTES)('$path', ({ path, model, protocol }) => {
  async function call(does: string, { stream = true, name = model as string } = {}) {
    const tenant = await createTenant(world().owner);
    const answer = await exchange(`${world().url}${path}`, {
      key: tenant.key,
      body: { model: name, max_tokens: 100, stream, ...says(`[[sandbox: tokens=12 ${does}]] hi`) },
    });
    const event = await onlyEventOf(world(), tenant.organizationId);
    const [quota] = await countersOf(world().owner, tenant.organizationId);
    const charged = event.cost === 0n ? 0n : event.input + event.output;
    expect(quota).toMatchObject({ used: charged, held: 0n });
    return { answer, event };
  }

  test.each(['cut=3', 'stream-error=3'])(
    'a stream with %s ends with an error; what came is charged as counted',
    async (does) => {
      const { answer, event } = await call(does);
      expect(answer.status).toBe(200);
      const last = eventsIn(answer.text).at(-1);
      expect(last.error).toMatchObject({ message: expect.any(String), type: expect.any(String) });
      expect(last.weir.request_id).toBe(event.id);
      expect(event).toMatchObject({ status: 'error', source: 'counted', output: 3n, retries: 0 });
      expect(event.cost).toBeGreaterThan(0n);
      expect(world().tap.requests).toHaveLength(1);
    },
  );

  test('a stream that begins with an error is tried again, then an error with a status; nothing is charged', async () => {
    const { answer, event } = await call('stream-error=0');
    expect(answer.status).toBeGreaterThanOrEqual(502);
    expect(event).toMatchObject({ status: 'error', cost: 0n, retries: 2 });
    expect(world().tap.requests).toHaveLength(3);
  });

  test('a stream that is cut before its first word is ended with an error and charged nothing', async () => {
    const { answer, event } = await call('cut=0');
    expect(eventsIn(answer.text).at(-1).error).toBeTruthy();
    expect(event).toMatchObject({ status: 'error', cost: 0n });
  });

  test.each(['html', 'malformed', 'cut=3'])(
    'a whole answer with %s is tried again, then a 502; nothing is charged',
    async (does) => {
      const { answer, event } = await call(does, { stream: false });
      expect([answer.status, answer.json.weir.code]).toEqual([502, 'provider_error']);
      expect(event).toMatchObject({ status: 'error', cost: 0n, retries: 2 });
    },
  );

  test('a page of HTML in place of a stream is a 502', async () => {
    const { answer, event } = await call('html');
    expect(answer.status).toBe(502);
    expect(answer.text).not.toContain('<html');
    expect(event).toMatchObject({ status: 'error', cost: 0n });
  });

  test.each(['malformed', 'huge-line=20000000'])(
    'an event with %s in mid-stream harms nobody, and the call is booked once',
    async (does) => {
      const { answer, event } = await call(does);
      expect([200, 502]).toContain(answer.status);
      expect(['success', 'error']).toContain(event.status);
    },
  );

  test('a stream without its last mark is charged for what came, and ended', async () => {
    const { event } = await call('no-done');
    expect(event.output).toBe(12n);
    expect(event.cost).toBeGreaterThan(0n);
  });

  test('characters that are split between writes arrive whole, and are counted whole', async () => {
    const { answer, event } = await call('split-utf8');
    expect(answer.text).not.toContain('\ufffd');
    expect(event).toMatchObject({ status: 'success', source: 'provider', output: 12n });
  });

  test('a provider that does not begin in time is a 504, tried once, and charged nothing', async () => {
    const { answer, event } = await call('delay=60000', { stream: false, name: `impatient-${protocol}` });
    expect([answer.status, answer.json.weir.code]).toEqual([504, 'provider_timeout']);
    if (path === '/v1/messages') expect(answer.json.error.type).toBe('timeout_error');
    expect(event).toMatchObject({ status: 'timeout', errorCode: 'provider_timeout', cost: 0n, retries: 0 });
  });

  test('a stream that stalls is ended with an error; its event says timeout and what came is charged', async () => {
    const { answer, event } = await call('stall=3', { name: `stalling-${protocol}` });
    expect(answer.status).toBe(200);
    expect(eventsIn(answer.text).at(-1).weir.code).toBe('provider_timeout');
    expect(event).toMatchObject({ status: 'timeout', errorCode: 'provider_timeout', source: 'counted', output: 3n });
    expect(event.cost).toBeGreaterThan(0n);
    expect(await world().tap.last().ended).toBe('left');
  });

  test('a provider that fails once is asked again, and the customer pays once', async () => {
    const { answer, event } = await call('fail-first=1 status=503', { stream: false });
    expect(answer.status).toBe(200);
    expect(event).toMatchObject({ status: 'success', retries: 1, output: 12n, fallbackUsed: false });
  });

  test('cookies of the provider are stripped, streamed or not', async () => {
    for (const stream of [true, false]) {
      const { answer } = await call('set-cookie', { stream });
      expect([answer.status, answer.headers.get('set-cookie')]).toEqual([200, null]);
      world().tap.forget();
    }
  });
});

test('both SDKs throw on a stream that breaks in the middle', async () => {
  const tenant = await createTenant(world().owner);
  const openai = openaiAt(world().url, tenant.key, 0);
  const stream = await openai.chat.completions.create({
    model: 'sandbox-chat',
    stream: true,
    ...says('[[sandbox: stream-error=3]] hi'),
  });
  let pieces = 0;
  await expect(
    (async () => {
      for await (const chunk of stream) if (chunk.choices[0]?.delta.content) pieces += 1;
    })(),
  ).rejects.toThrow();
  expect(pieces).toBe(3);
  const anthropic = anthropicAt(world().url, tenant.key, 0);
  await expect(
    anthropic.messages
      .stream({ model: 'sandbox-claude', max_tokens: 50, ...says('[[sandbox: stream-error=3]] hi') })
      .finalMessage(),
  ).rejects.toThrow();
});
