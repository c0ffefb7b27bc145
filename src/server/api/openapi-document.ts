// Owns: the OpenAPI 3.1 document, made from the endpoints and the declared routes. Not: serving it (openapi.routes.ts).

import type { Endpoint } from '../../contracts/endpoint.ts';
import { DECLARED_ROUTES, type DeclaredRoute, GATEWAY_HEADERS } from './openapi-declared.ts';
import { namedSchemas, type Operation, operationOf, type Parameter, SHARED_PARAMETERS } from './openapi-operation.ts';
import { errorCodesOf, problemComponents, problemResponses } from './openapi-problems.ts';
import type { JsonSchema } from './openapi-schema.ts';

/** The document, as far as our own code reads it. */
export interface OpenapiDocument {
  readonly openapi: string;
  readonly info: { readonly title: string; readonly version: string; readonly description: string };
  readonly tags: readonly { readonly name: string; readonly description?: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, JsonSchema>>;
    readonly parameters: Readonly<Record<string, Parameter>>;
    readonly responses: Readonly<Record<string, { readonly description: string }>>;
  };
}

const DESCRIPTION = `Three surfaces on one port. The **product API** under \`/api\` is for portals, back ends and scripts; the **gateway** under \`/v1\` speaks the
vendors' own protocols; **operations** are for whoever runs the server.

Lists page by cursor: \`?limit=&cursor=\`, answered with \`{data, next_cursor}\`. Writes take \`Idempotency-Key\`. Errors are problems (RFC 9457) with a stable
\`code\`. Every answer carries \`x-request-id\`. What another tenant owns is answered as if it did not exist.`;

/** Makes the document. `version` is the server's. */
export function createOpenapiDocument(endpoints: readonly Endpoint[], version: string): OpenapiDocument {
  const paths: Record<string, Record<string, Operation>> = {};
  const add = (path: string, method: string, operation: Operation): void => {
    paths[path] = { ...paths[path], [method.toLowerCase()]: operation };
  };
  for (const endpoint of endpoints) add(endpoint.path, endpoint.method, operationOf(endpoint));
  for (const route of DECLARED_ROUTES) add(route.path, route.method, declaredOperation(route));
  const problems = problemComponents([...endpoints.map(errorCodesOf), ['unauthenticated']]);
  const tags = [...new Set([...endpoints.map(({ tag }) => tag), ...DECLARED_ROUTES.map(({ tag }) => tag)])];
  const document = {
    openapi: '3.1.1',
    info: {
      title: 'Weir',
      version,
      description: DESCRIPTION,
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/', description: 'This server.' }],
    tags: tags.map((name) => ({ name })),
    paths,
    components: {
      ...problems,
      schemas: {
        ...(problems.schemas as Record<string, JsonSchema>),
        ...Object.assign({}, ...endpoints.map(namedSchemas)),
      },
      parameters: SHARED_PARAMETERS,
      headers: HEADERS,
      securitySchemes: SECURITY_SCHEMES,
    },
  };
  return document;
}

const HEADERS = {
  RequestId: { description: 'Id of the request, for questions to the operator.', schema: { type: 'string' } },
  RetryAfter: { description: 'Seconds after which a retry makes sense.', schema: { type: 'integer' } },
  ETag: { description: 'Version of what is answered, for `If-Match`.', schema: { type: 'string' } },
};

const SECURITY_SCHEMES = {
  session: {
    type: 'apiKey',
    in: 'cookie',
    name: 'weir-session',
    description:
      'Set by signing in; `__Host-weir-session` where the public address is https. Writes also have to come from an allowed origin.',
  },
  apiToken: { type: 'http', scheme: 'bearer', description: 'A personal or organization API token.' },
  virtualKey: { type: 'http', scheme: 'bearer', bearerFormat: 'wr_…', description: 'A virtual key of the gateway.' },
  virtualKeyHeader: {
    type: 'apiKey',
    in: 'header',
    name: 'x-api-key',
    description: 'The same key, as Anthropic’s SDK sends it.',
  },
  metricsToken: { type: 'http', scheme: 'bearer', description: 'WEIR_METRICS_TOKEN, when it is set.' },
};

const SECURITY = {
  virtual_key: [{ virtualKey: [] }, { virtualKeyHeader: [] }],
  metrics_token: [{ metricsToken: [] }, {}],
  open: [],
} as const;

const ACCESS_ROLES = { virtual_key: 'virtual_key', metrics_token: 'operator', open: 'anonymous' } as const;

/** The operation of a declared route. */
function declaredOperation(route: DeclaredRoute): Operation {
  const { operationId, summary, description, tag, access, body, produces, statuses } = route;
  const parameters = declaredParameters(route);
  const schema: JsonSchema = produces.includes('application/json') ? { type: 'object' } : { type: 'string' };
  const content = Object.fromEntries(
    produces.map((type) => [type, { schema: type === 'application/json' ? schema : { type: 'string' } }]),
  );
  const answers = statuses.map((status) => [
    String(status),
    status < 300 || (status === 503 && access === 'open')
      ? { description: 'The answer.', content }
      : { description: tag === 'Gateway' ? 'An error in the shape of the route’s vendor.' : 'Nothing new.' },
  ]);
  return {
    ...{ operationId, summary, tags: [tag], security: SECURITY[access] },
    ...(description === undefined ? {} : { description }),
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(body === undefined
      ? {}
      : { requestBody: { required: true, content: { 'application/json': { schema: body } } } }),
    responses: {
      ...Object.fromEntries(answers),
      ...(access === 'metrics_token' ? problemResponses(['unauthenticated']) : {}),
    },
    'x-weir-role': ACCESS_ROLES[access],
  };
}

function declaredParameters({ path, headers = [] }: DeclaredRoute): Parameter[] {
  const named = [...path.matchAll(/\{([^}]+)\}/g)].map(([, name]) => name ?? '');
  return [
    ...named.map((name): Parameter => ({ name, in: 'path', required: true, schema: { type: 'string' } })),
    ...headers.map(
      (name): Parameter => ({
        name,
        in: 'header',
        required: false,
        description: GATEWAY_HEADERS[name] ?? name,
        schema: { type: 'string' },
      }),
    ),
  ];
}
