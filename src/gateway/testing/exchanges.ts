// Owns: calls to a gateway without an SDK: what was answered, head and body, and raw bytes on a socket. Not: what tests expect of it.

import { connect } from 'node:net';

/** An answer, read to its end. */
export interface Exchange {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The body as JSON; throws when it is none. */
  readonly json: Answer;
}

/** An answer's JSON, loosely. */
// biome-ignore lint/suspicious/noExplicitAny: tests read answers of both vendors' shapes, and compare every field that they read
export type Answer = any;

/** A call to make. */
export interface ExchangeRequest {
  readonly key: string;
  /** Sent as JSON; a string or bytes as they are. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly method?: string;
  readonly signal?: AbortSignal;
}

/** One user message. */
export function says<Content>(content: Content): { messages: { role: 'user'; content: Content }[] } {
  return { messages: [{ role: 'user', content }] };
}

/** Calls and reads the whole answer. */
export async function exchange(url: string, request: ExchangeRequest): Promise<Exchange> {
  const response = await open(url, request);
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    text,
    get json() {
      return JSON.parse(text) as Answer;
    },
  };
}

/** Calls and gives the answer unread. */
export function open(url: string, { key, body, headers, method, signal }: ExchangeRequest): Promise<Response> {
  const isGiven = typeof body === 'string' || body instanceof Uint8Array;
  return fetch(url, {
    method: method ?? (body === undefined ? 'GET' : 'POST'),
    headers: {
      ...(key === '' ? {} : { authorization: `Bearer ${key}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: isGiven ? (body as string) : JSON.stringify(body) }),
    ...(signal ? { signal } : {}),
  });
}

/** The `data:` events of a stream's text that are JSON, in order. */
export function eventsIn(text: string): Answer[] {
  return text
    .split('\n')
    .filter((line) => line.startsWith('data: {'))
    .map((line) => JSON.parse(line.slice('data: '.length)) as Answer);
}

/** All that comes, in order. */
export async function gathered<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const all: Item[] = [];
  for await (const item of items) all.push(item);
  return all;
}

/** Sends bytes on a socket and gives all that comes back until the other side closes. */
export function rawExchange(url: string, bytes: string | Buffer): Promise<string> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname);
    let received = '';
    socket.setEncoding('utf8');
    socket.on('data', (text) => {
      received += text;
    });
    socket.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ECONNRESET' || error.code === 'EPIPE') resolve(received);
      else reject(error);
    });
    socket.once('close', () => resolve(received));
    socket.write(bytes);
  });
}
