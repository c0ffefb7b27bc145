// Owns: asking `POST /api/chat` in tests, and hearing the answer to its end. Not: what is expected of it, but that each event is what the contract says.

import { expect } from 'vitest';
import { chatEvents } from '../../contracts/chat/chat.ts';
import type { ApiAnswer, ApiPerson } from './api-person.ts';
import { openEvents, type ReadEvent, type ReadStream } from './event-reader.ts';

/** An answer that was heard to its end. */
export interface Heard {
  readonly stream: ReadStream;
  readonly events: readonly ReadEvent[];
  readonly start: ReadEvent['data'];
  readonly text: string;
  readonly last: ReadEvent;
}

/** Asks for whomever. */
export interface ApiChats {
  open(who: ApiPerson, body: unknown, headers?: Record<string, string>): Promise<ReadStream>;
  chat(who: ApiPerson, body: unknown, headers?: Record<string, string>): Promise<Heard>;
  /** A question that is answered by a problem. */
  refused(who: ApiPerson, body: unknown, headers?: Record<string, string>): Promise<ApiAnswer>;
}

/** Of a server that is there by the time it is asked. */
export function createApiChats(server: () => { readonly url: string }): ApiChats {
  const open: ApiChats['open'] = (who, body, headers = {}) =>
    openEvents(server(), who, { method: 'POST', path: '/api/chat', body, headers });
  return {
    open,
    async chat(who, body, headers) {
      const stream = await open(who, body, headers);
      expect(stream.status, stream.status === 200 ? '' : JSON.stringify(await stream.json())).toBe(200);
      const events = await stream.rest();
      for (const { event, data } of events)
        if (event in chatEvents) chatEvents[event as keyof typeof chatEvents].parse(data);
      const last = events.at(-1);
      if (last === undefined) throw new Error('no event came');
      const text = events.flatMap(({ event, data }) => (event === 'delta' ? [data.text] : [])).join('');
      return { stream, events, text, last, start: events[0]?.data };
    },
    async refused(who, body, headers) {
      const stream = await open(who, body, headers);
      expect(stream.headers.get('content-type')).toBe('application/problem+json');
      return { status: stream.status, headers: stream.headers, body: await stream.json() };
    },
  };
}
