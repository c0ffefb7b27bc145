// Owns: one request from its parts to its read answer, tried again where that is safe. Not: which requests there are (operations.generated.ts).

import type { Exchange, FileAnswer, RequestOptions } from './call.ts';
import { WeirConnectionError, WeirProblem } from './errors.ts';
import { pauseBeforeRetry, readRetryAfter } from './retry.rules.ts';

/** Whether a browser sends its session along. */
export type Credentials = 'omit' | 'same-origin' | 'include';

/** What sends. */
export interface Transport {
  /** Without a slash at its end. */
  readonly baseUrl: string;
  readonly fetch: typeof fetch;
  /** Headers of every request, made anew for each try: a token may have changed. */
  readonly headers: () => Promise<Readonly<Record<string, string>>>;
  readonly credentials: Credentials;
  readonly timeoutMs: number;
  readonly retriesMax: number;
  /** From 0 to below 1. */
  readonly random: () => number;
}

/** An operation as the wire knows it. */
export interface Operation {
  readonly method: string;
  /** With parameters in braces. */
  readonly path: string;
  readonly answers: 'json' | 'page' | 'file' | 'nothing';
  /** Whether doing it twice does no harm: reading, and writes that the server does once for each `Idempotency-Key`. */
  readonly isRepeatable: boolean;
}

/** What a method of the client was given. */
export interface OperationRequest extends RequestOptions {
  readonly params?: Readonly<Record<string, unknown>>;
  readonly query?: Readonly<Record<string, unknown>>;
  readonly body?: unknown;
}

const KEY_BYTES = 16;

/** Sends it. Rejects with a WeirProblem, a WeirConnectionError, or the reason of the caller's signal. */
export async function sendRequest(
  transport: Transport,
  operation: Operation,
  request: OperationRequest,
): Promise<Exchange<unknown>> {
  const url = `${transport.baseUrl}${fillPath(operation.path, request.params)}${queryText(request.query)}`;
  const own = ownHeaders(operation, request);
  const retriesMax = request.retriesMax ?? transport.retriesMax;
  for (let retries = 0; ; retries += 1) {
    request.signal?.throwIfAborted();
    try {
      return await tryOnce(transport, operation, { url, own, request });
    } catch (error) {
      if (!(error instanceof WeirProblem) && !(error instanceof WeirConnectionError)) throw error;
      const pauseMs = pauseBeforeRetry({
        ...{ retries, retriesMax, isRepeatable: operation.isRepeatable, chance: transport.random() },
        ...(error instanceof WeirProblem ? error : { status: null, retryAfterSeconds: null }),
      });
      if (pauseMs === undefined) throw error;
      await pause(pauseMs, request.signal);
    }
  }
}

async function tryOnce(
  transport: Transport,
  operation: Operation,
  {
    url,
    own,
    request,
  }: { readonly url: string; readonly own: Readonly<Record<string, string>>; readonly request: OperationRequest },
): Promise<Exchange<unknown>> {
  const { signal, body } = request;
  const timeoutMs = request.timeoutMs ?? transport.timeoutMs;
  const ending = new AbortController();
  let isTimeout = false;
  const stop = (): void => ending.abort(signal?.reason);
  const timer = setTimeout(() => {
    isTimeout = true;
    ending.abort();
  }, timeoutMs);
  signal?.addEventListener('abort', stop, { once: true });
  let isStreaming = false;
  try {
    const response = await transport.fetch(url, {
      method: operation.method,
      headers: { ...(await transport.headers()), ...own },
      credentials: transport.credentials,
      redirect: 'error',
      signal: ending.signal,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const exchange = await readAnswer(response, operation);
    isStreaming = operation.answers === 'file';
    return exchange;
  } catch (error) {
    if (error instanceof WeirProblem) throw error;
    if (signal?.aborted === true) throw signal.reason;
    const message = isTimeout ? `No answer came within ${timeoutMs} ms.` : 'The server could not be reached.';
    throw new WeirConnectionError(message, { isTimeout, cause: error });
  } finally {
    clearTimeout(timer);
    // A file is still being read: its reader's signal goes on to end it.
    if (!isStreaming) signal?.removeEventListener('abort', stop);
  }
}

async function readAnswer(response: Response, { answers }: Operation): Promise<Exchange<unknown>> {
  const { status, headers } = response;
  const facts = { status, headers, requestId: headers.get('x-request-id'), etag: headers.get('etag') };
  if (!response.ok)
    throw new WeirProblem({
      ...{ status, requestId: facts.requestId, retryAfterSeconds: readRetryAfter(headers) },
      problem: readObject(headers, await response.text()),
    });
  if (answers === 'file') return { output: toFile(response), response: facts };
  const text = await response.text();
  return { output: answers === 'nothing' || text === '' ? undefined : JSON.parse(text), response: facts };
}

function toFile(response: Response): FileAnswer {
  const { headers } = response;
  return {
    filename: /filename="([^"]*)"/.exec(headers.get('content-disposition') ?? '')?.[1] ?? null,
    contentType: headers.get('content-type'),
    stream: response.body,
    text: () => response.text(),
  };
}

/** The problem of an answer; nothing for what is none, such as a proxy's page. */
function readObject(headers: Headers, text: string): Readonly<Record<string, unknown>> {
  if (!/json/.test(headers.get('content-type') ?? '')) return {};
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

function ownHeaders({ method }: Operation, request: OperationRequest): Record<string, string> {
  const { organization, ifMatch, body, headers } = request;
  return {
    ...(organization === undefined ? {} : { 'x-weir-organization': organization }),
    ...(ifMatch === undefined ? {} : { 'if-match': ifMatch }),
    ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    ...(method === 'GET' ? {} : { 'idempotency-key': request.idempotencyKey ?? createKey() }),
    ...headers,
  };
}

/** The path with its parameters. Refuses what a URL would read as another path. */
function fillPath(path: string, params: Readonly<Record<string, unknown>> = {}): string {
  return path.replaceAll(/\{([^}]+)\}/g, (_, name: string) => {
    const value = String(params[name] ?? '');
    if (value === '' || value === '.' || value === '..')
      throw new TypeError(`${name} must name something, not ${JSON.stringify(value)}`);
    return encodeURIComponent(value);
  });
}

function queryText(query: Readonly<Record<string, unknown>> = {}): string {
  const pairs = Object.entries(query).flatMap(([name, value]): [string, string][] =>
    value === undefined || value === null ? [] : [value].flat().map((each) => [name, String(each)]),
  );
  return pairs.length === 0 ? '' : `?${new URLSearchParams(pairs)}`;
}

function createKey(): string {
  const bytes = globalThis.crypto.getRandomValues(new Uint8Array(KEY_BYTES));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Waits; rejects at once with the signal's reason when it is aborted, or already was. */
function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const end = (): void => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', end);
      resolve();
    }, ms);
    signal?.addEventListener('abort', end, { once: true });
  });
}
