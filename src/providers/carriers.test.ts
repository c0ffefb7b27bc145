// Covers which routes can be carried, credentials, lists of models.

import { describe, expect, test } from 'vitest';
import { renderAnthropicModelList } from './anthropic/model-list.ts';
import { carrierFor } from './carriers.ts';
import { credentialHeaders } from './credentials.ts';
import { renderOpenAiModelList } from './openai/model-list.ts';
import type { GatewayRoute, WireProtocol } from './protocol.ts';
import { carryInput, chatCall } from './wire/testing/call-fixtures.ts';

describe('which routes can be carried', () => {
  test.each<[GatewayRoute, WireProtocol, boolean]>([
    ['chat_completions', 'openai', true],
    ['chat_completions', 'anthropic', true],
    ['embeddings', 'openai', true],
    ['embeddings', 'anthropic', false],
    ['messages', 'openai', true],
    ['messages', 'anthropic', true],
    ['count_tokens', 'openai', false],
    ['count_tokens', 'anthropic', true],
  ])('%s over %s: %s', (route, protocol, expected) => {
    expect(carrierFor(route, protocol) !== null).toBe(expected);
  });

  test.each<[GatewayRoute, WireProtocol]>([
    ['embeddings', 'openai'],
    ['count_tokens', 'anthropic'],
  ])('%s has no stream', (route, protocol) => {
    const open = () => carrierFor(route, protocol)?.openStream(carryInput(chatCall()));
    expect(open).toThrow(expect.objectContaining({ code: 'internal_error' }));
  });
});

describe('credentials', () => {
  test('each protocol has its header', () => {
    expect(credentialHeaders('openai', 'sk-1')).toEqual({ authorization: 'Bearer sk-1' });
    expect(credentialHeaders('anthropic', 'sk-2')).toEqual({ 'x-api-key': 'sk-2' });
    expect(credentialHeaders('openai', '')).toEqual({});
  });

  test.each(['a\r\nx: y', 'a b', 'schlüssel', '\u0000'])(
    'a secret that no header can hold is not sent and not told: %j',
    (secret) => {
      const attempt = () => credentialHeaders('openai', secret);
      expect(attempt).toThrow(
        expect.objectContaining({ code: 'internal_error', internal: expect.not.stringContaining(secret) }),
      );
    },
  );
});

describe('lists of models', () => {
  const models = [
    {
      ...{ id: 'gpt-4o-mini', displayName: 'GPT-4o mini', createdSeconds: 1_721_172_741, ownedBy: 'openai' },
      shutdownAtMs: null,
    },
    {
      ...{ id: 'template:blog', displayName: 'Blog', createdSeconds: 0, ownedBy: 'organization' },
      shutdownAtMs: Date.UTC(2027, 0, 1),
    },
  ];

  test('in OpenAI’s shape', () => {
    expect(renderOpenAiModelList(models)).toEqual({
      object: 'list',
      data: [
        { id: 'gpt-4o-mini', object: 'model', created: 1_721_172_741, owned_by: 'openai' },
        {
          ...{ id: 'template:blog', object: 'model', created: 0, owned_by: 'organization' },
          shutdown_date: '2027-01-01T00:00:00.000Z',
        },
      ],
    });
  });

  test('in Anthropic’s shape', () => {
    expect(renderAnthropicModelList(models)).toEqual({
      data: [
        { type: 'model', id: 'gpt-4o-mini', display_name: 'GPT-4o mini', created_at: '2024-07-16T23:32:21.000Z' },
        { type: 'model', id: 'template:blog', display_name: 'Blog', created_at: '1970-01-01T00:00:00.000Z' },
      ],
      has_more: false,
      first_id: 'gpt-4o-mini',
      last_id: 'template:blog',
    });
    expect(renderAnthropicModelList([])).toMatchObject({ first_id: null, last_id: null });
  });
});
