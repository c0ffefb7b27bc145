// Owns: the text of the SDK's generated file: types, method names and operations, from the endpoints. Not: writing it (generate-sdk.ts).

import { type Endpoint, needsBody } from '../src/contracts/endpoint.ts';
import { ERROR_CATALOGUE } from '../src/primitives/errors.ts';
import { typeText } from '../src/server/api/json-schema-text.ts';
import { schemaNames } from '../src/server/api/openapi-operation.ts';
import { type JsonSchema, schemaOf } from '../src/server/api/openapi-schema.ts';

const HEAD = `// Owns: the operations of the product API with their types, made from the contracts by scripts/generate-sdk.ts. Do not edit. Not: sending them.

import type { Call, FileAnswer, PageCall, RequestOptions } from './call.ts';
`;

interface Method {
  readonly endpoint: Endpoint;
  readonly group: string;
  readonly name: string;
}

/** The whole file. */
export function sdkSource(endpoints: readonly Endpoint[]): string {
  // Where the browser itself is sent on, a client has nothing to do.
  const methods = nameMethods(endpoints.filter(({ status }) => status !== 302));
  const groups = [...Map.groupBy(methods, ({ group }) => group)];
  const codes = Object.keys(ERROR_CATALOGUE).map((code) => `  | '${code}'`);
  return [
    HEAD,
    `/** Every code of a problem. */\nexport type ProblemCode =\n${codes.join('\n')};\n`,
    ...methods.flatMap(({ endpoint }) => namedTypes(endpoint)),
    '/** The client: a group for each noun, a method for each operation. */',
    'export interface WeirClient {',
    ...groups.flatMap(([group, members]) => [`  readonly ${group}: {`, ...members.flatMap(signature), '  };']),
    '}\n',
    '/** The operations as the wire knows them. */',
    'export const OPERATIONS = {',
    ...groups.flatMap(([group, members]) => [`  ${group}: {`, ...members.map(entry), '  },']),
    '} as const;',
    '',
  ].join('\n');
}

/** `listOrganizations` of `Organizations` is `organizations.list`; what does not end with its noun keeps its whole name, and so do two that would meet. */
export function nameMethods(endpoints: readonly Endpoint[]): Method[] {
  const named = endpoints.map((endpoint): Method => {
    const words = endpoint.tag.split(/[^A-Za-z0-9]+/).filter((word) => word !== '');
    const noun = words.map((word) => `${word.charAt(0).toUpperCase()}${word.slice(1).toLowerCase()}`).join('');
    const group = `${noun.charAt(0).toLowerCase()}${noun.slice(1)}`;
    const verb = [noun, noun.replace(/ies$/, 'y'), noun.replace(/s$/, '')]
      .filter((ending) => endpoint.operationId.endsWith(ending))
      .map((ending) => endpoint.operationId.slice(0, -ending.length))
      .find((rest) => rest !== '');
    return { endpoint, group, name: verb ?? endpoint.operationId };
  });
  const counts = Map.groupBy(named, ({ group, name }) => `${group}.${name}`);
  return named.map((method) =>
    (counts.get(`${method.group}.${method.name}`)?.length ?? 0) > 1
      ? { ...method, name: method.endpoint.operationId }
      : method,
  );
}

function namedTypes(endpoint: Endpoint): string[] {
  const { input, output } = schemaNames(endpoint);
  const body = endpoint.hasBody ? schemaOf(endpoint.body, 'input') : undefined;
  const answer = schemaOf(endpoint.output, 'output');
  return [
    ...(body === undefined
      ? []
      : [`export type ${input} = ${typeText(body, { allowsUndefined: true, withComments: true })};\n`]),
    ...(answer === undefined ? [] : [`export type ${output} = ${typeText(answer, { withComments: true })};\n`]),
  ];
}

function signature({ endpoint, name }: Method): string[] {
  const { summary, description, role, method, path } = endpoint;
  const { input, output } = schemaNames(endpoint);
  const params = partText('params', schemaOf(endpoint.params, 'input'));
  const query = partText('query', schemaOf(endpoint.query, 'input'));
  const parts = [
    params,
    query,
    endpoint.hasBody ? `body${needsBody(endpoint) ? '' : '?'}: ${input}` : undefined,
  ].filter((part) => part !== undefined);
  const isOptional = parts.every((part) => /^\w+\?:/.test(part));
  const request = parts.length === 0 ? 'RequestOptions' : `{ ${parts.join('; ')} } & RequestOptions`;
  const kind = answersOf(endpoint);
  const result = {
    json: `Call<${output}>`,
    page: `PageCall<${output}['data'][number]>`,
    file: 'Call<FileAnswer>',
    nothing: 'Call<void>',
  }[kind];
  const text = [
    `${summary}.`,
    ...(description === null ? [] : [description]),
    `\`${method} ${path}\`, least role: ${role}.`,
  ].join(' ');
  return [
    `    /** ${text.replaceAll('*/', '* /')} */`,
    `    ${name}(request${isOptional ? '?' : ''}: ${request}): ${result};`,
  ];
}

/** A part of a request; undefined where there is nothing to give. */
function partText(name: string, schema: JsonSchema | undefined): string | undefined {
  if (schema === undefined) return undefined;
  const isEmpty = Object.keys(schema.properties ?? {}).length === 0 && typeof schema.additionalProperties !== 'object';
  if (isEmpty) return undefined;
  const isOptional = (schema.required ?? []).length === 0;
  return `${name}${isOptional ? '?' : ''}: ${typeText(withFlags(schema), { allowsUndefined: true, withComments: true }, 3)}`;
}

/** True and false, which are texts in a query string, as what they mean. */
function withFlags(schema: JsonSchema): JsonSchema {
  const properties = Object.entries(schema.properties ?? {}).map(([name, property]): [string, JsonSchema] => {
    const isFlag = property.enum?.length === 2 && property.enum.includes('true') && property.enum.includes('false');
    const { enum: _, ...rest } = property;
    return [name, isFlag ? { ...rest, type: 'boolean' } : property];
  });
  return { ...schema, properties: Object.fromEntries(properties) };
}

function entry({ endpoint, name }: Method): string {
  const { method, path, role } = endpoint;
  // The server keeps answers by `Idempotency-Key` for those who are signed in.
  const isRepeatable = method === 'GET' || role !== 'anonymous';
  return `    ${name}: { method: '${method}', path: '${path}', answers: '${answersOf(endpoint)}', isRepeatable: ${isRepeatable} },`;
}

function answersOf({ produces, output }: Endpoint): 'json' | 'page' | 'file' | 'nothing' {
  const schema = schemaOf(output, 'output');
  if (schema === undefined) return produces === null ? 'nothing' : 'file';
  return schema.properties?.next_cursor !== undefined && schema.properties.data?.type === 'array' ? 'page' : 'json';
}
