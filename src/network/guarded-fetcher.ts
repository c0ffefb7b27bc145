// Owns: requests to addresses that a tenant can name (custom endpoints, domain files, webhooks, OIDC, avatars): bounded, and to the public internet alone.
// Not: the judgement of URLs and addresses (outbound-url.rules.ts), or what an answer is good for.

import { Client, type Dispatcher } from 'undici';
import type { DnsResolver } from './dns-resolver.ts';
import { createGuardedConnector } from './guarded-connector.ts';
import { resolveJudged } from './guarded-lookup.ts';
import { ANSWER_BYTES_MAX, ANSWER_HEADER_BYTES_MAX, CONNECT_MS, REDIRECTS_MAX, TOTAL_MS } from './limits.ts';
import type { OutboundAllow } from './outbound-allow.ts';
import { OutboundError, type OutboundReason } from './outbound-error.ts';
import { type OutboundTarget, readTarget } from './outbound-url.rules.ts';
import { classifyFault } from './transport-faults.ts';

/** A request to what a tenant named. */
export interface OutboundRequest {
  readonly url: string;
  readonly method?: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Lower-case names. None that say how the message is framed or whom it is for. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  /** May a GET or HEAD be redirected there? Each step is judged as the first one was. Left out: no redirect is followed. */
  readonly acceptRedirect?: (to: URL) => boolean;
  /** Milliseconds for everything. */
  readonly totalMs?: number;
  readonly answerBytesMax?: number;
}

/** A whole answer, of any status but a redirect. */
export interface OutboundAnswer {
  readonly status: number;
  /** Lower-case names; without `set-cookie`. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** Where it came from, after redirects. */
  readonly url: string;
}

/** What is found of a URL before it is kept. */
export type UrlCheck =
  | { readonly ok: true; readonly url: string }
  /** `message` may be shown to whoever gave the URL. */
  | { readonly ok: false; readonly reason: OutboundReason; readonly message: string };

/** The one way out to what tenants name. */
export interface GuardedFetcher {
  /** Judges a URL and, by DNS, where it leads now. For the moment it is saved; every request judges again. */
  checkUrl(url: string): Promise<UrlCheck>;
  /** Makes a request. Rejects with an `OutboundError`, and with nothing else. */
  fetch(request: OutboundRequest): Promise<OutboundAnswer>;
}

/** Headers that decide framing, routing or encoding: ours to set. */
const FORBIDDEN_HEADERS =
  /^(host|connection|keep-alive|content-length|transfer-encoding|te|trailer|upgrade|expect|accept-encoding|proxy-.*)$/i;
const REDIRECTS: readonly number[] = [301, 302, 303, 307, 308];

/** Makes it. Sockets live for one request, so that nothing of one tenant's is met by another's. */
export function createGuardedFetcher(options: {
  readonly resolver: DnsResolver;
  readonly allow: OutboundAllow;
}): GuardedFetcher {
  return {
    async checkUrl(url) {
      try {
        const target = readTarget(url, options.allow);
        if (!target.isAddress) await resolveJudged(options, target);
        return { ok: true, url: target.url.href };
      } catch (error) {
        const { reason, message } = classifyFault(error);
        return { ok: false, reason, message };
      }
    },
    async fetch(request) {
      try {
        return await followRedirects(options, request);
      } catch (error) {
        throw classifyFault(error);
      }
    },
  };
}

type Context = Parameters<typeof createGuardedFetcher>[0];

async function followRedirects(context: Context, request: OutboundRequest): Promise<OutboundAnswer> {
  const headers = outgoingHeaders(request);
  const signal = AbortSignal.timeout(request.totalMs ?? TOTAL_MS);
  let target = readTarget(request.url, context.allow);
  for (let redirects = 0; ; redirects += 1) {
    // What was meant for one origin (a token, a signature) is not told to another.
    const isSameOrigin = target.url.origin === new URL(request.url).origin;
    const own = isSameOrigin ? headers : { 'user-agent': USER_AGENT, 'accept-encoding': 'identity' };
    const answer = await exchange(context, target, { ...request, headers: own, signal });
    if (!REDIRECTS.includes(answer.status)) return answer;
    if (redirects === REDIRECTS_MAX)
      throw new OutboundError('redirected', { message: 'There are too many redirects.' });
    target = nextTarget(context, request, answer);
  }
}

const USER_AGENT = 'Weir';

function outgoingHeaders({ headers = {} }: OutboundRequest): Record<string, string> {
  const forbidden = Object.keys(headers).find((name) => FORBIDDEN_HEADERS.test(name));
  if (forbidden !== undefined) throw new OutboundError('forbidden_header');
  // Not compressed: a small answer that becomes a large one is refused by not asking for it.
  return { 'user-agent': USER_AGENT, ...headers, 'accept-encoding': 'identity' };
}

/** Where a redirect leads, judged. Throws where it may not be followed. */
function nextTarget(context: Context, request: OutboundRequest, answer: OutboundAnswer): OutboundTarget {
  const { method = 'GET', acceptRedirect } = request;
  const location = answer.headers.location ?? '';
  const to = URL.parse(location, answer.url);
  if (to === null || acceptRedirect === undefined || (method !== 'GET' && method !== 'HEAD'))
    throw new OutboundError('redirected');
  // What the parser would tidy away in an absolute address counts here as well.
  const target = readTarget(/^[a-z][a-z0-9+.-]*:/i.test(location) ? location : to.href, context.allow);
  const isDowngrade = new URL(answer.url).protocol === 'https:' && target.url.protocol === 'http:';
  if (isDowngrade || !acceptRedirect(target.url)) throw new OutboundError('redirected');
  return target;
}

/** One request over a socket of its own. */
async function exchange(
  context: Context,
  target: OutboundTarget,
  request: OutboundRequest & { readonly signal: AbortSignal },
): Promise<OutboundAnswer> {
  const { url, host, port } = target;
  const totalMs = request.totalMs ?? TOTAL_MS;
  const client = new Client(url.origin, {
    connect: createGuardedConnector(context, { host, port, connectMs: Math.min(CONNECT_MS, totalMs) }),
    maxHeaderSize: ANSWER_HEADER_BYTES_MAX,
    maxResponseSize: request.answerBytesMax ?? ANSWER_BYTES_MAX,
    headersTimeout: totalMs,
    bodyTimeout: totalMs,
    allowH2: false,
  });
  try {
    const answer = await client.request({
      path: url.pathname + url.search,
      method: request.method ?? 'GET',
      headers: { ...request.headers },
      body: request.body ?? null,
      signal: request.signal,
    });
    const headers = incomingHeaders(answer.headers);
    if ((headers['content-encoding'] ?? 'identity') !== 'identity') throw new OutboundError('bad_answer');
    const body = REDIRECTS.includes(answer.statusCode) ? Buffer.alloc(0) : Buffer.from(await answer.body.arrayBuffer());
    return { status: answer.statusCode, headers, body, url: url.href };
  } finally {
    await client.destroy();
  }
}

function incomingHeaders(headers: Dispatcher.ResponseData['headers']): Record<string, string> {
  const plain: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value === undefined || name === 'set-cookie') continue;
    plain[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return plain;
}
