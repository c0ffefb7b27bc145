// Owns: a request to the sandbox → the plan of its answer. Pure but for the counts of `fail-first=`. Not: sockets (sandbox-server.ts).

import type { WireProtocol } from '../protocol.ts';
import type { AnswerPlan, StreamFrame } from './answer-plan.ts';
import { anthropicFrames, anthropicMessage } from './anthropic-answer.ts';
import { readCountRequest, readMessagesRequest } from './anthropic-request.ts';
import type { Conversation } from './conversation.ts';
import type { Directives } from './directives.ts';
import { embeddingsAnswer, readEmbeddingsRequest } from './embeddings.ts';
import { openingSteps, streamSteps, wholeSteps, withoutFailures } from './faults.ts';
import type { MarkerCounts } from './markers.ts';
import { anthropicModel, anthropicModelList, openaiModel, openaiModelList } from './models.ts';
import { chatCompletion, chatCompletionFrames } from './openai-answer.ts';
import { readChatRequest } from './openai-request.ts';
import { composeReply, type Reply } from './reply.ts';
import { type Fields, readBody } from './request-reading.ts';
import { errorBody, QUOTA_ERROR, SandboxError } from './sandbox-error.ts';

/** A request as the core sees it. Of the credentials only whether there are any: what is not known can't be echoed. */
export interface SandboxRequest {
  readonly method: string;
  /** Without query: `/v1/chat/completions`. */
  readonly path: string;
  readonly hasCredentials: boolean;
  /** Whether `anthropic-version` was sent, which Anthropic's routes demand. */
  readonly hasAnthropicVersion: boolean;
  readonly body: Buffer;
}

/** What an answer depends on beside the request. */
export interface SandboxContext {
  readonly nowMs: number;
  readonly requestId: string;
  readonly markers: MarkerCounts;
}

const MODEL_PATH = '/v1/models/';
const REDIRECT_TARGET = '/v1/redirect-was-followed';

/** Plans the answer to any request. Never throws for one: what is wrong with it is answered in the vendor's shape. */
export function planAnswer(request: SandboxRequest, context: SandboxContext): AnswerPlan {
  const protocol = protocolOf(request);
  try {
    if (!request.hasCredentials) throw new SandboxError(401);
    return route(request, protocol, context);
  } catch (error) {
    // Whatever else a request provokes (an address that is no UTF-8, nesting beyond the stack) must not end the process it lives in.
    const known = error instanceof SandboxError ? error : new SandboxError(500);
    return planError({ protocol, error: known, context });
  }
}

/** The answer to a body beyond the bound, which is not read. */
export function planTooLarge(request: SandboxRequest, context: SandboxContext): AnswerPlan {
  return planError({ protocol: protocolOf(request), error: new SandboxError(413), context });
}

function protocolOf({ path, hasAnthropicVersion }: SandboxRequest): WireProtocol {
  if (path.startsWith('/v1/messages')) return 'anthropic';
  return path.startsWith('/v1/models') && hasAnthropicVersion ? 'anthropic' : 'openai';
}

function route(request: SandboxRequest, protocol: WireProtocol, context: SandboxContext): AnswerPlan {
  const { method, path } = request;
  if (method === 'GET' && path === '/v1/models') {
    return planJson(protocol === 'anthropic' ? anthropicModelList() : openaiModelList(), context);
  }
  if (method === 'GET' && path.startsWith(MODEL_PATH)) {
    const id = decodeURIComponent(path.slice(MODEL_PATH.length));
    return planJson(protocol === 'anthropic' ? anthropicModel(id) : openaiModel(id), context);
  }
  if (method !== 'POST') throw unknownPath(method, path);
  if (protocol === 'anthropic' && !request.hasAnthropicVersion) {
    throw new SandboxError(400, { message: 'anthropic-version: header is required' });
  }
  switch (path) {
    case '/v1/chat/completions':
      return planChat(readBody(request.body), context);
    case '/v1/embeddings':
      return planEmbeddings(readBody(request.body), context);
    case '/v1/messages':
      return planMessages(readBody(request.body), context);
    case '/v1/messages/count_tokens':
      return planCount(readBody(request.body), context);
    default:
      throw unknownPath(method, path);
  }
}

function planChat(body: Fields, context: SandboxContext): AnswerPlan {
  const read = readChatRequest(body);
  const request = { ...read, conversation: settleFailures(read.conversation, context.markers) };
  const { conversation } = request;
  return (
    planFailure('openai', conversation.directives, context) ??
    planReply(conversation, context, {
      frames: () => chatCompletionFrames(request, replies(conversation), context.nowMs),
      whole: () => chatCompletion(request, replies(conversation), context.nowMs),
      errorEvent: (error) => `data: ${error}\n\n`,
    })
  );
}

function planMessages(body: Fields, context: SandboxContext): AnswerPlan {
  const conversation = settleFailures(readMessagesRequest(body), context.markers);
  return (
    planFailure('anthropic', conversation.directives, context) ??
    planReply(conversation, context, {
      frames: () => anthropicFrames(conversation, composeReply(conversation, 0)),
      whole: () => anthropicMessage(conversation, composeReply(conversation, 0)),
      errorEvent: (error) => `event: error\ndata: ${error}\n\n`,
    })
  );
}

function planCount(body: Fields, context: SandboxContext): AnswerPlan {
  const { directives, inputTokens } = settleFailures(readCountRequest(body), context.markers);
  return planFailure('anthropic', directives, context) ?? planJson({ input_tokens: inputTokens }, context, directives);
}

function planEmbeddings(body: Fields, context: SandboxContext): AnswerPlan {
  const request = settleFailures(readEmbeddingsRequest(body), context.markers);
  const { directives } = request;
  return planFailure('openai', directives, context) ?? planJson(embeddingsAnswer(request), context, directives);
}

function replies(conversation: Conversation): Reply[] {
  return Array.from({ length: conversation.choices }, (_, choice) => composeReply(conversation, choice));
}

/** The forms that one protocol gives to an answer. */
interface ReplyForms {
  frames(): StreamFrame[];
  whole(): object;
  /** An error event within a stream, from the error's JSON text. */
  errorEvent(error: string): string;
}

function planReply(conversation: Conversation, context: SandboxContext, forms: ReplyForms): AnswerPlan {
  const { directives, protocol, stream } = conversation;
  if (!stream) return planJson(forms.whole(), context, directives);
  const errorFrame = (): string => {
    const error = new SandboxError(directives.numbers.status ?? (protocol === 'anthropic' ? 529 : 500));
    return forms.errorEvent(JSON.stringify(errorBody(protocol, error, context.requestId)));
  };
  const headers = {
    ...baseHeaders(context, directives),
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-cache',
  };
  return { status: 200, headers, steps: streamSteps(forms.frames(), directives, errorFrame) };
}

/** `fail-first=n`: the first n requests of a marker fail (503 where nothing else is asked for), later ones don't fail at all. */
function settleFailures<T extends { readonly directives: Directives; readonly seed: number }>(
  request: T,
  markers: MarkerCounts,
): T {
  const { directives, seed } = request;
  const times = directives.numbers['fail-first'];
  if (times === undefined) return request;
  const before = markers.next(directives.words.marker ?? `seed:${seed}`);
  if (before >= times) return { ...request, directives: withoutFailures(directives) };
  if (asksForFailure(directives)) return request;
  return { ...request, directives: { ...directives, numbers: { ...directives.numbers, status: 503 } } };
}

function asksForFailure({ numbers, flags }: Directives): boolean {
  const { status, stall, cut, 'stream-error': streamError, 'huge-line': hugeLine } = numbers;
  return [status, stall, cut, streamError, hugeLine].some((value) => value !== undefined) || flags.size > 0;
}

/** The answers that have nothing to do with what was asked; undefined when the call is to be answered. */
function planFailure(protocol: WireProtocol, directives: Directives, context: SandboxContext): AnswerPlan | undefined {
  const { numbers, flags } = directives;
  if (flags.size === 0 && numbers.status === undefined) return undefined;
  const opening = openingSteps(directives);
  const headers = baseHeaders(context, directives);
  if (flags.has('reset')) return { status: 200, headers, steps: [...opening, { kind: 'reset' }] };
  if (flags.has('redirect')) return { status: 307, headers: { ...headers, location: REDIRECT_TARGET }, steps: opening };
  if (flags.has('html')) {
    const page = '<!doctype html><html><head><title>Sandbox</title></head><body>This is no API answer.</body></html>';
    return {
      status: 200,
      headers: { ...headers, 'content-type': 'text/html; charset=utf-8' },
      steps: [...opening, { kind: 'write', bytes: page }],
    };
  }
  // With `stream-error=` the status is that of the error within the stream.
  if (flags.has('quota')) {
    return planError({ protocol, error: new SandboxError(numbers.status ?? 429, QUOTA_ERROR), context, directives });
  }
  if (numbers.status === undefined || numbers['stream-error'] !== undefined) return undefined;
  return planError({ protocol, error: new SandboxError(numbers.status), context, directives });
}

interface ErrorPlanInput {
  readonly protocol: WireProtocol;
  readonly error: SandboxError;
  readonly context: SandboxContext;
  readonly directives?: Directives;
}

function planError({ protocol, error, context, directives }: ErrorPlanInput): AnswerPlan {
  const body = JSON.stringify(errorBody(protocol, error, context.requestId));
  const headers = { ...baseHeaders(context, directives), 'content-type': 'application/json' };
  const opening = directives === undefined ? [] : openingSteps(directives);
  return { status: error.status, headers, steps: [...opening, { kind: 'write', bytes: body }] };
}

function planJson(body: object, context: SandboxContext, directives?: Directives): AnswerPlan {
  const headers = { ...baseHeaders(context, directives), 'content-type': 'application/json' };
  const text = JSON.stringify(body);
  return { status: 200, headers, steps: directives ? wholeSteps(text, directives) : [{ kind: 'write', bytes: text }] };
}

/** The headers of every answer: what it is, and the request's id under both vendors' names. */
function baseHeaders({ requestId, nowMs }: SandboxContext, directives?: Directives): Record<string, string> {
  const headers: Record<string, string> = { 'x-sandbox': 'true', 'x-request-id': requestId, 'request-id': requestId };
  if (directives === undefined) return headers;
  const { words, flags } = directives;
  const retryAfter = words['retry-after'];
  if (retryAfter !== undefined)
    headers['retry-after'] = retryAfter === 'date' ? new Date(nowMs + 2000).toUTCString() : retryAfter;
  if (words['retry-after-ms'] !== undefined) headers['retry-after-ms'] = words['retry-after-ms'];
  if (flags.has('set-cookie')) headers['set-cookie'] = 'sandbox=1; Path=/; HttpOnly';
  return headers;
}

function unknownPath(method: string, path: string): SandboxError {
  return new SandboxError(404, {
    message: `Unknown request URL: ${method} ${path.slice(0, 200)}.`,
    code: 'unknown_url',
  });
}
