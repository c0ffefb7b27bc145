// Proves: OpenAI's official SDK uses its Responses API through Weir, with models of either vendor, and every answer is booked to the token.

import OpenAI from 'openai';
import { describe, expect, test } from 'vitest';
import { eventsIn, exchange } from '../../src/gateway/testing/exchanges.ts';
import { countersOf, onlyEventOf } from '../../src/gateway/testing/ledger-view.ts';
import { createTenant } from '../../src/gateway/testing/tenants.ts';
import { openaiAt, worldOfFile } from '../../src/gateway/testing/world-of-file.ts';

const world = worldOfFile();

async function start(organization: Record<string, unknown> = {}) {
  const tenant = await createTenant(world().owner, { organization });
  return { tenant, openai: openaiAt(world().url, tenant.key) };
}

const WEATHER = {
  type: 'function',
  name: 'get_weather',
  description: 'Today’s weather.',
  strict: true,
  parameters: {
    type: 'object',
    properties: { city: { type: 'string' } },
    required: ['city'],
    additionalProperties: false,
  },
} as const;

describe.each(['sandbox-chat', 'sandbox-claude'])('%s', (model) => {
  test('answers a text, and its event has the tokens that the answer reports', async () => {
    const { tenant, openai } = await start();
    const answer = await openai.responses.create({ model, input: 'Say hello.', instructions: 'Be brief.' });
    expect(answer.output_text).toContain('Say hello.');
    expect(answer).toMatchObject({ object: 'response', status: 'completed', instructions: 'Be brief.', store: false });
    expect(await onlyEventOf(world(), tenant.organizationId)).toMatchObject({
      status: 'success',
      source: 'provider',
      model,
      streamed: false,
      input: BigInt(answer.usage?.input_tokens ?? -1),
      output: BigInt(answer.usage?.output_tokens ?? -1),
    });
  });

  test('streams events that the SDK puts together to the same response', async () => {
    const { tenant, openai } = await start();
    const ask = { model, input: [{ role: 'user' as const, content: 'Tell a story.' }] };
    const stream = openai.responses.stream(ask);
    const types: string[] = [];
    let text = '';
    stream.on('event', (event) => types.push(event.type));
    stream.on('response.output_text.delta', (event) => {
      text += event.delta;
    });
    const final = await stream.finalResponse();
    expect(types.slice(0, 4)).toEqual([
      'response.created',
      'response.in_progress',
      'response.output_item.added',
      'response.content_part.added',
    ]);
    expect(types.filter((type) => type === 'response.output_text.delta').length).toBeGreaterThan(3);
    expect(types.at(-1)).toBe('response.completed');
    const event = await onlyEventOf(world(), tenant.organizationId);
    expect(event).toMatchObject({ status: 'success', source: 'provider', streamed: true });
    expect(event.output).toBe(BigInt(final.usage?.output_tokens ?? -1));
    const whole = await openai.responses.create(ask);
    expect([text, final.output_text]).toEqual([whole.output_text, whole.output_text]);
  });

  test('tools go there and back, whole and streamed', async () => {
    const { openai } = await start();
    const input: OpenAI.Responses.ResponseInput = [{ role: 'user', content: 'Use get_weather for Oslo.' }];
    const whole = await openai.responses.create({ model, tools: [WEATHER], input });
    const streamed = await openai.responses.stream({ model, tools: [WEATHER], input }).finalResponse();
    const callOf = ({ output }: OpenAI.Responses.Response) => output.find((item) => item.type === 'function_call');
    const call = callOf(whole);
    expect(call).toMatchObject({ name: 'get_weather', status: 'completed' });
    expect(JSON.parse(call?.arguments ?? '')).toHaveProperty('city');
    expect(callOf(streamed)?.arguments).toBe(call?.arguments);
    const second = await openai.responses.create({
      model,
      tools: [WEATHER],
      input: [
        ...input,
        ...(whole.output as OpenAI.Responses.ResponseInputItem[]),
        { type: 'function_call_output', call_id: call?.call_id ?? '', output: '{"celsius":4}' },
      ],
    });
    expect(second.output_text).not.toBe('');
    expect(second.output.some((item) => item.type === 'function_call')).toBe(false);
  });

  test('a JSON schema is kept to', async () => {
    const { openai } = await start();
    const schema = {
      type: 'object',
      properties: { name: { type: 'string' }, age: { type: 'integer' } },
      required: ['name', 'age'],
      additionalProperties: false,
    };
    const answer = await openai.responses.create({
      model,
      input: 'A person.',
      text: { format: { type: 'json_schema', name: 'person', strict: true, schema } },
    });
    expect(Object.keys(JSON.parse(answer.output_text)).sort()).toEqual(['age', 'name']);
  });

  test('what is longer than allowed is incomplete, and says why', async () => {
    const { openai } = await start();
    const ask = { model, input: '[[sandbox: tokens=200]] hi', max_output_tokens: 20 };
    for (const answer of [await openai.responses.create(ask), await openai.responses.stream(ask).finalResponse()]) {
      expect(answer).toMatchObject({ status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } });
      expect(answer.usage?.output_tokens).toBe(20);
    }
  });

  test('a stream that breaks is an error of the SDK, and charged for what came', async () => {
    const { tenant, openai } = await start();
    const stream = await openai.responses.create({ model, stream: true, input: '[[sandbox: cut=5]] hi' });
    const types: string[] = [];
    const read = async () => {
      for await (const event of stream) types.push(event.type);
    };
    await expect(read()).rejects.toThrow(OpenAI.APIError);
    expect(types).toContain('response.output_text.delta');
    const event = await onlyEventOf(world(), tenant.organizationId);
    expect(event).toMatchObject({ status: 'error', source: 'counted' });
    expect(event.output).toBeGreaterThan(0n);
  });

  test('a stream without room ends as incomplete, with a notice of the meter', async () => {
    const limit = 1500n;
    const { tenant } = await start({ token_quota_monthly: limit });
    const { text } = await exchange(`${world().url}/v1/responses`, {
      key: tenant.key,
      body: {
        ...{ model, stream: true, max_output_tokens: 300 },
        input: '[[sandbox: tokens=3000 ignore-max-tokens chunk-delay=1]] hi',
      },
    });
    const last = eventsIn(text).at(-1);
    expect(last).toMatchObject({ type: 'response.incomplete', weir: { code: 'organization_quota_exceeded' } });
    expect(last.response.output[0]).toMatchObject({ type: 'message', status: 'incomplete' });
    const event = await onlyEventOf(world(), tenant.organizationId);
    const [quota] = await countersOf(world().owner, tenant.organizationId);
    expect(quota).toMatchObject({ used: event.input + event.output, held: 0n });
  });
});

test('a caller who leaves in mid-stream cancels it, and pays for what came', async () => {
  const { tenant, openai } = await start();
  const stream = await openai.responses.create({
    ...{ model: 'sandbox-chat', stream: true },
    input: '[[sandbox: tokens=500 chunk-delay=5]] hi',
  });
  for await (const event of stream) if (event.type === 'response.output_text.delta') break;
  expect(await world().tap.last().ended).toBe('left');
  const event = await onlyEventOf(world(), tenant.organizationId);
  expect(event.status).toBe('cancelled');
  expect(event.output).toBeLessThan(500n);
});

test('the end of a stream has the cost, and no sentinel behind it', async () => {
  const { tenant } = await start();
  const { text } = await exchange(`${world().url}/v1/responses`, {
    key: tenant.key,
    body: { model: 'sandbox-chat', stream: true, input: 'Once.' },
  });
  expect(eventsIn(text).at(-1)).toMatchObject({
    type: 'response.completed',
    weir: { cost_usd: expect.stringMatching(/^0\.\d+$/), request_id: expect.any(String) },
  });
  expect(text).not.toContain('[DONE]');
  expect(await onlyEventOf(world(), tenant.organizationId)).toMatchObject({ status: 'success' });
});

test.each<[string, object, number, string, string]>([
  ['no input', {}, 400, 'invalid_request', 'input'],
  ['an unknown model', { model: 'nobody', input: 'x' }, 404, 'model_not_found', 'model'],
  [
    'a response to go on from',
    { input: 'x', previous_response_id: 'resp_1' },
    400,
    'unsupported_parameter',
    'previous_response_id',
  ],
  [
    'a search by the provider',
    { input: 'x', tools: [{ type: 'web_search' }] },
    400,
    'unsupported_parameter',
    'tools[0].type',
  ],
])('%s is refused by its name, before anything leaves', async (_, more, status, code, param) => {
  const { openai } = await start();
  const asked = openai.responses.create({ model: 'sandbox-chat', ...more });
  await expect(asked).rejects.toMatchObject({ status, code, param });
  expect(world().tap.requests).toEqual([]);
});

test('a used-up quota is told as such, and the SDK does not try again', async () => {
  const { openai } = await start({ token_quota_monthly: 1n });
  await expect(openai.responses.create({ model: 'sandbox-chat', input: 'x' })).rejects.toMatchObject({
    status: 429,
    type: 'insufficient_quota',
    code: 'organization_quota_exceeded',
  });
  expect(world().tap.requests).toEqual([]);
});

test.each<[string, object]>([
  ['of items', { input: [{ role: 'user', content: 'x' }] }],
  ['of a text, with a field of its own', { input: 'x', max_output_tokens: 7 }],
])('explain tells what a response %s would meet', async (_, body) => {
  const { tenant } = await start();
  const { json } = await exchange(`${world().url}/v1/admission/explain`, {
    key: tenant.key,
    body: { model: 'sandbox-chat', ...body },
  });
  expect(json).toMatchObject({ allowed: true });
});
