// Owns: the guarantees of the directives that ask for errors.

import { describe, expect, it } from 'vitest';
import { openSandboxCalls } from './testing/sandbox-calls.ts';

const { chat, messages, post } = await openSandboxCalls();

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
