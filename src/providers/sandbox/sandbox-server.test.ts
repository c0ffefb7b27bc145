// Owns: the guarantees of the sandbox's wire behaviour: faults, bounds, leaving clients. Not: what the SDKs make of it (sandbox-sdk.test.ts).

import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createManualClock, systemClock } from '../../primitives/clock.ts';
import { BODY_BYTES_MAX } from './limits.ts';
import { createSandboxServer, type SandboxLogEntry } from './sandbox-server.ts';

const logged: SandboxLogEntry[] = [];
const sandbox = createSandboxServer({
  clock: createManualClock(1_700_000_000_000),
  log: (entry) => logged.push(entry),
});
let url = '';

beforeAll(async () => {
  ({ url } = await sandbox.listen({ host: '127.0.0.1', port: 0 }));
});
afterAll(() => sandbox.close());

const HEADERS = { authorization: 'Bearer canary-secret', 'anthropic-version': '2023-06-01' };

function post(path: string, body: unknown, init: RequestInit = {}): Promise<Response> {
  return fetch(url + path, {
    method: 'POST',
    headers: HEADERS,
    body: typeof body === 'string' ? body : JSON.stringify(body),
    redirect: 'manual',
    ...init,
  });
}

const chat = (directives: string, more: object = {}): Promise<Response> =>
  post('/v1/chat/completions', {
    model: 'sandbox-chat',
    messages: [{ role: 'user', content: `Hello [[sandbox: ${directives}]]` }],
    ...more,
  });
const messages = (directives: string, more: object = {}): Promise<Response> =>
  post('/v1/messages', {
    model: `sandbox-chat?${directives}`,
    max_tokens: 100,
    messages: [{ role: 'user', content: 'Hello' }],
    ...more,
  });

/** The `data:` lines of a stream, as text. */
const dataLines = (text: string): string[] =>
  text.split('\n').flatMap((line) => (line.startsWith('data: ') ? [line.slice(6)] : []));

/** Reads until the stream ends or breaks. */
async function readAll(response: Response): Promise<{ text: string; broken: boolean }> {
  const decoder = new TextDecoder();
  let text = '';
  try {
    for await (const chunk of response.body ?? []) text += decoder.decode(chunk, { stream: true });
    return { text, broken: false };
  } catch {
    return { text, broken: true };
  }
}

describe('every answer', () => {
  it.each([
    ['a chat', () => chat('')],
    ['a stream', () => chat('', { stream: true })],
    ['an error', () => chat('status=500')],
    ['an unknown path', () => post('/v1/nothing', {})],
    ['a page', () => chat('html')],
  ])('%s says that it comes from a sandbox and carries a request id under both names', async (_name, ask) => {
    const response = await ask();
    expect(response.headers.get('x-sandbox')).toBe('true');
    expect(response.headers.get('x-request-id')).toMatch(/^req_[0-9a-f]{32}$/);
    expect(response.headers.get('request-id')).toBe(response.headers.get('x-request-id'));
    await response.arrayBuffer();
  });

  it('is refused without credentials, in the shape of the route', async () => {
    const openai = await post('/v1/chat/completions', {}, { headers: {} });
    const anthropic = await post('/v1/messages', {}, { headers: {} });
    expect([openai.status, anthropic.status]).toEqual([401, 401]);
    expect(await openai.json()).toMatchObject({ error: { code: 'invalid_api_key' } });
    expect(await anthropic.json()).toMatchObject({ type: 'error', error: { type: 'authentication_error' } });
  });

  it('never repeats the credentials, in no body, no header and no log', async () => {
    for (const directives of ['', 'status=401', 'status=429', 'html', 'redirect', 'malformed']) {
      const response = await chat(directives);
      expect(JSON.stringify([...response.headers]) + (await response.text())).not.toContain('canary-secret');
    }
    expect(JSON.stringify(logged)).not.toContain('canary-secret');
    expect(JSON.stringify(logged)).not.toContain('Hello');
  });

  it('is the same for the same request', async () => {
    for (const more of [{}, { stream: true }, { n: 3 }, { seed: 7 }]) {
      const [first, second] = await Promise.all([chat('', more), chat('', more)]);
      expect(await first?.text()).toBe(await second?.text());
    }
  });

  it('differs for another seed', async () => {
    const texts = await Promise.all([1, 2, 3, 4].map(async (seed) => (await chat('tokens=60', { seed })).text()));
    expect(new Set(texts.map((text) => JSON.parse(text).choices[0].message.content)).size).toBe(4);
  });
});

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
    expect((await fetch(`${url}/v1/models/%E0%A4`, { headers: HEADERS })).status).toBe(500);
    expect([200, 400, 500]).toContain((await post('/v1/chat/completions', tools)).status);
    expect((await chat('')).status).toBe(200);
  });

  it('unknown paths and methods are answered with 404', async () => {
    expect((await post('/v1/unknown', {})).status).toBe(404);
    expect((await fetch(`${url}/v1/chat/completions`, { headers: HEADERS })).status).toBe(404);
  });
});

describe('error directives', () => {
  it.each([400, 401, 402, 403, 404, 408, 409, 413, 418, 422, 429, 500, 502, 503, 504, 529, 599])(
    'status=%i is answered with this status in both shapes',
    async (status) => {
      const openai = await chat(`status=${status}`);
      const anthropic = await messages(`status=${status}`);
      expect([openai.status, anthropic.status]).toEqual([status, status]);
      expect(await openai.json()).toMatchObject({ error: { message: expect.any(String), type: expect.any(String) } });
      expect(await anthropic.json()).toMatchObject({
        type: 'error',
        error: { type: expect.any(String), message: expect.any(String) },
        request_id: expect.any(String),
      });
    },
  );

  it.each([
    ['retry-after=2', 'retry-after', '2'],
    ['retry-after=-1', 'retry-after', '-1'],
    ['retry-after=soon', 'retry-after', 'soon'],
    ['retry-after=date', 'retry-after', 'Tue, 14 Nov 2023 22:13:22 GMT'],
    ['retry-after-ms=150', 'retry-after-ms', '150'],
    ['set-cookie', 'set-cookie', 'sandbox=1; Path=/; HttpOnly'],
  ])('%s sets its header', async (directive, header, value) => {
    const response = await chat(`status=429 ${directive}`);
    expect(response.headers.get(header)).toBe(value);
    await response.arrayBuffer();
  });

  it('quota is a 429 of an account without money', async () => {
    const response = await chat('quota');
    expect(response.status).toBe(429);
    expect(await response.json()).toMatchObject({ error: { code: 'insufficient_quota', type: 'insufficient_quota' } });
  });

  it('redirect points elsewhere and html is no API answer', async () => {
    const redirect = await chat('redirect');
    expect([redirect.status, redirect.headers.get('location')]).toEqual([307, '/v1/redirect-was-followed']);
    const page = await chat('html');
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    expect(await page.text()).toMatch(/^<!doctype html>/);
  });

  it('fail-first fails the first requests of a marker and then answers well', async () => {
    const statuses = async (directives: string, times: number): Promise<number[]> => {
      const found: number[] = [];
      for (let index = 0; index < times; index += 1) found.push((await chat(directives)).status);
      return found;
    };
    expect(await statuses('fail-first=2 marker=a', 4)).toEqual([503, 503, 200, 200]);
    expect(await statuses('fail-first=1 marker=b status=429', 2)).toEqual([429, 200]);
    expect(await statuses('fail-first=2 marker=b status=429', 2)).toEqual([200, 200]);
    expect(await statuses('fail-first', 2)).toEqual([503, 200]);
    await expect(chat('fail-first=1 marker=c reset')).rejects.toThrow();
    expect((await chat('fail-first=1 marker=c reset')).status).toBe(200);
  });

  it('directives after the model name work as in the text, and the text wins', async () => {
    const ask = (model: string, content: string): Promise<Response> =>
      post('/v1/chat/completions', { model, messages: [{ role: 'user', content }] });
    expect((await ask('sandbox-chat?status=418', 'Hello')).status).toBe(418);
    expect((await ask('sandbox-chat?status=418', '[[sandbox:status=500]]')).status).toBe(500);
    const answer = (await (await ask('sandbox-chat?tokens=5', 'Hello')).json()) as { model: string };
    expect(answer.model).toBe('sandbox-chat');
  });
});

describe('broken answers', () => {
  it('reset ends the connection before the first byte', async () => {
    await expect(chat('reset')).rejects.toThrow();
  });

  it('cut breaks a stream off after as many pieces, and what was sent arrives', async () => {
    const { text, broken } = await readAll(await chat('cut=3 tokens=10', { stream: true }));
    expect(broken).toBe(true);
    const pieces = dataLines(text).map((line) => JSON.parse(line).choices[0].delta.content);
    expect(pieces.filter((piece: unknown) => piece)).toHaveLength(3);
  });

  it('cut in a whole answer leaves half of its JSON', async () => {
    const { text, broken } = await readAll(await chat('cut'));
    expect(broken).toBe(true);
    expect(() => JSON.parse(text)).toThrow();
  });

  it('cut beyond the answer breaks it off before its end', async () => {
    const { text, broken } = await readAll(await chat('cut=1000 tokens=2', { stream: true }));
    expect(broken).toBe(true);
    expect(text).toContain('"finish_reason":"stop"');
    expect(text).not.toContain('[DONE]');
  });

  it.each([
    ['OpenAI', () => chat('stall=2', { stream: true })],
    ['Anthropic', () => messages('stall=2', { stream: true })],
  ])('stall sends %s pieces and then nothing, and lets go when the client leaves', async (_name, ask) => {
    const response = await ask();
    const reader = response.body?.getReader();
    let text = '';
    while (text.split('"delta"').length < 3) text += Buffer.from((await reader?.read())?.value ?? []).toString();
    await reader?.cancel();
    expect(text).not.toMatch(/\[DONE\]|message_stop/);
  });

  it('stream-error sends an error event in the shape of the protocol and ends', async () => {
    const openai = await readAll(await chat('stream-error=1', { stream: true }));
    expect(openai.broken).toBe(false);
    expect(JSON.parse(dataLines(openai.text).at(-1) ?? '')).toMatchObject({ error: { type: 'server_error' } });
    const anthropic = await readAll(await messages('stream-error=1', { stream: true }));
    expect(JSON.parse(dataLines(anthropic.text).at(-1) ?? '')).toMatchObject({ error: { type: 'overloaded_error' } });
    const chosen = await readAll(await chat('stream-error=1 status=429', { stream: true }));
    expect(JSON.parse(dataLines(chosen.text).at(-1) ?? '')).toMatchObject({ error: { code: 'rate_limit_exceeded' } });
  });

  it('no-done ends a stream without its mark', async () => {
    const openai = await readAll(await chat('no-done', { stream: true }));
    const anthropic = await readAll(await messages('no-done', { stream: true }));
    expect([openai.broken, anthropic.broken]).toEqual([false, false]);
    expect(openai.text).not.toContain('[DONE]');
    expect(anthropic.text).not.toContain('message_stop');
  });

  it('malformed puts an event that is no JSON between good ones, and halves a whole answer', async () => {
    const { text } = await readAll(await chat('malformed', { stream: true }));
    const bad = dataLines(text).filter((line) => {
      try {
        return line !== '[DONE]' && JSON.parse(line) === undefined;
      } catch {
        return true;
      }
    });
    expect(bad).toHaveLength(1);
    expect(text).toContain('[DONE]');
    const whole = await chat('malformed');
    expect(whole.status).toBe(200);
    await expect(whole.json()).rejects.toThrow();
  });

  it('huge-line sends a line of that length in a stream, and a body of that size otherwise', async () => {
    const { text } = await readAll(await chat('huge-line=300000', { stream: true }));
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBe(300_002);
    const whole = await (await chat('huge-line=300000')).text();
    expect(JSON.parse(whole).padding).toHaveLength(300_000);
    expect(JSON.parse(whole).choices).toHaveLength(1);
    expect((await (await chat('huge-line=10')).text()).length).toBeLessThan(2_000);
  });

  it('a client that leaves in the middle of an endless body frees the connection', async () => {
    const response = await chat('huge-line=1073741824');
    const reader = response.body?.getReader();
    await reader?.read();
    await reader?.cancel();
    expect((await chat('')).status).toBe(200);
  });

  it('split-utf8 sends writes that end within characters, which join to the whole text', async () => {
    const whole = (await (await chat('split-utf8')).json()) as { choices: { message: { content: string } }[] };
    const response = await chat('split-utf8', { stream: true });
    const chunks: Buffer[] = [];
    for await (const chunk of response.body ?? []) chunks.push(Buffer.from(chunk));
    const text = dataLines(Buffer.concat(chunks).toString())
      .filter((line) => line !== '[DONE]')
      .map((line) => JSON.parse(line).choices[0].delta.content ?? '')
      .join('');
    expect(text).toBe(whole.choices[0]?.message.content);
    expect(text).toContain('東京');
  });

  it('delay and chunk-delay wait and then answer', async () => {
    const { text, broken } = await readAll(await chat('delay=1 chunk-delay=1 tokens=4', { stream: true }));
    expect(broken).toBe(false);
    expect(text).toContain('[DONE]');
  });
});

describe('the server', () => {
  it('ends waiting and stalled answers when it closes', async () => {
    const own = createSandboxServer({ clock: systemClock });
    const { url: ownUrl } = await own.listen({ host: '127.0.0.1', port: 0 });
    const ask = (directives: string): Promise<Response> =>
      fetch(`${ownUrl}/v1/chat/completions`, {
        method: 'POST',
        headers: HEADERS,
        body: JSON.stringify({ model: `m?${directives}`, stream: true, messages: [{ role: 'user', content: 'a' }] }),
      });
    const stalled = await ask('stall');
    const waiting = ask('delay=600000');
    const read = readAll(stalled);
    const refused = expect(waiting).rejects.toThrow();
    // The stalled answer's head has come, and the waiting request was written before this one's answer.
    await (await ask('')).text();
    await own.close();
    expect((await read).broken).toBe(true);
    await refused;
  });

  it('says when its port is taken', async () => {
    const { port } = new URL(url);
    const second = createSandboxServer({ clock: systemClock });
    await expect(second.listen({ host: '127.0.0.1', port: Number(port) })).rejects.toThrow(/EADDRINUSE/);
  });

  it('forgets a client that leaves in the middle of its request', async () => {
    const { port } = new URL(url);
    const before = logged.length;
    await new Promise<void>((resolve) => {
      const socket = connect(Number(port), '127.0.0.1', () => {
        socket.write('POST /v1/chat/completions HTTP/1.1\r\nhost: a\r\ncontent-length: 100\r\n\r\n{', () => {
          socket.destroy();
          resolve();
        });
      });
    });
    expect((await chat('')).status).toBe(200);
    expect(logged.length).toBe(before + 1);
  });
});
