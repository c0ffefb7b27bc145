// Owns: a sandbox on a socket of its own, and the raw calls that tests of its wire share. Does not own: expectations.

import { afterAll } from 'vitest';
import { createManualClock } from '../../../primitives/clock.ts';
import { createSandboxServer, type SandboxLogEntry } from '../sandbox-server.ts';

/** Headers of a caller whom the sandbox lets in, by either protocol. */
export const HEADERS = { authorization: 'Bearer canary-secret', 'anthropic-version': '2023-06-01' };

/** A sandbox that is called by fetch. */
interface SandboxCalls {
  readonly url: string;
  /** What the sandbox has logged so far. */
  readonly logged: readonly SandboxLogEntry[];
  post(path: string, body: unknown, init?: RequestInit): Promise<Response>;
  /** A chat whose text carries directives. */
  chat(directives: string, more?: object): Promise<Response>;
  /** A message to a model whose name carries directives. */
  messages(directives: string, more?: object): Promise<Response>;
}

/** Starts a sandbox on a free port, until the test file ends; its clock shows the same moment each time. */
export async function openSandboxCalls(): Promise<SandboxCalls> {
  const logged: SandboxLogEntry[] = [];
  const clock = createManualClock(1_700_000_000_000);
  const sandbox = createSandboxServer({ clock, log: (entry) => logged.push(entry) });
  const { url } = await sandbox.listen({ host: '127.0.0.1', port: 0 });
  afterAll(() => sandbox.close());

  function post(path: string, body: unknown, init: RequestInit = {}): Promise<Response> {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    return fetch(url + path, { method: 'POST', headers: HEADERS, body: text, redirect: 'manual', ...init });
  }

  return {
    url,
    logged,
    post,
    chat: (directives, more = {}) =>
      post('/v1/chat/completions', {
        model: 'sandbox-chat',
        messages: [{ role: 'user', content: `Hello [[sandbox: ${directives}]]` }],
        ...more,
      }),
    messages: (directives, more = {}) =>
      post('/v1/messages', {
        model: `sandbox-chat?${directives}`,
        max_tokens: 100,
        messages: [{ role: 'user', content: 'Hello' }],
        ...more,
      }),
  };
}

/** The `data:` lines of a stream, as text. */
export const dataLines = (text: string): string[] =>
  text.split('\n').flatMap((line) => (line.startsWith('data: ') ? [line.slice(6)] : []));

/** Reads until the stream ends or breaks. */
export async function readAll(response: Response): Promise<{ text: string; broken: boolean }> {
  const decoder = new TextDecoder();
  let text = '';
  try {
    for await (const chunk of response.body ?? []) text += decoder.decode(chunk, { stream: true });
    return { text, broken: false };
  } catch {
    return { text, broken: true };
  }
}
