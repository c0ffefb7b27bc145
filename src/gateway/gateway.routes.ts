// Owns: the gateway's routes on HTTP: bodies as bytes, replies by hand, errors in the vendor's shape. Not: what happens to a call (call-pipeline.ts).

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type ErrorCode, WeirError } from '../primitives/errors.ts';
import type { GatewayRoute } from '../providers/protocol.ts';
import type { AskingRequest, Gateway } from './create-gateway.ts';
import { REQUEST_BODY_MAX } from './limits.ts';
import { refuse } from './stages/refuse.ts';

const CALLS: readonly { readonly url: string; readonly route: GatewayRoute }[] = [
  { url: '/v1/chat/completions', route: 'chat_completions' },
  { url: '/v1/responses', route: 'responses' },
  { url: '/v1/embeddings', route: 'embeddings' },
  { url: '/v1/messages', route: 'messages' },
];

/** What Fastify refuses by itself, before a handler. */
const FASTIFY_CODES: Readonly<Record<string, ErrorCode>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'too_large',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'unsupported_media_type',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'invalid_request',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'invalid_request',
};

const EMPTY = Buffer.alloc(0);

/** Registers the routes in a scope of their own: its body parser and error shape stay inside. */
export async function registerGatewayRoutes(app: FastifyInstance, gateway: Gateway): Promise<void> {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(
    'application/json',
    { parseAs: 'buffer', bodyLimit: REQUEST_BODY_MAX },
    (request, body, done) => {
      const encoding = request.headers['content-encoding'];
      if (encoding === undefined || encoding === 'identity') done(null, body);
      else done(compressed());
    },
  );

  for (const { url, route } of CALLS) {
    app.post(url, (request, reply) => {
      reply.hijack();
      void gateway.call({
        route,
        headers: request.headers,
        remoteAddress: request.ip,
        body: bodyOf(request),
        response: reply.raw,
      });
    });
  }
  app.post('/v1/messages/count_tokens', (request, reply) =>
    answerJson(gateway, { request, reply, route: 'count_tokens' }, () =>
      gateway.countTokens({
        headers: request.headers,
        remoteAddress: request.ip,
        body: bodyOf(request),
        response: reply.raw,
      }),
    ),
  );
  app.post('/v1/admission/explain', (request, reply) =>
    answerJson(gateway, { request, reply, route: vendorRoute(request) }, () =>
      gateway.explain({ headers: request.headers, remoteAddress: request.ip, body: bodyOf(request) }),
    ),
  );
  app.get('/v1/models', (request, reply) =>
    answerJson(gateway, { request, reply, route: vendorRoute(request) }, () => gateway.listModels(askingOf(request))),
  );
  // Ids may hold a slash or a colon: everything after the prefix is the id.
  app.get('/v1/models/*', (request, reply) =>
    answerJson(gateway, { request, reply, route: vendorRoute(request) }, () =>
      gateway.getModel(askingOf(request), (request.params as { '*': string })['*']),
    ),
  );
  app.all('/v1/*', (request, reply) =>
    answerJson(gateway, { request, reply, route: vendorRoute(request) }, () => {
      throw new WeirError('not_found', {
        message: `There is no ${request.method} ${request.url.split('?')[0]?.slice(0, 200)}. See the list of routes in the documentation.`,
      });
    }),
  );
  app.setErrorHandler((error: FastifyRefusal, request, reply) => {
    reply.hijack();
    refuse({ id: gateway.createId(), route: vendorRoute(request), response: reply.raw }, toWeirError(gateway, error));
  });
}

interface FastifyRefusal extends Error {
  readonly code?: string;
  readonly statusCode?: number;
}

/** What Fastify refuses by itself has a status below 500; everything else is a fault of ours. */
function toWeirError(gateway: Gateway, error: FastifyRefusal): WeirError {
  if (error instanceof WeirError) return error;
  const code = FASTIFY_CODES[error.code ?? ''];
  if (code === undefined && (error.statusCode ?? 500) >= 500) return gateway.toInternalError(error);
  return new WeirError(code ?? 'invalid_request', { internal: error.message });
}

/** A small body could unpack to gigabytes; no vendor's SDK compresses. */
function compressed(): WeirError {
  return new WeirError('unsupported_media_type', {
    message: 'Compressed bodies are not taken. Send the body without `content-encoding`.',
    param: 'content-encoding',
  });
}

interface JsonExchange {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly route: GatewayRoute;
}

/** Answers with an object, or with the error that it throws. */
async function answerJson(gateway: Gateway, { reply, route }: JsonExchange, work: () => unknown): Promise<void> {
  reply.hijack();
  const id = gateway.createId();
  const response = reply.raw;
  try {
    const body = JSON.stringify(await work());
    response.writeHead(200, {
      'content-type': 'application/json',
      'x-request-id': id,
      'content-length': Buffer.byteLength(body),
    });
    response.end(body);
  } catch (error) {
    refuse({ id, route, response }, error instanceof WeirError ? error : gateway.toInternalError(error));
  }
}

function askingOf(request: FastifyRequest): AskingRequest {
  return { headers: request.headers, remoteAddress: request.ip };
}

function bodyOf(request: FastifyRequest): Buffer {
  return Buffer.isBuffer(request.body) ? request.body : EMPTY;
}

/** Whose error shape a caller of a shared route expects: Anthropic's SDK says which version of its API it speaks. */
function vendorRoute(request: FastifyRequest): GatewayRoute {
  const isAnthropic = request.headers['anthropic-version'] !== undefined || request.url.startsWith('/v1/messages');
  return isAnthropic ? 'messages' : 'chat_completions';
}
