// Owns: reading a stream of events of the product API in tests, as a page would. Not: what is in it.

import type { ApiPerson, ApiRequest } from './api-person.ts';

/** An event, its data read. */
export interface ReadEvent {
  readonly event: string;
  readonly id: string | null;
  // biome-ignore lint/suspicious/noExplicitAny: what an event holds is what the test is about
  readonly data: any;
}

/** A stream that has begun. */
export interface ReadStream {
  readonly status: number;
  readonly headers: Headers;
  /** The next event; undefined at the end. */
  next(): Promise<ReadEvent | undefined>;
  /** All that are left. */
  rest(): Promise<ReadEvent[]>;
  /** The whole body, of an answer that is no stream. */
  // biome-ignore lint/suspicious/noExplicitAny: what an answer holds is what the test is about
  json(): Promise<any>;
  /** Leaves. */
  leave(): void;
}

/** Sends a request whose answer is a stream. */
export async function openEvents(
  server: { readonly url: string },
  person: Pick<ApiPerson, 'cookie'>,
  { method, path, body, headers = {}, organization }: ApiRequest & { readonly method: string; readonly path: string },
): Promise<ReadStream> {
  const leaving = new AbortController();
  const response = await fetch(`${server.url}${path}`, {
    method,
    signal: leaving.signal,
    headers: {
      ...{ cookie: person.cookie, origin: server.url, 'content-type': 'application/json' },
      ...(organization === undefined ? {} : { 'x-weir-organization': organization }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const events = readEvents(response);
  return {
    ...{ status: response.status, headers: response.headers },
    async next() {
      const { value } = await events.next();
      return value ?? undefined;
    },
    async rest() {
      const left: ReadEvent[] = [];
      for await (const event of events) left.push(event);
      return left;
    },
    json: () => response.json(),
    leave: () => leaving.abort(),
  };
}

async function* readEvents(response: Response): AsyncGenerator<ReadEvent, undefined> {
  let text = '';
  for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    text += chunk;
    const blocks = text.split('\n\n');
    text = blocks.pop() ?? '';
    for (const block of blocks) {
      const event = readBlock(block);
      if (event !== undefined) yield event;
    }
  }
  return undefined;
}

function readBlock(block: string): ReadEvent | undefined {
  const field = (name: string): string | undefined => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1];
  const data = field('data');
  if (data === undefined) return undefined;
  return { event: field('event') ?? 'message', id: field('id') ?? null, data: JSON.parse(data) };
}
