// Owns: one endpoint as an operation of OpenAPI: parameters, body, answers, who may call. Not: errors (openapi-problems.ts) or the whole (openapi-document.ts).

import { type Endpoint, needsBody } from '../../contracts/endpoint.ts';
import { errorCodesOf, problemResponses } from './openapi-problems.ts';
import { type JsonSchema, schemaOf } from './openapi-schema.ts';

/** An operation as the document holds it, as far as our own code reads it. */
export interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly description?: string;
  readonly tags: readonly string[];
  readonly security: readonly Readonly<Record<string, readonly string[]>>[];
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly required: boolean; readonly content: Content };
  readonly responses: Readonly<
    Record<string, { readonly $ref?: string; readonly description?: string; readonly content?: Content }>
  >;
  /** The least role; of the gateway and operations: what is asked for instead. */
  readonly 'x-weir-role': string;
}

/** Content types and their schemas. */
export type Content = Readonly<Record<string, { readonly schema: JsonSchema }>>;

/** A parameter, or a reference to one that many operations share. */
export interface Parameter {
  readonly $ref?: string;
  readonly name?: string;
  readonly in?: 'path' | 'query' | 'header';
  readonly required?: boolean;
  readonly description?: string;
  readonly schema?: JsonSchema;
}

/** Parameters that many operations share. */
export const SHARED_PARAMETERS = {
  Organization: {
    name: 'x-weir-organization',
    in: 'header',
    required: false,
    description: 'Id or slug of the organization that the request is about. May be left out by who is in exactly one.',
    schema: { type: 'string', maxLength: 63 },
  },
  IdempotencyKey: {
    name: 'idempotency-key',
    in: 'header',
    required: false,
    description:
      'A text of the caller’s own. The same write sent again with it within a day is done once and answered alike.',
    schema: { type: 'string', maxLength: 255 },
  },
  IfMatch: {
    name: 'if-match',
    in: 'header',
    required: false,
    description: 'The `ETag` of the version that was read: the change is refused with 412 when there is a newer one.',
    schema: { type: 'string', maxLength: 1_000 },
  },
} as const;

/** The named schemas that an endpoint adds to the document: its body and its output. */
export function namedSchemas(endpoint: Endpoint): Record<string, JsonSchema> {
  const { input, output } = schemaNames(endpoint);
  const body = endpoint.hasBody ? schemaOf(endpoint.body, 'input') : undefined;
  const answer = schemaOf(endpoint.output, 'output');
  return { ...(body === undefined ? {} : { [input]: body }), ...(answer === undefined ? {} : { [output]: answer }) };
}

/** Names of an endpoint's schemas: `CreateOrganizationInput`, `CreateOrganizationOutput`. */
export function schemaNames({ operationId }: Pick<Endpoint, 'operationId'>): {
  readonly input: string;
  readonly output: string;
} {
  const name = `${operationId.charAt(0).toUpperCase()}${operationId.slice(1)}`;
  return { input: `${name}Input`, output: `${name}Output` };
}

/** The operation of an endpoint. */
export function operationOf(endpoint: Endpoint): Operation {
  const { operationId, summary, description, tag, role, permission, organization, platform, impersonation } = endpoint;
  const parameters = [...ownParameters(endpoint), ...sharedParameters(endpoint)];
  const body = endpoint.hasBody ? schemaOf(endpoint.body, 'input') : undefined;
  return {
    operationId,
    summary,
    ...(description === null ? {} : { description }),
    tags: [tag],
    security: role === 'anonymous' ? [] : [{ session: [] }, { apiToken: [] }, ...keySecurity(endpoint)],
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(body === undefined
      ? {}
      : {
          requestBody: {
            required: needsBody(endpoint),
            content: { 'application/json': { schema: reference(schemaNames(endpoint).input) } },
          },
        }),
    responses: { ...successesOf(endpoint), ...problemResponses(errorCodesOf(endpoint)) },
    'x-weir-role': role,
    ...(permission === null ? {} : { 'x-weir-permission': permission }),
    ...(organization === 'none' ? {} : { 'x-weir-organization': organization }),
    ...(platform === null ? {} : { 'x-weir-platform-role': platform }),
    ...(impersonation === 'refused' ? { 'x-weir-impersonation': impersonation } : {}),
  };
}

const keySecurity = ({ virtualKeys }: Endpoint) => (virtualKeys === 'accepted' ? [{ virtualKey: [] }] : []);

const reference = (name: string): JsonSchema => ({ $ref: `#/components/schemas/${name}` });

function ownParameters({ params, query }: Endpoint): Parameter[] {
  return (['path', 'query'] as const).flatMap((place): Parameter[] => {
    const schema = schemaOf(place === 'path' ? params : query, 'input') ?? {};
    if (typeof schema.additionalProperties === 'object')
      return [{ name: 'parameters', in: place, required: false, description: 'Any name.', schema }];
    return Object.entries(schema.properties ?? {}).map(([name, property]) => {
      const { description, ...rest } = property;
      const required = place === 'path' || schema.required?.includes(name) === true;
      return { name, in: place, required, ...(description === undefined ? {} : { description }), schema: rest };
    });
  });
}

function sharedParameters({ method, role, organization, errors }: Endpoint): Parameter[] {
  const names: (keyof typeof SHARED_PARAMETERS)[] = [];
  if (organization === 'header') names.push('Organization');
  if (method !== 'GET' && role !== 'anonymous') names.push('IdempotencyKey');
  if (errors.includes('stale')) names.push('IfMatch');
  return names.map((name) => ({ $ref: `#/components/parameters/${name}` }));
}

/** Its success. What ends with 204 and can say something all the same says it with 200: what a deletion would do, asked with `dry_run`. */
function successesOf(endpoint: Endpoint): Operation['responses'] {
  const success = successOf(endpoint);
  if (endpoint.status !== 204 || !('content' in success)) return { [String(endpoint.status)]: success };
  const { content: _, ...silent } = success;
  return { '200': { ...success, description: STATUS_TEXTS[200] }, '204': silent };
}

function successOf(endpoint: Endpoint) {
  const { status, produces, output, errors } = endpoint;
  const schema = schemaOf(output, 'output') === undefined ? undefined : reference(schemaNames(endpoint).output);
  const forms: Content = {
    ...(schema === undefined ? {} : { 'application/json': { schema } }),
    ...(produces === null ? {} : { [produces]: { schema: { type: 'string' } } }),
  };
  const content = Object.keys(forms).length === 0 ? undefined : forms;
  return {
    description: STATUS_TEXTS[status],
    headers: {
      'x-request-id': { $ref: '#/components/headers/RequestId' },
      ...(errors.includes('stale') ? { etag: { $ref: '#/components/headers/ETag' } } : {}),
    },
    ...(content === undefined ? {} : { content }),
  };
}

const STATUS_TEXTS: Readonly<Record<Endpoint['status'], string>> = {
  200: 'Done.',
  201: 'Made.',
  202: 'Taken; it goes on afterwards.',
  204: 'Done; there is nothing to say.',
  302: 'Go on elsewhere.',
};
