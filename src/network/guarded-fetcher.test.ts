// Proves: a request goes to judged addresses alone, at the first step, at the connection and at each redirect, and every answer is bounded.

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { Client } from 'undici';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { takeClosedPort } from '../primitives/testing/closed-port.ts';
import { createDnsResolver } from './dns-resolver.ts';
import { createGuardedConnector } from './guarded-connector.ts';
import { createGuardedFetcher, type GuardedFetcher, type OutboundRequest } from './guarded-fetcher.ts';
import { createOutboundAllow } from './outbound-allow.ts';
import { OutboundError } from './outbound-error.ts';
import { startDnsServer, type TestDnsServer } from './testing/dns-server.ts';

let server: Server;
let base: string;
let port: number;
let dns: TestDnsServer;
let zone: Record<string, () => readonly string[]>;
let seen: IncomingMessage[];
let answer: (request: IncomingMessage, response: ServerResponse) => void;

beforeAll(async () => {
  server = createServer((request, response) => {
    seen.push(request);
    answer(request, response);
  });
  port = await listen(server);
  base = `http://files.example.com:${port}`;
  dns = await startDnsServer(({ name, type }) => (type === 'A' ? (zone[name]?.() ?? null) : []));
});

afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await dns.close();
});

beforeEach(() => {
  seen = [];
  zone = { 'files.example.com': () => ['127.0.0.1'], 'other.example.com': () => ['127.0.0.1'] };
  answer = (_request, response) => response.end('hello');
});

async function listen(each: Server | ReturnType<typeof createTcpServer>): Promise<number> {
  const { promise, resolve } = Promise.withResolvers<void>();
  each.listen(0, '127.0.0.1', resolve);
  await promise;
  return (each.address() as AddressInfo).port;
}

/** A fetcher for which this machine's loopback is an exception, or with other exceptions. */
function fetcherWith(...allow: string[]): GuardedFetcher {
  return createGuardedFetcher({
    resolver: createDnsResolver({ servers: [dns.address] }),
    allow: createOutboundAllow(allow),
  });
}

const here = (): GuardedFetcher => fetcherWith('127.0.0.1');

async function reasonOf(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(OutboundError);
  return (error as OutboundError).reason;
}

const fetchHere = (request: Omit<OutboundRequest, 'url'> & { url?: string }) => here().fetch({ url: base, ...request });

test('an answer comes whole, without its cookies, and says where it came from', async () => {
  answer = (request, response) => {
    response.writeHead(201, { 'x-answer': 'yes', 'set-cookie': 'session=1' });
    request.pipe(response);
  };
  const url = `${base}/hook?x=1`;
  const given = await here().fetch({ url, method: 'POST', headers: { 'x-signature': 'abc' }, body: 'ping' });
  expect({ ...given, body: given.body.toString() }).toMatchObject({ status: 201, body: 'ping', url });
  expect(given.headers).toMatchObject({ 'x-answer': 'yes' });
  expect(given.headers).not.toHaveProperty('set-cookie');
  expect(seen[0]?.headers).toMatchObject({ host: `files.example.com:${port}`, 'x-signature': 'abc' });
});

test('a name that leads inside is refused when it is saved and when it is called', async () => {
  zone['inside.example.com'] = () => ['10.0.0.7'];
  const fetcher = fetcherWith();
  const check = await fetcher.checkUrl('https://inside.example.com/');
  expect(check).toEqual({ ok: false, reason: 'forbidden_address', message: expect.not.stringContaining('10.') });
  expect(await reasonOf(fetcher.fetch({ url: 'https://inside.example.com/' }))).toBe('forbidden_address');
  expect(await fetcher.checkUrl('https://nowhere.example.com/')).toMatchObject({ ok: false, reason: 'unresolvable' });
  zone['outside.example.com'] = () => ['93.184.215.14'];
  expect(await fetcher.checkUrl('https://Outside.example.com')).toEqual({
    ok: true,
    url: 'https://outside.example.com/',
  });
});

test('a name that changes where it leads after it was saved is refused, and nothing connects', async () => {
  const answers = [['10.0.0.7'], ['127.0.0.1'], ['127.0.0.1']];
  zone['rebind.example.com'] = () => answers.shift() ?? [];
  const fetcher = fetcherWith('10.0.0.0/8');
  const url = `http://rebind.example.com:${port}/`;
  expect(await fetcher.checkUrl(url)).toMatchObject({ ok: true });
  expect(await reasonOf(fetcher.fetch({ url }))).toBe('forbidden_address');
  expect(answers).toHaveLength(1);
  expect(seen).toHaveLength(0);
});

test('a request asks for a name once and connects to what was judged, whatever the name says next', async () => {
  let asked = 0;
  zone['flip.example.com'] = () => {
    asked += 1;
    return asked === 1 ? ['127.0.0.1'] : ['127.0.0.66'];
  };
  const { status } = await here().fetch({ url: `http://flip.example.com:${port}/` });
  expect({ status, asked }).toEqual({ status: 200, asked: 1 });
  expect(seen).toHaveLength(1);
});

test('a public address beside one that leads inside does not help', async () => {
  zone['both.example.com'] = () => ['93.184.215.14', '127.0.0.2'];
  expect(await reasonOf(fetcherWith('127.0.0.1').fetch({ url: 'http://both.example.com/' }))).toBe('forbidden_address');
});

test('an address in the URL is judged like one behind a name', async () => {
  expect(await reasonOf(fetcherWith().fetch({ url: 'http://127.0.0.1/' }))).toBe('forbidden_address');
  expect(await reasonOf(fetcherWith('10.0.0.0/8').fetch({ url: `http://127.0.0.1:${port}/` }))).toBe(
    'forbidden_address',
  );
  expect((await here().fetch({ url: `http://127.0.0.1:${port}/` })).status).toBe(200);
});

test('what a socket is connected to is judged too: a request that came past every other rule is cut before it is sent', async () => {
  const context = { resolver: createDnsResolver({ servers: [dns.address] }), allow: createOutboundAllow([]) };
  const connect = createGuardedConnector(context, { host: 'files.example.com', port, connectMs: 5_000 });
  const client = new Client(`http://127.0.0.1:${port}`, { connect });
  expect(await reasonOf(client.request({ path: '/', method: 'GET' }))).toBe('forbidden_address');
  expect(seen).toHaveLength(0);
  await client.destroy();
});

test('a listed name is the machine’s own, at the listed port alone', async () => {
  // On some machines localhost is ::1 first; Node then tries the other.
  const fetcher = fetcherWith(`localhost:${port}`);
  expect((await fetcher.fetch({ url: `http://localhost:${port}/` })).body.toString()).toBe('hello');
  expect(await reasonOf(fetcher.fetch({ url: 'http://localhost:1/' }))).toBe('forbidden_host');
});

test('a redirect is refused unless it is asked for, and never followed with a body', async () => {
  answer = (_request, response) => response.writeHead(302, { location: '/next' }).end();
  const acceptRedirect = () => true;
  expect(await reasonOf(fetchHere({}))).toBe('redirected');
  expect(await reasonOf(fetchHere({ method: 'POST', body: 'x', acceptRedirect }))).toBe('redirected');
  expect(await reasonOf(fetchHere({ acceptRedirect: () => false }))).toBe('redirected');
  expect(seen).toHaveLength(3);
});

test('three redirects are followed and no more', async () => {
  answer = (request, response) => {
    const step = Number(request.url?.slice(1) || 0);
    if (step < 3) response.writeHead(307, { location: `/${step + 1}` }).end();
    else response.end('there');
  };
  const acceptRedirect = () => true;
  expect(await fetchHere({ acceptRedirect })).toMatchObject({ status: 200, url: `${base}/3` });
  answer = (_request, response) => response.writeHead(301, { location: base }).end();
  seen = [];
  expect(await reasonOf(fetchHere({ acceptRedirect }))).toBe('redirected');
  expect(seen).toHaveLength(4);
});

test.each([
  ['http://169.254.169.254/latest/', 'forbidden_address'],
  ['http://10.0.0.1/', 'forbidden_address'],
  ['http://2130706433/', 'invalid_url'],
  ['http://0x7f.1/', 'invalid_url'],
  ['//localhost/', 'forbidden_host'],
  ['file:///etc/passwd', 'forbidden_scheme'],
  ['http://user:pass@files.example.com/', 'invalid_url'],
  ['http://inside.example.com/', 'forbidden_address'],
  ['http://[::ffff:127.0.0.1]/', 'forbidden_address'],
  ['', 'redirected'],
])('a redirect to %s is refused: %s', async (location, reason) => {
  zone['inside.example.com'] = () => ['192.168.0.1'];
  answer = (_request, response) => response.writeHead(302, location === '' ? {} : { location }).end();
  const work = fetchHere({ acceptRedirect: () => location !== '' });
  expect(await reasonOf(work)).toBe(reason);
  expect(seen).toHaveLength(1);
});

test('what was meant for one origin is not told to the next', async () => {
  answer = (request, response) => {
    if (request.headers.host?.startsWith('files') === true)
      response.writeHead(302, { location: `http://other.example.com:${port}/` }).end();
    else response.end('hello');
  };
  await fetchHere({ headers: { authorization: 'Bearer abc', cookie: 'a=1' }, acceptRedirect: () => true });
  expect(seen.map(({ headers }) => headers.authorization)).toEqual(['Bearer abc', undefined]);
  expect(seen[1]?.headers).not.toHaveProperty('cookie');
});

test.each(['host', 'Content-Length', 'transfer-encoding', 'connection', 'proxy-authorization'])(
  'the header %s cannot be set',
  async (name) => {
    expect(await reasonOf(fetchHere({ headers: { [name]: 'x' } }))).toBe('forbidden_header');
    expect(seen).toHaveLength(0);
  },
);

test('a header with a line break is refused', async () => {
  expect(await reasonOf(fetchHere({ headers: { 'x-a': 'b\r\nx-c: d' } }))).toBe('forbidden_header');
  expect(seen).toHaveLength(0);
});

test('an answer that is too large is cut, with and without a length', async () => {
  const large = Buffer.alloc(5_000, 'x');
  answer = (_request, response) => response.end(large);
  expect(await reasonOf(fetchHere({ answerBytesMax: 4_999 }))).toBe('too_large');
  expect((await fetchHere({ answerBytesMax: 5_000 })).body).toHaveLength(5_000);
  answer = (_request, response) => {
    const more = (): void => void (response.destroyed || response.write(large, more));
    more();
  };
  expect(await reasonOf(fetchHere({ answerBytesMax: 20_000 }))).toBe('too_large');
});

test('headers that are too large, a packed body and what is not HTTP are refused', async () => {
  answer = (_request, response) => response.writeHead(200, { 'x-large': 'x'.repeat(20_000) }).end();
  expect(await reasonOf(fetchHere({}))).toBe('too_large');
  answer = (_request, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end('bomb');
  expect(await reasonOf(fetchHere({}))).toBe('bad_answer');
  const odd = createTcpServer((socket) => socket.end('220 mail.example.com ESMTP\r\n'));
  const oddPort = await listen(odd);
  expect(await reasonOf(here().fetch({ url: `http://127.0.0.1:${oddPort}/` }))).toBe('bad_answer');
  odd.close();
  const closed = await takeClosedPort();
  expect(await reasonOf(here().fetch({ url: `http://127.0.0.1:${closed.port}/` }))).toBe('unreachable');
  await closed.giveBack();
});

test('a server that never answers, or never ends, is left', async () => {
  answer = () => {};
  expect(await reasonOf(fetchHere({ totalMs: 100 }))).toBe('timeout');
  answer = (_request, response) => void response.write('x');
  expect(await reasonOf(fetchHere({ totalMs: 100 }))).toBe('timeout');
});
