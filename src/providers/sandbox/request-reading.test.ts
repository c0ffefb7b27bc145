// Owns: the guarantee that a request which is not valid is answered with an error that names the field.

import { describe, expect, it } from 'vitest';
import { BODY_BYTES_MAX } from './limits.ts';
import { HEADERS, openSandboxCalls } from './testing/sandbox-calls.ts';

const sandbox = await openSandboxCalls();
const { chat, post } = sandbox;

describe('requests that are not valid', () => {
  it.each([
    ['no JSON', '/v1/chat/completions', '{', undefined],
    ['no object', '/v1/chat/completions', [], undefined],
    ['no model', '/v1/chat/completions', { messages: [{ role: 'user', content: 'a' }] }, 'model'],
    ['no messages', '/v1/chat/completions', { model: 'm' }, 'messages'],
    ['a message that is none', '/v1/chat/completions', { model: 'm', messages: [1] }, 'messages[0]'],
    ['n of 0', '/v1/chat/completions', { model: 'm', n: 0, messages: [{ role: 'user', content: 'a' }] }, 'n'],
    [
      'a tool without a name',
      '/v1/chat/completions',
      { model: 'm', tools: [{}], messages: [{ role: 'user' }] },
      'tools[0]',
    ],
    [
      'a tool_choice of no tool',
      '/v1/chat/completions',
      { model: 'm', messages: [{ role: 'user' }], tool_choice: { type: 'function', function: { name: 'x' } } },
      'tool_choice',
    ],
    [
      'a schema without a name',
      '/v1/chat/completions',
      { model: 'm', messages: [{ role: 'user' }], response_format: { type: 'json_schema' } },
      'response_format.json_schema',
    ],
    ['an empty input', '/v1/embeddings', { model: 'm', input: '' }, 'input'],
    ['no input', '/v1/embeddings', { model: 'm', input: [] }, 'input'],
    ['too many dimensions', '/v1/embeddings', { model: 'm', input: 'a', dimensions: 5000 }, 'dimensions'],
    ['an unknown encoding', '/v1/embeddings', { model: 'm', input: 'a', encoding_format: 'hex' }, 'encoding_format'],
    ['an unknown directive', '/v1/chat/completions', { model: 'm?explode', messages: [{ role: 'user' }] }, 'messages'],
  ])('%s is answered with 400 that names the field', async (_name, path, body, param) => {
    const response = await post(path, body);
    expect(response.status).toBe(400);
    const { error } = (await response.json()) as { error: { param: string | null; message: string } };
    expect(error.param).toBe(param ?? null);
  });

  it.each([
    [
      'no max_tokens',
      { model: 'm', messages: [{ role: 'user', content: 'a' }] },
      HEADERS,
      'max_tokens: Field required',
    ],
    [
      'no version',
      { model: 'm', max_tokens: 1, messages: [] },
      { 'x-api-key': 'k' },
      'anthropic-version: header is required',
    ],
    [
      'a tool_choice of no tool',
      {
        model: 'm',
        max_tokens: 1,
        messages: [{ role: 'user', content: 'a' }],
        tool_choice: { type: 'tool', name: 'x' },
      },
      HEADERS,
      'tool_choice.name: names a tool that is not among the tools.',
    ],
  ])('an Anthropic call with %s is answered with 400', async (_name, body, headers, message) => {
    const response = await post('/v1/messages', body, { headers });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { type: 'invalid_request_error', message } });
  });

  it('a body beyond the bound is answered with 413', async () => {
    const response = await post('/v1/chat/completions', 'x'.repeat(BODY_BYTES_MAX + 1));
    expect(response.status).toBe(413);
    expect(response.headers.get('connection')).toBe('close');
    await response.arrayBuffer();
  });

  it('what nobody thought of is answered with 500 and does not end the server', async () => {
    const nested = `${'['.repeat(200_000)}${']'.repeat(200_000)}`;
    const tools = `{"model":"m","messages":[{"role":"user","content":"a"}],"tools":[{"type":"function","function":{"name":"f","parameters":${nested}}}]}`;
    expect((await fetch(`${sandbox.url}/v1/models/%E0%A4`, { headers: HEADERS })).status).toBe(500);
    expect([200, 400, 500]).toContain((await post('/v1/chat/completions', tools)).status);
    expect((await chat('')).status).toBe(200);
  });

  it('unknown paths and methods are answered with 404', async () => {
    expect((await post('/v1/unknown', {})).status).toBe(404);
    expect((await fetch(`${sandbox.url}/v1/chat/completions`, { headers: HEADERS })).status).toBe(404);
  });
});
