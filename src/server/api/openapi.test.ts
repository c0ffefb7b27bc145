// Proves: the description of the API is valid OpenAPI 3.1, tells all there is to know of each endpoint, and is served once made; the page for people asks for nothing.

import { Validator } from '@seriousme/openapi-schema-validator';
import Fastify from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ENDPOINTS } from '../../contracts/endpoints.ts';
import { ERROR_CATALOGUE } from '../../primitives/errors.ts';
import { registerOpenapiRoutes } from './openapi.routes.ts';
import type { OpenapiDocument } from './openapi-document.ts';

const ID = '01890000-0000-7000-8000-000000000000';
const app = Fastify();
let document: OpenapiDocument;
let page = '';
beforeAll(async () => {
  registerOpenapiRoutes(app, { createId: () => ID });
  document = (await app.inject('/openapi.json')).json();
  page = (await app.inject('/docs')).body;
});
afterAll(() => app.close());

describe('the document', () => {
  it('is valid against the schema of OpenAPI 3.1, and every reference in it leads somewhere', async () => {
    const validator = new Validator();
    const result = await validator.validate(structuredClone(document) as unknown as Record<string, unknown>);
    expect(result.errors ?? []).toEqual([]);
    expect([result.valid, validator.version]).toEqual([true, '3.1']);
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g)].map(([, path]) => path ?? '');
    const lost = references.filter((path) => {
      const found = path
        .split('/')
        .reduce<unknown>((node, part) => (node as Record<string, unknown> | undefined)?.[part], document);
      return found === undefined;
    });
    expect(references.length).toBeGreaterThan(50);
    expect(lost).toEqual([]);
  });

  it('has every endpoint under its method and path, with its role, and each operation id once', () => {
    for (const { operationId, method, path, role, tag } of ENDPOINTS)
      expect(document.paths[path]?.[method.toLowerCase()]).toMatchObject({
        operationId,
        tags: [tag],
        'x-weir-role': role,
      });
    const ids = Object.values(document.paths).flatMap((methods) =>
      Object.values(methods).map(({ operationId }) => operationId),
    );
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('says how an organization is named, a write repeated, a change guarded and a list paged', () => {
    const update = JSON.stringify(document.paths['/api/organizations/{id}']?.put);
    expect(update).toContain('#/components/parameters/IfMatch');
    expect(update).toContain('#/components/parameters/IdempotencyKey');
    expect(update).toContain('#/components/responses/stale');
    const logs = JSON.stringify(document.paths['/api/audit-logs']?.get);
    expect(logs).toContain('#/components/parameters/Organization');
    expect(logs).toContain('"name":"cursor"');
    expect(document.paths['/api/audit-logs/export.csv']?.get?.responses['200']?.content).toHaveProperty('text/csv');
  });

  it('shows for every code of an answer what it looks like', () => {
    const { examples } = document.components as unknown as {
      examples: Record<string, { value: Record<string, unknown> }>;
    };
    for (const [code, { value }] of Object.entries(examples)) {
      const { status } = ERROR_CATALOGUE[code as keyof typeof ERROR_CATALOGUE];
      expect(value).toMatchObject({ code, status, type: `/problems/${code}` });
    }
    expect(examples.invalid_request?.value.errors).toEqual([{ path: 'name', message: 'is required' }]);
  });

  it('is not sent again to who has it', async () => {
    for (const path of ['/openapi.json', '/docs']) {
      const { headers } = await app.inject(path);
      expect(headers['x-request-id']).toBe(ID);
      const again = await app.inject({ url: path, headers: { 'if-none-match': `"other", ${headers.etag}` } });
      expect([again.statusCode, again.body]).toEqual([304, '']);
    }
  });
});

describe('the page', () => {
  it('shows every operation', () => {
    for (const { operationId } of ENDPOINTS) expect(page).toContain(`id="${operationId}"`);
  });

  it('has no script, asks for nothing else, and forbids both', async () => {
    expect(page).not.toMatch(/<script|<img|<link|<iframe|\son\w+=|\sstyle=|url\(/i);
    const addresses = [...page.matchAll(/(?:href|src)="([^"]*)"/g)].map(([, address]) => address ?? '');
    expect(addresses.filter((address) => !/^(#|\/openapi\.json$)/.test(address))).toEqual([]);
    const policy = (await app.inject('/docs')).headers['content-security-policy'];
    expect(policy).toMatch(/^default-src 'none'; style-src 'sha256-[^']+'; .*frame-ancestors 'none'$/);
    expect(policy).not.toContain('unsafe');
  });

  it('leads to nowhere that is not on it', () => {
    const ids = new Set([...page.matchAll(/\sid="([^"]*)"/g)].map(([, id]) => id));
    for (const [, target] of page.matchAll(/href="#([^"]*)"/g)) expect(ids).toContain(target);
  });
});
