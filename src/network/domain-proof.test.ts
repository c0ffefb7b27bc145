// Proves: a domain is proven by its own TXT record or file with the very token, by nothing else, asked of a real DNS server and over real HTTP.

import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createNetwork } from './create-network.ts';
import { createDnsResolver } from './dns-resolver.ts';
import { createProofFinder, type FindProof, proofInstructions } from './domain-proof.ts';
import { startDnsServer, type TestDnsServer } from './testing/dns-server.ts';

const domain = 'example.com';
const token = 'tok_5f2c';
const value = `weir-verification=${token}`;

let dns: TestDnsServer;
let server: Server;
let port: number;
let texts: Record<string, readonly string[]>;
let addresses: Record<string, readonly string[]>;
let answer: (url: string, response: ServerResponse) => void;

beforeAll(async () => {
  dns = await startDnsServer(({ name, type }) => (type === 'TXT' ? texts : addresses)[name] ?? null);
  server = createServer((request, response) => answer(`${request.headers.host}${request.url}`, response));
  const { promise, resolve } = Promise.withResolvers<void>();
  server.listen(0, '127.0.0.1', resolve);
  await promise;
  port = (server.address() as AddressInfo).port;
});

afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await dns.close();
});

beforeEach(() => {
  texts = {};
  addresses = { 'example.com': ['127.0.0.1'], 'www.example.com': ['127.0.0.1'], 'elsewhere.com': ['127.0.0.1'] };
  answer = (_url, response) => response.writeHead(404).end();
});

const network = (...outboundAllow: string[]) => createNetwork({ outboundAllow, dnsServers: [dns.address] });

/** The search, with port 80 of the world at the test's server: a test may not listen on the real one. */
const findWithServer: FindProof = (request) => {
  const { fetcher } = network('127.0.0.1');
  const onTestPort = (url: string): string => url.replace(/^http:\/\/([^/:]+)\//, `http://$1:${port}/`);
  const resolver = createDnsResolver({ servers: [dns.address] });
  return createProofFinder({
    resolver,
    fetcher: { ...fetcher, fetch: (each) => fetcher.fetch({ ...each, url: onTestPort(each.url) }) },
  })(request);
};

test('instructions say what is then looked for', async () => {
  const { dnsName, fileUrl, value: told } = proofInstructions({ domain, token });
  expect({ dnsName, fileUrl, told }).toEqual({
    dnsName: '_weir-challenge.example.com',
    fileUrl: 'https://example.com/.well-known/weir-verification.txt',
    told: value,
  });
});

test.each([
  ['the record', ['v=spf1 -all', value], { found: true }],
  ['a record in parts', ['x'.repeat(300), value], { found: true }],
  ['another token', ['weir-verification=other'], { found: false, reason: 'different' }],
  ['a token with more behind it', [`${value}0`], { found: false, reason: 'different' }],
  ['other records', ['v=spf1 -all'], { found: false, reason: 'missing' }],
  ['an empty record', [''], { found: false, reason: 'missing' }],
])('by DNS with %s', async (_name, records, outcome) => {
  texts = { '_weir-challenge.example.com': records };
  expect(await network().findProof({ domain, token, method: 'dns_txt' })).toMatchObject(outcome);
});

test('the record of the domain itself, of another domain or of none does not count', async () => {
  texts = { 'example.com': [value], '_weir-challenge.other.com': [value] };
  const outcome = await network().findProof({ domain, token, method: 'dns_txt' });
  expect(outcome).toMatchObject({ found: false, reason: 'missing' });
});

test('DNS that fails is no proof and no absence of one', async () => {
  const gone = await startDnsServer(() => null);
  await gone.close();
  const { findProof } = createNetwork({ outboundAllow: [], dnsServers: [gone.address] });
  expect(await findProof({ domain, token, method: 'dns_txt' })).toMatchObject({ found: false, reason: 'unreachable' });
});

test.each([
  ['the file', (response: ServerResponse) => response.end(`${value}\n`), { found: true }],
  ['the file among lines', (response: ServerResponse) => response.end(`# ours\r\n  ${value}\r\n`), { found: true }],
  ['another token', (response: ServerResponse) => response.end('weir-verification=x'), { reason: 'different' }],
  ['a page for every path', (response: ServerResponse) => response.end(`<p>${value}</p>`), { reason: 'missing' }],
  [
    'the right file with an error',
    (response: ServerResponse) => response.writeHead(500).end(value),
    { reason: 'missing' },
  ],
  ['a huge file', (response: ServerResponse) => response.end('x'.repeat(20_000) + value), { reason: 'missing' }],
])('by file with %s', async (_name, respond, outcome) => {
  answer = (_url, response) => void respond(response);
  expect(await findWithServer({ domain, token, method: 'http_file' })).toMatchObject(outcome);
});

test('a file may lie behind a redirect within the domain, and nowhere else', async () => {
  let target = 'www.example.com';
  answer = (url, response) => {
    if (url.startsWith('example.com')) response.writeHead(301, { location: `http://${target}:${port}/proof` }).end();
    else response.end(value);
  };
  expect(await findWithServer({ domain, token, method: 'http_file' })).toEqual({ found: true });
  target = 'elsewhere.com';
  expect(await findWithServer({ domain, token, method: 'http_file' })).toMatchObject({
    found: false,
    reason: 'refused',
  });
});

test('a domain that leads inside is refused', async () => {
  const outcome = await network().findProof({ domain, token, method: 'http_file' });
  expect(outcome).toMatchObject({ found: false, reason: 'refused' });
});

test.each([
  'localhost',
  '127.0.0.1',
  'example.com:80',
  'example.com/x',
  'Example.com',
  'a..b',
  '-a.com',
  '',
  'user@example.com',
])('%s is no domain', async (name) => {
  for (const method of ['dns_txt', 'http_file'] as const)
    expect(await network().findProof({ domain: name, token, method })).toMatchObject({
      found: false,
      reason: 'refused',
    });
});
