// Owns: which errors an endpoint can answer with, and their form in the document. Not: the catalogue (primitives/errors.ts) or sending them (send-answer.ts).

import type { Endpoint } from '../../contracts/endpoint.ts';
import { problemSchema } from '../../contracts/problem.ts';
import { ERROR_CATALOGUE, type ErrorCode, WeirError } from '../../primitives/errors.ts';
import { renderProblem } from '../problem.ts';
import { schemaOf } from './openapi-schema.ts';

const EXAMPLE_REQUEST_ID = '01890a5d-ac96-774b-bcce-b302099a8057';
const PROBLEM_REFERENCE = '#/components/schemas/Problem';

/** A token that is sent is looked at, also where none is asked for. */
const TOKEN_CODES: readonly ErrorCode[] = ['invalid_key', 'expired_key', 'revoked_key'];

/** Codes an endpoint can answer with: its own, and those of every endpoint of its kind. */
export function errorCodesOf(endpoint: Endpoint): ErrorCode[] {
  const { role, method, organization } = endpoint;
  const isWrite = method !== 'GET';
  const isAnonymous = role === 'anonymous';
  const codes = new Set<ErrorCode>(['invalid_request', ...TOKEN_CODES, ...endpoint.errors]);
  if (!isAnonymous) codes.add('unauthenticated');
  // Also for writes of nobody: they are refused from foreign pages.
  if (!isAnonymous || isWrite) codes.add('forbidden');
  if (organization !== 'none' || endpoint.path.includes('{')) codes.add('not_found');
  if (organization !== 'none' && isWrite && endpoint.suspended === 'refused') codes.add('organization_suspended');
  if (isWrite && !isAnonymous) codes.add('conflict').add('idempotency_mismatch');
  if (endpoint.hasBody) codes.add('too_large').add('unsupported_media_type');
  for (const code of ['rate_limited', 'internal_error', 'overloaded'] as const) codes.add(code);
  return [...codes].sort((a, b) => ERROR_CATALOGUE[a].status - ERROR_CATALOGUE[b].status || a.localeCompare(b));
}

/** Responses that are errors, as references by status; `problemComponents` has what they lead to. */
export function problemResponses(codes: readonly ErrorCode[]): Record<string, { $ref: string }> {
  return Object.fromEntries(
    [...codesByStatus(codes)].map(([status, group]) => [status, { $ref: `#/components/responses/${nameOf(group)}` }]),
  );
}

/** The schema, example and response of every error that the lists of codes need. */
export function problemComponents(lists: readonly (readonly ErrorCode[])[]) {
  const groups = new Map(
    lists.flatMap((codes) => [...codesByStatus(codes).values()]).map((codes) => [nameOf(codes), codes]),
  );
  const used = [...new Set([...groups.values()].flat())].sort();
  return {
    schemas: { Problem: schemaOf(problemSchema, 'output') },
    examples: Object.fromEntries(used.map((code) => [code, { summary: code, value: exampleOf(code) }])),
    responses: Object.fromEntries(
      [...groups].sort(([a], [b]) => a.localeCompare(b)).map(([name, codes]) => [name, responseOf(codes)]),
    ),
  };
}

function codesByStatus(codes: readonly ErrorCode[]): Map<string, ErrorCode[]> {
  return Map.groupBy(codes, (code) => String(ERROR_CATALOGUE[code].status));
}

const nameOf = (codes: readonly ErrorCode[]): string => [...codes].sort().join('.');

function responseOf(codes: readonly ErrorCode[]) {
  const entries = codes.map((code) => ERROR_CATALOGUE[code]);
  const canWait = entries.some(({ status }) => status === 429 || status === 503);
  return {
    description: [...new Set(entries.map(({ message, remedy }) => `${message} ${remedy}`))].join('\n\n'),
    headers: {
      'x-request-id': { $ref: '#/components/headers/RequestId' },
      ...(canWait ? { 'retry-after': { $ref: '#/components/headers/RetryAfter' } } : {}),
    },
    content: {
      'application/problem+json': {
        schema: { $ref: PROBLEM_REFERENCE, properties: { code: { enum: codes } } },
        examples: Object.fromEntries(codes.map((code) => [code, { $ref: `#/components/examples/${code}` }])),
      },
    },
  };
}

/** What the server would send: made by the very function that makes the real ones. */
function exampleOf(code: ErrorCode): unknown {
  const details = code === 'invalid_request' ? { errors: [{ path: 'name', message: 'is required' }] } : {};
  return JSON.parse(renderProblem(new WeirError(code, { details }), EXAMPLE_REQUEST_ID).body);
}
