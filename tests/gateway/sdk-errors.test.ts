// Proves: every class of error reaches both official SDKs as their own error type, with Weir's extension, and only what may help is retried.

import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { describe, expect, test } from 'vitest';
import { exchange, says } from '../../src/gateway/testing/exchanges.ts';
import { eventsOf } from '../../src/gateway/testing/ledger-view.ts';
import { addBudget, addModel, createTenant, type Tenant } from '../../src/gateway/testing/tenants.ts';
import { anthropicAt, openaiAt, worldOfFile } from '../../src/gateway/testing/world-of-file.ts';

const world = worldOfFile();
type OpenAiError = InstanceType<typeof OpenAI.APIError>;
type AnthropicError = InstanceType<typeof Anthropic.APIError>;

const chat = (tenant: Pick<Tenant, 'key'>, model = 'sandbox-chat', content = 'x') =>
  openaiAt(world().url, tenant.key).chat.completions.create({ model, ...says(content) });
const message = (tenant: Pick<Tenant, 'key'>, model = 'sandbox-claude', content = 'x') =>
  anthropicAt(world().url, tenant.key).messages.create({ model, max_tokens: 50, ...says(content) });

async function failureOf<T extends Error>(promise: Promise<unknown>): Promise<T> {
  const result = await promise.then(
    () => null,
    (error: unknown) => error,
  );
  expect(result).toBeInstanceOf(Error);
  return result as T;
}

/** How each case is brought about, and what both SDKs make of it. */
const CASES: readonly {
  readonly name: string;
  readonly arrange: () => Promise<Pick<Tenant, 'key'>>;
  readonly model?: string;
  readonly openai: abstract new (...args: never[]) => Error;
  readonly anthropic: abstract new (...args: never[]) => Error;
  readonly status: number;
  readonly code: string;
  readonly anthropicType: string;
}[] = [
  {
    name: '401 for a key that is wrong',
    arrange: async () => ({ key: 'wr_test_wrong' }),
    openai: OpenAI.AuthenticationError,
    anthropic: Anthropic.AuthenticationError,
    status: 401,
    code: 'invalid_api_key',
    anthropicType: 'authentication_error',
  },
  {
    name: '402 for a budget that is used up',
    arrange: async () => {
      const tenant = await createTenant(world().owner);
      await addBudget(world().owner, { organization_id: tenant.organizationId, amount_nano_usd: 1n });
      return tenant;
    },
    openai: OpenAI.APIError,
    anthropic: Anthropic.APIError,
    status: 402,
    code: 'budget_exceeded',
    anthropicType: 'billing_error',
  },
  {
    name: '403 for a model that is locked',
    arrange: async () => {
      await world().owner.query('delete from weir.models where id = $1', ['locked']);
      await addModel(world().owner, 'locked', { tier: 'premium', price_cents: 299 });
      await world().inForce();
      return createTenant(world().owner);
    },
    model: 'locked',
    openai: OpenAI.PermissionDeniedError,
    anthropic: Anthropic.PermissionDeniedError,
    status: 403,
    code: 'model_locked',
    anthropicType: 'permission_error',
  },
  {
    name: '404 for a model that is not there',
    arrange: () => createTenant(world().owner),
    model: 'gpt-99',
    openai: OpenAI.NotFoundError,
    anthropic: Anthropic.NotFoundError,
    status: 404,
    code: 'model_not_found',
    anthropicType: 'not_found_error',
  },
  {
    name: '429 for a quota that is used up',
    arrange: () => createTenant(world().owner, { organization: { token_quota_monthly: 1n } }),
    openai: OpenAI.RateLimitError,
    anthropic: Anthropic.RateLimitError,
    status: 429,
    code: 'organization_quota_exceeded',
    anthropicType: 'rate_limit_error',
  },
];

describe.each(CASES)('$name', (expected) => {
  test('is the SDK’s own error on OpenAI’s routes, once, with Weir’s reasons', async () => {
    const tenant = await expected.arrange();
    const before = world().reports.length;
    const error = await failureOf<OpenAiError>(chat(tenant, expected.model));
    expect(error).toBeInstanceOf(expected.openai);
    expect(error).toMatchObject({ status: expected.status, code: expected.code });
    expect(error.error).toMatchObject({ weir: { code: expect.any(String), remedy: expect.any(String) } });
    expect(error.requestID).toMatch(/^[0-9a-f-]{36}$/);
    await world().settled();
    expect(world().reports.length - before).toBe(1);
  });

  test('is the SDK’s own error on Anthropic’s routes, once', async () => {
    const tenant = await expected.arrange();
    const before = world().reports.length;
    const error = await failureOf<AnthropicError>(message(tenant, expected.model));
    expect(error).toBeInstanceOf(expected.anthropic);
    expect(error.status).toBe(expected.status);
    expect(error.error).toMatchObject({
      type: 'error',
      error: { type: expected.anthropicType },
      request_id: error.requestID,
    });
    await world().settled();
    expect(world().reports.length - before).toBe(1);
  });
});

test('413 and 415 are told in the vendor’s shape', async () => {
  const { key } = await createTenant(world().owner);
  const url = `${world().url}/v1/chat/completions`;
  const large = await exchange(url, { key, body: Buffer.alloc(33 * 1024 * 1024, 32) });
  expect(large.status).toBe(413);
  expect(large.json.error).toMatchObject({ type: 'invalid_request_error', code: 'too_large' });
  const xml = await exchange(`${world().url}/v1/messages`, {
    key,
    body: '<model/>',
    headers: { 'content-type': 'application/xml' },
  });
  expect(xml.status).toBe(415);
  expect(xml.json).toMatchObject({ type: 'error', error: { type: 'invalid_request_error' } });
});

test('an overloaded provider is 503 to OpenAI’s SDK, which tries again and succeeds', async () => {
  const tenant = await createTenant(world().owner);
  let calls = 0;
  world().tap.answerWith((response) => {
    calls += 1;
    // All three attempts of the first call fail; the SDK's own second call is served.
    if (calls <= 3) {
      response.writeHead(503, { 'content-type': 'application/json' }).end('{"error":{"message":"busy"}}');
      return;
    }
    const choices = [{ index: 0, message: { role: 'assistant', content: 'yes' }, finish_reason: 'stop' }];
    const usage = { prompt_tokens: 3, completion_tokens: 1, total_tokens: 4 };
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ id: 'c', object: 'chat.completion', created: 1, model: 'm', choices, usage }));
  });
  const answer = await chat(tenant);
  expect(answer.choices[0]?.message.content).toBe('yes');
  const events = await eventsOf(world(), tenant.organizationId);
  expect(events.map(({ status, cost }) => [status, cost === 0n])).toEqual([
    ['error', true],
    ['success', false],
  ]);
});

test('an overloaded provider is an error that Anthropic’s SDK knows', async () => {
  const tenant = await createTenant(world().owner);
  const error = await failureOf<AnthropicError>(
    anthropicAt(world().url, tenant.key, 0).messages.create({
      model: 'sandbox-claude',
      max_tokens: 50,
      ...says('[[sandbox: status=529]]'),
    }),
  );
  expect(error).toBeInstanceOf(Anthropic.InternalServerError);
  expect(error.error).toMatchObject({ error: { type: 'overloaded_error' } });
});

test('a provider that fails is a 502 and Anthropic’s api_error', async () => {
  const tenant = await createTenant(world().owner);
  const content = '[[sandbox: status=500]]';
  const ask = { model: 'sandbox-chat', ...says(content) };
  const error = await failureOf<OpenAiError>(openaiAt(world().url, tenant.key, 0).chat.completions.create(ask));
  expect(error).toBeInstanceOf(OpenAI.InternalServerError);
  expect(error).toMatchObject({ status: 502, code: 'provider_error', type: 'server_error' });
  const other = await failureOf<AnthropicError>(
    anthropicAt(world().url, tenant.key, 0).messages.create({ ...ask, max_tokens: 20 }),
  );
  expect(other.error).toMatchObject({ error: { type: 'api_error' } });
});
