// Proves: that every endpoint is well-formed, and that roles and permission matrix agree.

import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { defineEndpoint } from './endpoint.ts';
import { ENDPOINTS } from './endpoints.ts';
import { leastRoleOf } from './permissions.ts';

const named = ENDPOINTS.map((endpoint) => [endpoint.operationId, endpoint] as const);

describe.each(named)('%s', (_name, endpoint) => {
  it('has a path of the product API, a summary, and the role its permission names', () => {
    expect(endpoint.path).toMatch(/^\/api\/[a-z0-9{}/_.-]+$/i);
    expect(endpoint.summary).toMatch(/^[A-Z].{3,120}[^.]$/);
    if (endpoint.permission !== null) expect(endpoint.role).toBe(leastRoleOf(endpoint.permission));
  });

  it('refuses what it does not know, in body and query', () => {
    // Another provider's answer, which may hold parameters of its own.
    const query = endpoint.operationId === 'finishSocialSignIn' ? [] : [endpoint.query];
    for (const schema of [...query, ...(endpoint.hasBody ? [endpoint.body] : [])]) {
      const result = schema.safeParse({ unheard_of: 1 });
      expect(result.success).toBe(false);
    }
  });

  it('bounds every string that it takes', () => {
    for (const schema of [endpoint.params, endpoint.query, endpoint.body])
      expect(unboundedStrings(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }))).toEqual([]);
  });
});

it('has each operation id and each method and path once', () => {
  const ids = ENDPOINTS.map(({ operationId }) => operationId);
  const places = ENDPOINTS.map(({ method, path }) => `${method} ${path.replaceAll(/\{[^}]*\}/g, '{}')}`);
  expect(new Set(ids).size).toBe(ids.length);
  expect(new Set(places).size).toBe(places.length);
});

describe('an endpoint that contradicts itself is refused when it is declared', () => {
  const base = { operationId: 'x', method: 'GET', path: '/api/x', summary: 'X', tag: 'X' } as const;
  const id = z.strictObject({ id: z.uuid() });
  it.each([
    ['a member without an organization', () => defineEndpoint({ ...base, role: 'member', organization: 'none' })],
    ['a user with one', () => defineEndpoint({ ...base, role: 'user', organization: 'header' })],
    ['an organization in a path without {id}', () => defineEndpoint({ ...base, role: 'admin', organization: 'path' })],
    ['a parameter that the path lacks', () => defineEndpoint({ ...base, role: 'user', params: id })],
    ['a parameter nobody declared', () => defineEndpoint({ ...base, role: 'user', path: '/api/x/{id}' })],
    ['the platform asking without a header', () => defineEndpoint({ ...base, role: 'user', platform: 'superadmin' })],
    ['a GET with a body', () => defineEndpoint({ ...base, role: 'user', body: z.strictObject({}) })],
  ])('%s', (_name, define) => {
    expect(define).toThrow(/^x \(GET /);
  });
});

/** Paths of strings without a maximum, a pattern, a list of values or a format. */
function unboundedStrings(schema: unknown, path = ''): string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  const node = schema as Record<string, unknown>;
  const isBounded = ['maxLength', 'pattern', 'enum', 'const', 'format'].some((key) => key in node);
  const here = node.type === 'string' && !isBounded ? [path] : [];
  return [...here, ...Object.entries(node).flatMap(([key, value]) => unboundedStrings(value, `${path}/${key}`))];
}
