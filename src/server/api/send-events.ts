// Owns: events to one reader as WHATWG's server-sent events: one after the other as the reader takes them, a sign of life in between, one end. Not: what the
// events say, or the head of the answer (send-answer.ts).

import type { ServerResponse } from 'node:http';
import type { StreamedEvent } from '../../contracts/route.ts';
import { EVENT_HEARTBEAT_MS, EVENT_STALL_MS } from './limits.ts';

/** What sending may be told. Milliseconds. */
export interface EventOptions {
  /** The data of the last event, `error`, as JSON. */
  readonly describe: (error: unknown) => string;
  readonly heartbeatMs?: number;
  readonly stallMs?: number;
}

/** A comment, which every reader skips. */
const HEARTBEAT = ':\n\n';

/**
 * Sends them to their end, or until the reader leaves or stops reading; ends the response. The next event is asked for when the one before was taken, so that
 * nothing gathers here. When the reader is gone, the iterator is told by `return`; it isn't waited for. Never rejects.
 */
export async function sendEvents(
  response: ServerResponse,
  events: AsyncIterable<StreamedEvent>,
  options: EventOptions,
): Promise<void> {
  const { describe, heartbeatMs = EVENT_HEARTBEAT_MS, stallMs = EVENT_STALL_MS } = options;
  const reader = watchReader(response);
  // The head leaves with it: a reader knows at once that it is connected.
  response.write(HEARTBEAT);
  const heartbeat = setInterval(() => {
    // A reader that does not read needs no sign that there is something to read.
    if (!response.writableNeedDrain) response.write(HEARTBEAT);
  }, heartbeatMs);
  const iterator = events[Symbol.asyncIterator]();
  try {
    for (;;) {
      const step = await reader.orGone(iterator.next());
      if (step === GONE || step.done === true) break;
      if (!response.write(textOf(step.value)) && (await reader.orGone(drainOf(response, stallMs))) === GONE) break;
    }
  } catch (error) {
    response.write(`event: error\ndata: ${describe(error)}\n\n`);
  } finally {
    clearInterval(heartbeat);
    // An iterator that has ended has nothing to do; one that still waits ends with its signal.
    void iterator.return?.().catch(describe);
    response.end();
  }
}

const GONE = Symbol('gone');

/** Waits for one thing at a time, or for the reader to leave. No promise outlives its wait: a stream may last for days. */
function watchReader(response: ServerResponse): { orGone<T>(work: Promise<T>): Promise<T | typeof GONE> } {
  let leave = (): void => {};
  response.once('close', () => leave());
  return {
    orGone: (work) =>
      new Promise((resolve, reject) => {
        leave = () => resolve(GONE);
        work.then(resolve, reject);
        if (response.destroyed) leave();
      }),
  };
}

/** Kept when the reader has taken what waited. One that does not is cut off, of which the caller hears as of any that leaves. */
function drainOf(response: ServerResponse, stallMs: number): Promise<void> {
  return new Promise((resolve) => {
    const settle = (): void => {
      clearTimeout(stall);
      response.off('drain', settle).off('close', settle);
      resolve();
    };
    const stall = setTimeout(() => response.destroy(), stallMs);
    response.on('drain', settle).on('close', settle);
  });
}

/** JSON holds no line breaks, names and ids are ours: a stray one would begin another field. */
function textOf({ event, id, data }: StreamedEvent): string {
  const name = event === undefined ? '' : `event: ${oneLine(event)}\n`;
  const place = id === undefined ? '' : `id: ${oneLine(id)}\n`;
  return `${name}${place}data: ${JSON.stringify(data)}\n\n`;
}

const oneLine = (text: string): string => text.replaceAll(/[\r\n\0]/g, '');
