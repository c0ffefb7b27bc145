// Owns: the response of a call that comes from within this process: what the stages write is read as a head and bytes, at the reader's pace. Not: what they write.

import type { OutgoingHttpHeaders } from 'node:http';
import { PassThrough } from 'node:stream';
import { WeirError } from '../../primitives/errors.ts';
import type { CallResponse } from '../call.ts';

/** A response and its reader's side. */
export interface AnswerSink {
  readonly response: CallResponse;
  /** To be given to the call: a refusal before the first byte. */
  refuse(error: WeirError): void;
  /** To be told when the call is over: an answer that has not begun by then was left. */
  over(): void;
  /** The head's headers, when the answer begins. Rejects with the refusal, or `request_cancelled`. */
  readonly head: Promise<OutgoingHttpHeaders>;
  /** The body. Ends early, without an error, when the answer broke off. Read it once. */
  readonly bytes: AsyncIterable<Buffer>;
  /** Kept when nothing more will be read. */
  readonly closed: Promise<void>;
  /** The reader leaves. */
  leave(): void;
}

/** An open one. */
export function createAnswerSink(): AnswerSink {
  // A stream of Node's has all that a response has: room that fills up, `drain`, and one end.
  const body = new PassThrough();
  const head = Promise.withResolvers<OutgoingHttpHeaders>();
  // Whoever asks hears of it; before that it is nobody's fault.
  head.promise.catch(() => undefined);
  const closed = Promise.withResolvers<void>();
  body.once('close', closed.resolve);
  let statusCode = 200;
  let headersSent = false;
  return {
    response: {
      get statusCode() {
        return statusCode;
      },
      get headersSent() {
        return headersSent;
      },
      get destroyed() {
        return body.destroyed;
      },
      get writableFinished() {
        return body.writableFinished;
      },
      writeHead(status, headers) {
        statusCode = status;
        headersSent = true;
        head.resolve(headers);
      },
      write: (bytes) => body.write(bytes),
      end: (bytes) => body.end(bytes),
      destroy: () => body.destroy(),
      on: (event, listener) => body.on(event, listener),
      off: (event, listener) => body.off(event, listener),
      once: (event, listener) => body.once(event, listener),
    },
    refuse(error) {
      head.reject(error);
      body.destroy();
    },
    over: () => head.reject(new WeirError('request_cancelled')),
    head: head.promise,
    bytes: readOut(body),
    closed: closed.promise,
    leave: () => void body.destroy(),
  };
}

async function* readOut(body: PassThrough): AsyncGenerator<Buffer> {
  try {
    yield* body;
  } catch {
    // Broken off: how the call ended is told by its report.
  }
}
