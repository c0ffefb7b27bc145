// Owns: a call of a signed-in person from within this process, through every stage that a call over HTTP goes through. Not: the stages, or what is asked.

import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http';
import type { AskingPerson, IncomingCall } from '../call.ts';
import type { CallReport } from '../observer.ts';
import { createAnswerSink } from './answer-sink.ts';

/** What is asked. */
export interface PersonCall extends Pick<IncomingCall, 'route' | 'body' | 'remoteAddress'> {
  readonly person: AskingPerson;
  /** Weir's own headers. */
  readonly headers: IncomingHttpHeaders;
  /** Aborted: nobody wants the answer any more. */
  readonly signal: AbortSignal;
}

/** An answer that has begun. */
export interface PersonAnswer {
  readonly headers: OutgoingHttpHeaders;
  readonly bytes: AsyncIterable<Buffer>;
  /** Kept when the call is booked and its bytes are read, or left. Never rejects. */
  readonly report: Promise<CallReport>;
}

/** Serves a call; `createGateway` gives it its id and counts it. */
export type Serve = (call: Omit<IncomingCall, 'id' | 'startedMs'>) => Promise<CallReport>;

/** Asks. Rejects with the refusal as it is (`WeirError`), before anything was answered. */
export async function callAsPerson(serve: Serve, call: PersonCall): Promise<PersonAnswer> {
  const { person, route, headers, body, remoteAddress, signal } = call;
  const sink = createAnswerSink();
  if (signal.aborted) sink.leave();
  signal.addEventListener('abort', sink.leave, { once: true });
  const { response, refuse: onRefusal } = sink;
  const served = serve({ person, route, headers, body, remoteAddress, response, onRefusal });
  const report = served.then(async (told) => {
    sink.over();
    await sink.closed;
    signal.removeEventListener('abort', sink.leave);
    return told;
  });
  return { headers: await sink.head, bytes: sink.bytes, report };
}
