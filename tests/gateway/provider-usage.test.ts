// Proves: usage is what the provider reports, an explicit 0 stays 0, nonsense and silence are counted and marked so, repetition counts once.

import { describe, expect, test } from 'vitest';
import { exchange, says } from '../../src/gateway/testing/exchanges.ts';
import { countersOf, onlyEventOf } from '../../src/gateway/testing/ledger-view.ts';
import { createTenant } from '../../src/gateway/testing/tenants.ts';
import { worldOfFile } from '../../src/gateway/testing/world-of-file.ts';

const world = worldOfFile();

const ROUTES = [
  { path: '/v1/chat/completions', model: 'sandbox-chat' },
  { path: '/v1/messages', model: 'sandbox-claude' },
  { path: '/v1/chat/completions', model: 'sandbox-claude' },
  { path: '/v1/messages', model: 'sandbox-chat' },
] as const;

describe.each(ROUTES)('$path with $model', ({ path, model }) => {
  describe.each([false, true])('streamed: %s', (stream) => {
    async function eventAfter(does: string) {
      const tenant = await createTenant(world().owner);
      const { status } = await exchange(`${world().url}${path}`, {
        key: tenant.key,
        body: { model, max_tokens: 100, stream, ...says(`[[sandbox: tokens=12 ${does}]] hi`) },
      });
      expect(status).toBe(200);
      const event = await onlyEventOf(world(), tenant.organizationId);
      const [quota] = await countersOf(world().owner, tenant.organizationId);
      expect(quota).toMatchObject({ used: event.input + event.output, held: 0n });
      expect(event.status).toBe('success');
      return event;
    }

    test('a report is booked as it is', async () => {
      expect(await eventAfter('')).toMatchObject({ source: 'provider', output: 12n });
    });

    test('an explicit 0 stays 0 and costs nothing', async () => {
      expect(await eventAfter('usage=zero')).toMatchObject({ source: 'provider', input: 0n, output: 0n, cost: 0n });
    });

    test('a report that is repeated counts once', async () => {
      expect(await eventAfter('usage=repeat')).toMatchObject({ source: 'provider', output: 12n });
    });

    test.each(['no-usage', 'usage=negative', 'usage=huge', 'usage=fraction', 'usage=text', 'usage=null'])(
      '%s is counted from the text and marked so',
      async (does) => {
        const event = await eventAfter(does);
        expect(event).toMatchObject({ source: 'counted', output: 12n });
        expect(event.input).toBeGreaterThan(0n);
        expect(event.input).toBeLessThan(200n);
        expect(event.cost).toBeGreaterThan(0n);
      },
    );
  });
});

test('a stream whose usage was asked for and never reported ends with what was counted', async () => {
  const tenant = await createTenant(world().owner);
  const { text } = await exchange(`${world().url}/v1/chat/completions`, {
    key: tenant.key,
    body: {
      model: 'sandbox-chat',
      stream: true,
      stream_options: { include_usage: true },
      ...says('[[sandbox: tokens=12 no-usage]] hi'),
    },
  });
  const event = await onlyEventOf(world(), tenant.organizationId);
  const line = text.split('\n').findLast((each) => each.startsWith('data: {')) ?? '';
  expect(JSON.parse(line.slice(6))).toMatchObject({
    usage: { prompt_tokens: Number(event.input), completion_tokens: 12 },
    weir: { request_id: event.id },
  });
});

test('embeddings without usage are counted by their input', async () => {
  const tenant = await createTenant(world().owner);
  await exchange(`${world().url}/v1/embeddings`, {
    key: tenant.key,
    body: { model: 'sandbox-embedding', input: '[[sandbox: no-usage]] some text to embed' },
  });
  const event = await onlyEventOf(world(), tenant.organizationId);
  expect(event).toMatchObject({ source: 'counted', output: 0n, status: 'success' });
  expect(event.input).toBeGreaterThan(0n);
});
