// Proves: what a client sends and how it takes what comes back, over a `fetch` of the test's own. Against the real server: tests/sdk.

import { describe, expect, it } from 'vitest';
import { createWeir, isProblem, WeirConnectionError, type WeirOptions, WeirProblem } from './index.ts';

interface Sent {
  readonly url: string;
  readonly init: RequestInit;
  readonly headers: Headers;
}

/** A client whose requests are answered one after the other; the last answer repeats. */
function clientOf(answers: readonly (() => Response | Promise<Response>)[], options: Partial<WeirOptions> = {}) {
  const sent: Sent[] = [];
  const weir = createWeir({
    ...{ baseUrl: 'https://weir.example/', token: 'wt_1', random: () => 0, ...options },
    fetch: async (url, init = {}) => {
      sent.push({ url: String(url), init, headers: new Headers(init.headers) });
      const answer = answers[Math.min(sent.length, answers.length) - 1];
      if (answer === undefined) throw new TypeError('no answer is left');
      // As the real one: an abort that came before or during ends it.
      init.signal?.throwIfAborted();
      return answer();
    },
  });
  return { weir, sent };
}

const json =
  (body: unknown, status = 200, headers: Record<string, string> = {}) =>
  (): Response =>
    new Response(JSON.stringify(body), {
      status,
      headers: { 'content-type': 'application/json', 'x-request-id': 'r1', ...headers },
    });
const problem = (
  code: string,
  status: number,
  more: Record<string, unknown> = {},
  headers: Record<string, string> = {},
) =>
  json(
    { type: `/problems/${code}`, title: 'No.', status, detail: 'Really.', code, request_id: 'r1', ...more },
    status,
    {
      'content-type': 'application/problem+json',
      ...headers,
    },
  );
const unreached = (): Promise<Response> => Promise.reject(new TypeError('fetch failed'));
const mine = { params: { id: 'north' } };

describe('what is sent', () => {
  it('is the path with its parameters, the query, the body, and who asks', async () => {
    const { weir, sent } = clientOf([json({ data: [], next_cursor: null })], {
      organization: 'north',
      headers: { 'x-a': '1' },
    });
    await weir.audit.listAuditLogs({ query: { limit: 5, action: 'member.*', actor: undefined } });
    await weir.organizations.update({
      params: { id: 'a/b?c' },
      body: { name: 'Löwe' },
      ifMatch: '"1"',
      organization: 'south',
    });
    expect(sent.map(({ url, init }) => [init.method, url, init.body])).toEqual([
      ['GET', 'https://weir.example/api/audit-logs?limit=5&action=member.*', undefined],
      ['PUT', 'https://weir.example/api/organizations/a%2Fb%3Fc', '{"name":"Löwe"}'],
    ]);
    const [list, update] = sent.map(({ headers }) => headers);
    expect([list?.get('authorization'), list?.get('x-weir-organization'), list?.get('x-a')]).toEqual([
      'Bearer wt_1',
      'north',
      '1',
    ]);
    expect([list?.has('idempotency-key'), list?.has('content-type')]).toEqual([false, false]);
    expect([update?.get('x-weir-organization'), update?.get('if-match'), update?.get('content-type')]).toEqual([
      'south',
      '"1"',
      'application/json',
    ]);
    expect(update?.get('idempotency-key')).toMatch(/^[0-9a-f]{32}$/);
  });

  it.each(['', '.', '..'])('is nothing when a parameter would be another path: %j', async (id) => {
    const { weir, sent } = clientOf([json({})]);
    await expect(weir.organizations.get({ params: { id } })).rejects.toThrow(TypeError);
    expect(sent).toEqual([]);
  });

  it('carries a token that is asked for at each try, or a session with its origin', async () => {
    let asked = 0;
    const token = async () => `wt_${++asked}`;
    const first = clientOf([problem('overloaded', 503), json({ data: {} })], { token });
    await first.weir.me.get();
    expect(first.sent.map(({ headers }) => headers.get('authorization'))).toEqual(['Bearer wt_1', 'Bearer wt_2']);
    const second = clientOf([json({ data: {} })], { token: undefined, cookie: 'weir-session=1' });
    await second.weir.me.get();
    expect([...(second.sent[0]?.headers ?? [])]).toEqual([
      ['accept', 'application/json'],
      ['cookie', 'weir-session=1'],
      ['origin', 'https://weir.example'],
    ]);
  });
});

describe('another try', () => {
  it('repeats a write under the same key, so that it is done once', async () => {
    const { weir, sent } = clientOf([unreached, problem('overloaded', 503), json({ data: { id: '1' } }, 201)]);
    const { data } = await weir.organizations.create({ body: { name: 'X' } });
    expect([data.id, sent.length]).toEqual(['1', 3]);
    expect(new Set(sent.map(({ headers }) => headers.get('idempotency-key'))).size).toBe(1);
  });

  it('is not made of a write whose answers the server does not keep', async () => {
    const { weir, sent } = clientOf([unreached]);
    await expect(weir.signIn.signIn({ body: { email: 'a@b.c', password: 'x' } })).rejects.toThrow(WeirConnectionError);
    expect(sent.length).toBe(1);
  });

  it('ends after as many as were asked for', async () => {
    const { weir, sent } = clientOf([problem('overloaded', 503)]);
    await expect(weir.me.get({ retriesMax: 1 })).rejects.toMatchObject({ code: 'overloaded' });
    await expect(weir.me.get({ retriesMax: 0 })).rejects.toMatchObject({ code: 'overloaded' });
    expect(sent.length).toBe(3);
  });

  it.each<[string, (leave: () => void) => void]>([
    ['before the pause', (leave) => leave()],
    ['during the pause', (leave) => setImmediate(leave)],
  ])('is not waited for once the caller has left, %s', async (_name, when) => {
    const leaving = new AbortController();
    const { weir, sent } = clientOf([
      () => {
        when(() => leaving.abort(new Error('left')));
        return problem('rate_limited', 429, {}, { 'retry-after': '30' })();
      },
    ]);
    await expect(weir.me.get({ signal: leaving.signal })).rejects.toThrow('left');
    expect(sent.length).toBe(1);
  });
});

describe('what goes wrong', () => {
  it('is an error with its code, its fields and its request', async () => {
    const errors = [{ path: 'name', message: 'is required' }];
    const { weir } = clientOf([problem('invalid_request', 400, { errors })]);
    const error = await weir.organizations.create({ body: { name: '' } }).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(WeirProblem);
    expect(error).toMatchObject({
      code: 'invalid_request',
      status: 400,
      requestId: 'r1',
      fields: errors,
      message: 'No. Really.',
    });
    expect([isProblem(error), isProblem(error, 'stale', 'invalid_request'), isProblem(error, 'stale')]).toEqual([
      true,
      true,
      false,
    ]);
    expect(isProblem(new Error('x'))).toBe(false);
  });

  it('may come from a proxy: then its page is not read as ours', async () => {
    const { weir } = clientOf([
      () => new Response('<h1>Bad gateway</h1>', { status: 502, headers: { 'content-type': 'text/html' } }),
    ]);
    await expect(weir.me.get({ retriesMax: 0 })).rejects.toMatchObject({
      code: 'unexpected_answer',
      status: 502,
      requestId: null,
    });
  });

  it('may be time: the request is ended', async () => {
    const endless = createWeir({
      ...{ baseUrl: 'https://weir.example', timeoutMs: 1, retriesMax: 0 },
      fetch: (_url, init) =>
        new Promise((_, reject) => init?.signal?.addEventListener('abort', () => reject(init.signal?.reason))),
    });
    await expect(endless.me.get()).rejects.toMatchObject({ name: 'WeirConnectionError', isTimeout: true });
  });
});

describe('a list', () => {
  const pages = [
    json({ data: [1, 2], next_cursor: 'b' }),
    json({ data: [], next_cursor: 'c' }),
    json({ data: [3], next_cursor: null }),
  ];

  it('goes on by itself, with the same filters and organization, and asks for each page once', async () => {
    const { weir, sent } = clientOf(pages);
    const items: unknown[] = [];
    for await (const item of weir.audit.listActivity({ query: { limit: 2 }, organization: 'north' }).all())
      items.push(item);
    expect(items).toEqual([1, 2, 3]);
    expect(sent.map(({ url }) => new URL(url).search)).toEqual(['?limit=2', '?limit=2&cursor=b', '?limit=2&cursor=c']);
    expect(sent.every(({ headers }) => headers.get('x-weir-organization') === 'north')).toBe(true);
  });

  it('gives its first page when it is awaited, and no more than is read', async () => {
    const { weir, sent } = clientOf(pages);
    const call = weir.audit.listActivity();
    expect((await call).data).toEqual([1, 2]);
    for await (const item of call.all()) if (item !== undefined) break;
    expect(sent.length).toBe(1);
  });
});

it('tells of the response when it is asked: for `ifMatch`', async () => {
  const { weir } = clientOf([json({ data: { name: 'X' } }, 200, { etag: '"7"' })]);
  const { output, response } = await weir.organizations.get(mine).withResponse();
  expect([output.data.name, response.etag, response.status, response.requestId]).toEqual(['X', '"7"', 200, 'r1']);
});

it('gives a file with its name, to be read once', async () => {
  const { weir } = clientOf([
    () =>
      new Response('a,b\n', {
        headers: { 'content-type': 'text/csv', 'content-disposition': 'attachment; filename="log.csv"' },
      }),
  ]);
  const file = await weir.audit.exportAuditLogs();
  expect([file.filename, file.contentType, await file.text()]).toEqual(['log.csv', 'text/csv', 'a,b\n']);
});
