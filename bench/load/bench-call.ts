// Owns: the call that is made over and over, and whom it is made to. Not: making it.

import type { ServingProcess } from '../processes/child-process.ts';
import { portkeyHeaders } from '../processes/portkey.ts';
import type { BenchOrganization } from '../world/populate.ts';
import { MODEL } from '../world/populate.ts';

/** Somebody who answers calls. */
export interface LoadTarget {
  readonly name: string;
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  /** Besides those that every call has. */
  readonly headers: Readonly<Record<string, string>>;
  /** Calls take them in turn. */
  readonly keys: readonly string[];
  readonly pid: number;
}

/** Where calls go. */
export const CALL_PATH = '/v1/chat/completions';

const MESSAGES = [
  { role: 'system', content: 'You are a helpful assistant.' },
  { role: 'user', content: 'Hello! What can you do for me today?' },
];
const OUTPUT_TOKENS = 100;
const STREAM_OUTPUT_TOKENS = 4_000;

/** A small chat, answered whole. */
export const CALL_BODY: string = JSON.stringify({ model: MODEL, messages: MESSAGES, max_tokens: OUTPUT_TOKENS });

/** The same, streamed. */
export const STREAM_BODY: string = JSON.stringify({
  model: MODEL,
  messages: MESSAGES,
  max_tokens: STREAM_OUTPUT_TOKENS,
  stream: true,
});

/** Who answers, with a key where one is looked at; the others pass it on unread. */
export function loadTarget(
  server: ServingProcess,
  organizations: readonly BenchOrganization[],
  upstream: string,
): LoadTarget {
  return {
    name: server.name,
    url: server.url,
    pid: server.pid,
    headers: server.name === 'portkey' ? portkeyHeaders(upstream) : {},
    keys: organizations.map(({ key }) => key),
  };
}
