// Owns: the guarantees of every answer, and of the server's start and end. Not: what the SDKs make of answers (sdk-errors.test.ts and others).

import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { systemClock } from '../../primitives/clock.ts';
import { createSandboxServer } from './sandbox-server.ts';
import { HEADERS, openSandboxCalls, readAll } from './testing/sandbox-calls.ts';

const sandbox = await openSandboxCalls();
const { chat, post } = sandbox;

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
    expect(JSON.stringify(sandbox.logged)).not.toContain('canary-secret');
    expect(JSON.stringify(sandbox.logged)).not.toContain('Hello');
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
    const { port } = new URL(sandbox.url);
    const second = createSandboxServer({ clock: systemClock });
    await expect(second.listen({ host: '127.0.0.1', port: Number(port) })).rejects.toThrow(/EADDRINUSE/);
  });

  it('forgets a client that leaves in the middle of its request', async () => {
    const { port } = new URL(sandbox.url);
    const before = sandbox.logged.length;
    await new Promise<void>((resolve) => {
      const socket = connect(Number(port), '127.0.0.1', () => {
        socket.write('POST /v1/chat/completions HTTP/1.1\r\nhost: a\r\ncontent-length: 100\r\n\r\n{', () => {
          socket.destroy();
          resolve();
        });
      });
    });
    expect((await chat('')).status).toBe(200);
    expect(sandbox.logged.length).toBe(before + 1);
  });
});
