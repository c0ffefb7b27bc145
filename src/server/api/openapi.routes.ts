// Owns: serving the description of the API: /openapi.json for tools and /docs for people. Not: making either.

import { createHash } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import packageFile from '../../../package.json' with { type: 'json' };
import { ENDPOINTS } from '../../contracts/endpoints.ts';
import { DOCS_PAGE_POLICY, renderDocsPage } from './docs-page.ts';
import { createOpenapiDocument } from './openapi-document.ts';

/** Something that never changes while the server runs. */
interface Fixed {
  readonly bytes: Buffer;
  readonly etag: string;
}

/** Adds the routes. Each is made when it is first asked for, and once. */
export function registerOpenapiRoutes(app: FastifyInstance, options: { readonly createId: () => string }): void {
  const document = once(() => createOpenapiDocument(ENDPOINTS, packageFile.version));
  const json = once(() => fix(JSON.stringify(document())));
  const page = once(() => fix(renderDocsPage(document())));
  const standing = { 'x-content-type-options': 'nosniff', 'cache-control': 'no-cache' };
  const give = (file: Fixed, request: FastifyRequest, reply: FastifyReply) => {
    reply.headers({ ...standing, etag: file.etag, 'x-request-id': options.createId() });
    const known = (request.headers['if-none-match'] ?? '').split(',').map((tag) => tag.trim().replace(/^W\//, ''));
    if (known.includes(file.etag) || known.includes('*')) return reply.code(304).send();
    return reply.send(file.bytes);
  };
  app.get('/openapi.json', (request, reply) =>
    // Open to tools in other pages: it holds nothing but what is published.
    give(json(), request, reply.type('application/json; charset=utf-8').header('access-control-allow-origin', '*')),
  );
  app.get('/docs', (request, reply) =>
    give(
      page(),
      request,
      reply.type('text/html; charset=utf-8').headers({
        'content-security-policy': DOCS_PAGE_POLICY,
        'referrer-policy': 'no-referrer',
      }),
    ),
  );
}

function once<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

function fix(text: string): Fixed {
  const bytes = Buffer.from(text);
  return { bytes, etag: `"${createHash('sha256').update(bytes).digest('base64url')}"` };
}
