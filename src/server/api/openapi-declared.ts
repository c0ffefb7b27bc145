// Owns: the routes that are no endpoints of ours, written down by hand: the gateway's, whose shapes are the vendors', and the operators'. A test holds the list to
// the server's router. Not: answering them.

import type { JsonSchema } from './openapi-schema.ts';

/** A route outside the product API. */
export interface DeclaredRoute {
  readonly operationId: string;
  readonly method: 'GET' | 'POST';
  /** As documented: `/v1/models/{id}`. */
  readonly path: string;
  /** As the router has it, where that is not the same. */
  readonly routerPath?: string;
  readonly summary: string;
  readonly description?: string;
  readonly tag: 'Gateway' | 'Operations';
  /** What is asked for. `open`: nothing. */
  readonly access: 'virtual_key' | 'metrics_token' | 'open';
  readonly body?: JsonSchema;
  readonly headers?: readonly string[];
  /** Content types of answers. */
  readonly produces: readonly string[];
  readonly statuses: readonly number[];
}

const CALL_HEADERS = {
  'x-weir-user': 'Act for this member; the key has to be allowed to.',
  'x-weir-feature': 'The feature that the call is for.',
  'x-weir-persona': 'The persona whose model is preferred.',
  'x-weir-environment': 'Environment of a feature; `production` when left out.',
  'x-weir-tags': 'Tags for reports, by comma.',
  'idempotency-key': 'The same call sent again with it is made once.',
} as const;

/** Headers of the gateway with what they mean. */
export const GATEWAY_HEADERS: Readonly<Record<string, string>> = CALL_HEADERS;

const everyCallHeader = Object.keys(CALL_HEADERS);
const gateway = { method: 'POST', tag: 'Gateway', access: 'virtual_key' } as const;
const model = { type: 'string', description: 'Id of the catalog, `template:…`, `feature:…` or `auto`.' } as const;
const streamed = { produces: ['application/json', 'text/event-stream'] } as const;
const json = { produces: ['application/json'] } as const;
const calls = {
  headers: everyCallHeader,
  statuses: [200, 400, 401, 402, 403, 404, 409, 413, 415, 429, 500, 502, 503, 504],
} as const;
const reads = { headers: ['x-weir-user'], statuses: [200, 400, 401, 403, 404, 500, 503] } as const;
const messages = { type: 'array', items: { type: 'object' } } as const;
const operations = { method: 'GET', tag: 'Operations', access: 'open' } as const;

const bodyOf = (properties: Readonly<Record<string, JsonSchema>>, required: readonly string[]): JsonSchema => ({
  type: 'object',
  properties,
  required,
  additionalProperties: true,
});

/** All of them. */
export const DECLARED_ROUTES: readonly DeclaredRoute[] = [
  {
    ...{ ...gateway, ...calls, ...streamed, operationId: 'createChatCompletion', path: '/v1/chat/completions' },
    summary: 'OpenAI Chat Completions, streaming and not',
    description: 'Bodies, answers and errors are OpenAI’s: use the OpenAI SDK with this server’s `/v1` as base URL.',
    body: bodyOf({ model, messages, stream: { type: 'boolean' } }, ['model', 'messages']),
  },
  {
    ...{ ...gateway, ...calls, ...streamed, operationId: 'createResponse', path: '/v1/responses' },
    summary: 'OpenAI Responses, streaming and not',
    description:
      'Bodies, answers and errors are OpenAI’s. Served by every model that chats. Nothing is kept: `previous_response_id`, `conversation` and `store: true` are refused, and so are tools that run at a provider.',
    body: bodyOf({ model, input: {}, stream: { type: 'boolean' } }, ['model', 'input']),
  },
  {
    ...{ ...gateway, ...calls, ...json, operationId: 'createEmbedding', path: '/v1/embeddings' },
    summary: 'OpenAI Embeddings',
    body: bodyOf({ model, input: {} }, ['model', 'input']),
  },
  {
    ...{ ...gateway, ...calls, ...streamed, operationId: 'createMessage', path: '/v1/messages' },
    summary: 'Anthropic Messages, streaming and not',
    description: 'Bodies, answers and errors are Anthropic’s: use the Anthropic SDK with this server as base URL.',
    body: bodyOf({ model, messages, max_tokens: { type: 'integer' }, stream: { type: 'boolean' } }, [
      'model',
      'messages',
      'max_tokens',
    ]),
  },
  {
    ...{ ...gateway, ...calls, ...json, operationId: 'countMessageTokens', path: '/v1/messages/count_tokens' },
    summary: 'Count the tokens of an Anthropic message, without calling anybody',
    body: bodyOf({ model, messages }, ['model', 'messages']),
  },
  {
    ...{ ...gateway, ...calls, ...json, operationId: 'explainAdmission', path: '/v1/admission/explain' },
    summary: 'Dry run of a call: every check in order with its verdict; nothing is held',
    body: bodyOf({ model }, ['model']),
  },
  {
    ...{ ...gateway, ...reads, ...json, method: 'GET', operationId: 'listModels', path: '/v1/models' },
    summary: 'The models and templates that the key may call',
  },
  {
    ...{
      ...gateway,
      ...reads,
      ...json,
      method: 'GET',
      operationId: 'getModel',
      path: '/v1/models/{id}',
      routerPath: '/v1/models/*',
    },
    summary: 'One of them; the id may hold slashes and colons',
  },
  {
    ...operations,
    ...json,
    operationId: 'getHealth',
    path: '/healthz',
    summary: 'Whether the process lives',
    statuses: [200],
  },
  {
    ...{ ...operations, ...json, operationId: 'getReadiness', path: '/readyz' },
    summary: 'Whether it can serve, check by check',
    statuses: [200, 503],
  },
  {
    ...{ ...operations, operationId: 'getMetrics', path: '/metrics', access: 'metrics_token' },
    summary: 'Metrics for Prometheus; asks for WEIR_METRICS_TOKEN when it is set',
    produces: ['text/plain'],
    statuses: [200, 401],
  },
  {
    ...{ ...operations, ...json, operationId: 'getOpenapi', path: '/openapi.json' },
    summary: 'This description of the API',
    statuses: [200, 304],
  },
  {
    ...{ ...operations, operationId: 'getDocumentation', path: '/docs' },
    summary: 'The same for people',
    produces: ['text/html'],
    statuses: [200, 304],
  },
];
