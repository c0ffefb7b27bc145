// Owns: the simplest protocol that has all that the upstream side looks at: a carrier whose streams are `data: {"text":…}` events. Vendors' protocols have
// tests of their own in src/providers; here a small one keeps each test readable.

import { WeirError } from '../../../primitives/errors.ts';
import type { Carrier, CarryInput, StreamRelay, UpstreamFailure } from '../../../providers/protocol.ts';

const EMPTY: Buffer = Buffer.alloc(0);

function failure(status: number | null, headers: Readonly<Record<string, unknown>> = {}): UpstreamFailure {
  const retryAfter = Number(headers['retry-after'] ?? Number.NaN);
  return {
    code: status === 400 ? 'invalid_request' : 'provider_error',
    message: `status ${status}`,
    retryable: status !== 400,
    retryAfterSeconds: Number.isNaN(retryAfter) ? null : retryAfter,
    status,
    callerFault: status === 400,
    param: null,
  };
}

/** Reads text events; gives the client each text as it is, in whole events. */
function openTextStream(): StreamRelay {
  let rest = EMPTY;
  let text = '';
  let isComplete = false;
  let error: UpstreamFailure | null = null;

  const readEvent = (line: string): string => {
    if (line.startsWith('event: error')) {
      error = failure(null);
      return '';
    }
    if (line === 'data: [DONE]') {
      isComplete = true;
      return '';
    }
    const { text: piece } = JSON.parse(line.slice('data: '.length)) as { text: string };
    text += piece;
    return piece;
  };

  return {
    push(chunk) {
      rest = Buffer.concat([rest, chunk]);
      let bytes = '';
      for (let end = rest.indexOf('\n\n'); end !== -1; end = rest.indexOf('\n\n')) {
        bytes += readEvent(rest.toString('utf8', 0, end));
        rest = rest.subarray(end + 2);
      }
      return Buffer.from(bytes);
    },
    usage: () => null,
    outputText: () => text,
    outputTokensBound: () => Buffer.byteLength(text),
    isComplete: () => isComplete,
    hasOutput: () => text !== '',
    streamError: () => error,
    finish: ({ requestId }, failed) => Buffer.from(failed === null ? `|end ${requestId}` : `|failed ${failed.code}`),
    cut: ({ code }) => Buffer.from(`|cut ${code}`),
  };
}

/** The carrier. */
export const textCarrier: Carrier = {
  request: () => ({ path: '/ok', body: EMPTY, headers: {} }),
  complete(body) {
    try {
      JSON.parse(body.toString());
    } catch {
      throw new WeirError('provider_error');
    }
    return { body, usage: null, outputText: () => '' };
  },
  openStream: openTextStream,
  failure: (status, headers) => failure(status, headers),
};

/** What the carrier is handed. It looks at none of it, so nothing of it is made up here. */
export const TEXT_INPUT = {} as CarryInput;
