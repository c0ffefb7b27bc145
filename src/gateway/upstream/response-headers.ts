// Owns: which of an upstream's headers a client may see, and what an answer's content type says. Not: Weir's own headers.

import type { UpstreamHeaders } from './dispatch.ts';

/**
 * An allow-list: hop-by-hop headers (RFC 9110 section 7.6.1), `Set-Cookie`, the names of our account (`openai-organization`) and our own rate
 * limits at the vendor (`x-ratelimit-*`, which would pass for Weir's) stay out without being named.
 */
const FORWARDED = ['content-type', 'openai-processing-ms', 'openai-version', 'openai-model', 'x-sandbox'] as const;

/** The headers of an upstream's answer that go to the client, each with one value. */
export function forwardableHeaders(headers: UpstreamHeaders): Record<string, string> {
  const forwarded: Record<string, string> = {};
  for (const name of FORWARDED) {
    const value = headers[name];
    if (typeof value === 'string') forwarded[name] = value;
  }
  return forwarded;
}

/** Whether a 200 may be an event stream. A server that names no type gets the benefit of the doubt; HTML and JSON do not. */
export function mayBeEventStream(headers: UpstreamHeaders): boolean {
  const type = mediaType(headers);
  return (type === '' || type === 'text/event-stream') && isPlain(headers);
}

/** Whether a 200 may be a whole JSON answer. */
export function mayBeJson(headers: UpstreamHeaders): boolean {
  const type = mediaType(headers);
  return type !== 'text/html' && type !== 'text/event-stream' && isPlain(headers);
}

/** Whether the body is as its type says. Weir asks for `identity`: what comes compressed all the same cannot be read or metered. */
function isPlain(headers: UpstreamHeaders): boolean {
  const encoding = headers['content-encoding'];
  return encoding === undefined || encoding === '' || encoding === 'identity';
}

function mediaType(headers: UpstreamHeaders): string {
  const value = headers['content-type'];
  if (typeof value !== 'string') return '';
  const end = value.indexOf(';');
  return (end === -1 ? value : value.slice(0, end)).trim().toLowerCase();
}
