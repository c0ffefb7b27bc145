// Owns: making a client: who asks, of which server, and a method for every operation. Not: sending (send-request.ts) or the list of operations (generated).

import { type Exchange, type Page, toCall, toPageCall } from './call.ts';
import { OPERATIONS, type WeirClient } from './operations.generated.ts';
import {
  type Credentials,
  type Operation,
  type OperationRequest,
  sendRequest,
  type Transport,
} from './send-request.ts';

/** How a client is made. */
export interface WeirOptions {
  /** Where the server is: `https://weir.example`, without `/api`. */
  readonly baseUrl: string;
  /** A personal or organization API token, or what gives one. */
  readonly token?: string | (() => string | Promise<string>) | undefined;
  /** A `Cookie` header with a session, where there is no browser that sends it by itself. */
  readonly cookie?: string | undefined;
  /** Whether a browser sends its session along. Default `same-origin`. */
  readonly credentials?: Credentials | undefined;
  /** Id or slug of the organization that requests are about, unless they say otherwise. */
  readonly organization?: string | undefined;
  /** Milliseconds for each try. Default 60,000. */
  readonly timeoutMs?: number | undefined;
  /** Tries after the first. Default 2. */
  readonly retriesMax?: number | undefined;
  /** Headers of every request. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** In place of the global one. */
  readonly fetch?: typeof fetch | undefined;
  /** From 0 to below 1; spreads the pauses between tries. */
  readonly random?: (() => number) | undefined;
}

const TIMEOUT_MS = 60_000;
const RETRIES_MAX = 2;

/** A client. Makes no request by itself. Throws a TypeError for a base URL that is none. */
export function createWeir(options: WeirOptions): WeirClient {
  const transport = createTransport(options);
  const { organization } = options;
  const call = (operation: Operation, request: OperationRequest = {}): unknown => {
    const send = (query = request.query): Promise<Exchange<unknown>> =>
      sendRequest(transport, operation, {
        ...request,
        ...(query === undefined ? {} : { query }),
        organization: request.organization ?? organization,
      });
    if (operation.answers !== 'page') return toCall(send());
    const next = (cursor: string) => send({ ...request.query, cursor }) as Promise<Exchange<Page<unknown>>>;
    return toPageCall(send() as Promise<Exchange<Page<unknown>>>, next);
  };
  const groups = Object.entries<Readonly<Record<string, Operation>>>(OPERATIONS).map(([group, operations]) => [
    group,
    Object.fromEntries(
      Object.entries(operations).map(([name, operation]) => [
        name,
        (request?: OperationRequest) => call(operation, request),
      ]),
    ),
  ]);
  // The methods and their types are generated from the same list.
  return Object.fromEntries(groups) as WeirClient;
}

function createTransport(options: WeirOptions): Transport {
  const { token, cookie, headers = {} } = options;
  const { origin } = new URL(options.baseUrl);
  return {
    baseUrl: options.baseUrl.replace(/\/+$/, ''),
    // Called without a receiver, as browsers ask for.
    fetch: options.fetch ?? ((input, init) => globalThis.fetch(input, init)),
    async headers() {
      const value = typeof token === 'function' ? await token() : token;
      return {
        accept: 'application/json',
        ...(value === undefined ? {} : { authorization: `Bearer ${value}` }),
        // A write with a session has to say where it comes from; browsers do, and let nobody else.
        ...(cookie === undefined ? {} : { cookie, origin }),
        ...headers,
      };
    },
    credentials: options.credentials ?? 'same-origin',
    timeoutMs: options.timeoutMs ?? TIMEOUT_MS,
    retriesMax: options.retriesMax ?? RETRIES_MAX,
    random: options.random ?? randomFraction,
  };
}

function randomFraction(): number {
  const [bits = 0] = globalThis.crypto.getRandomValues(new Uint32Array(1));
  return bits / 2 ** 32;
}
