// Owns: whether an answer is one that its endpoint promised. Not: whether it is the right one of these.

import { z } from 'zod';
import type { Endpoint } from '../../src/contracts/endpoint.ts';
import { problemSchema } from '../../src/contracts/problem.ts';
import { ERROR_CATALOGUE, type ErrorCode } from '../../src/primitives/errors.ts';
import { errorCodesOf } from '../../src/server/api/openapi-problems.ts';
import type { ApiAnswer } from '../../src/server/testing/api-person.ts';

/** What is wrong with an answer; undefined: nothing. */
export function contractFault(endpoint: Endpoint, { status, headers, body }: ApiAnswer): string | undefined {
  const type = headers.get('content-type') ?? '';
  if (!/^[0-9a-f-]{36}$/.test(headers.get('x-request-id') ?? '')) return 'has no x-request-id';
  if (headers.get('cache-control') !== 'no-store') return 'may be kept by a cache';
  if (status >= 400) return problemFault(endpoint, { status, type, body });
  if (status !== endpoint.status) return `has status ${status}, not ${endpoint.status}`;
  const isFile = endpoint.produces !== null && type.startsWith(endpoint.produces);
  if (isFile) return undefined;
  // What gives JSON as well has an output.
  if (endpoint.produces !== null && endpoint.output instanceof z.ZodUndefined) return `has type ${type}`;
  if (status === 302) return headers.has('location') ? undefined : 'leads nowhere';
  const result = endpoint.output.safeParse(body);
  return result.success ? undefined : `is not what was promised: ${result.error.message}`;
}

function problemFault(
  endpoint: Endpoint,
  { status, type, body }: { readonly status: number; readonly type: string; readonly body: unknown },
): string | undefined {
  if (type !== 'application/problem+json') return `is an error of type ${type}`;
  const result = problemSchema.safeParse(body);
  if (!result.success) return `is no problem: ${result.error.message}`;
  const { code, status: told, type: uri } = result.data;
  if (told !== status || ERROR_CATALOGUE[code as ErrorCode]?.status !== status || uri !== `/problems/${code}`)
    return `contradicts itself: ${status} ${told} ${code} ${uri}`;
  return errorCodesOf(endpoint).includes(code as ErrorCode)
    ? undefined
    : `has the code ${code}, which its endpoint does not list`;
}
