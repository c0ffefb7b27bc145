// Owns: a JSON value that satisfies a JSON schema. Covers what OpenAI's structured outputs and tools take (types, enum, const, any/one/allOf,
// $ref, bounds, formats); `pattern`, `not` and conditions are not solved. Not: checking values.

import { SCHEMA_DEPTH_MAX, SCHEMA_VALUES_MAX } from './limits.ts';

type Schema = Readonly<Record<string, unknown>>;

interface Scope {
  readonly root: Schema;
  /** What texts are filled with, so that an answer shows what was asked. */
  readonly word: string;
  /** Values that may still be made before all that can be left out is. */
  valuesLeft: number;
}

const FORMATS: Readonly<Record<string, string>> = {
  'date-time': '2025-01-15T09:30:00Z',
  date: '2025-01-15',
  time: '09:30:00Z',
  duration: 'P1D',
  email: 'ada@example.com',
  hostname: 'example.com',
  ipv4: '192.0.2.1',
  ipv6: '2001:db8::1',
  uri: 'https://example.com/',
  url: 'https://example.com/',
  uuid: '0190163d-8694-739b-aea5-966c26f8ad91',
};

/** References followed one after another before giving up: a schema may refer to itself alone. */
const REFERENCES_MAX = 32;

/** A value for a schema, the same each time. `word` fills texts without other demands. */
export function composeSchemaValue(schema: unknown, word: string): unknown {
  const root = isSchema(schema) ? schema : {};
  return compose(schema, { root, word: word === '' ? 'sandbox' : word, valuesLeft: SCHEMA_VALUES_MAX }, 0);
}

function compose(schema: unknown, scope: Scope, depth: number): unknown {
  if (!isSchema(schema)) return scope.word;
  scope.valuesLeft -= 1;
  const deep = isDeep(scope, depth);
  const resolved = resolve(schema, scope.root, deep);
  if ('const' in resolved) return resolved.const;
  const choices = resolved.enum;
  if (Array.isArray(choices) && choices.length > 0) return choices[0];
  switch (typeOf(resolved, deep)) {
    case 'object':
      return composeObject(resolved, scope, depth);
    case 'array':
      return composeArray(resolved, scope, depth);
    case 'integer':
    case 'number':
      return composeNumber(resolved);
    case 'boolean':
      return true;
    case 'null':
      return null;
    default:
      return composeText(resolved, scope.word);
  }
}

/** Whether only what must be there is still made. */
function isDeep(scope: Scope, depth: number): boolean {
  return depth >= SCHEMA_DEPTH_MAX || scope.valuesLeft < 0;
}

/** Follows `$ref`, takes the first of `anyOf` and `oneOf`, and joins `allOf`. */
function resolve(schema: Schema, root: Schema, deep: boolean): Schema {
  let current = schema;
  for (let step = 0; step < REFERENCES_MAX; step += 1) {
    const { $ref: reference, anyOf, oneOf, allOf, ...own } = current;
    if (typeof reference === 'string') current = { ...own, ...lookUp(reference, root) };
    else if (Array.isArray(anyOf) && anyOf.length > 0) current = merge(own, choose(anyOf, deep));
    else if (Array.isArray(oneOf) && oneOf.length > 0) current = merge(own, choose(oneOf, deep));
    else if (Array.isArray(allOf)) current = allOf.filter(isSchema).reduce(merge, own);
    else return current;
  }
  return {};
}

/** The simplest of several schemas, so that a schema that may contain itself comes to an end. */
function choose(schemas: readonly unknown[], deep: boolean): Schema {
  const candidates = schemas.filter(isSchema);
  const empty = candidates.find((schema) => schema.type === 'null');
  if (deep && empty !== undefined) return empty;
  return candidates.find((schema) => !('$ref' in schema) && schema.type !== 'null') ?? candidates[0] ?? {};
}

function merge(a: Schema, b: Schema): Schema {
  const merged: Record<string, unknown> = { ...a, ...b };
  if (isSchema(a.properties) && isSchema(b.properties)) {
    merged.properties = { ...a.properties, ...b.properties };
  }
  if (Array.isArray(a.required) && Array.isArray(b.required)) {
    merged.required = [...new Set([...a.required, ...b.required])];
  }
  return merged;
}

function lookUp(reference: string, root: Schema): Schema {
  let found: unknown = root;
  for (const step of reference.replace(/^#\/?/, '').split('/')) {
    if (step === '') continue;
    const name = step.replaceAll('~1', '/').replaceAll('~0', '~');
    found = isSchema(found) && Object.hasOwn(found, name) ? found[name] : undefined;
  }
  return isSchema(found) ? found : {};
}

function typeOf(schema: Schema, deep: boolean): unknown {
  const type = schema.type;
  if (Array.isArray(type)) {
    if (deep && type.includes('null')) return 'null';
    return type.find((name) => name !== 'null') ?? 'null';
  }
  if (type !== undefined) return type;
  if ('properties' in schema || 'required' in schema) return 'object';
  if ('items' in schema || 'prefixItems' in schema) return 'array';
  if ('minimum' in schema || 'maximum' in schema || 'multipleOf' in schema) return 'number';
  return 'string';
}

function composeObject(schema: Schema, scope: Scope, depth: number): Record<string, unknown> {
  const properties = isSchema(schema.properties) ? schema.properties : {};
  const required = new Set(Array.isArray(schema.required) ? schema.required : []);
  const entries: [string, unknown][] = [];
  for (const [name, property] of Object.entries(properties)) {
    if (required.has(name) || !isDeep(scope, depth)) entries.push([name, composeWithin(property, scope, depth)]);
  }
  for (const name of required) {
    if (typeof name === 'string' && !Object.hasOwn(properties, name)) {
      entries.push([name, composeWithin(schema.additionalProperties, scope, depth)]);
    }
  }
  // Not by assignment: a property may be named __proto__.
  return Object.fromEntries(entries);
}

function composeArray(schema: Schema, scope: Scope, depth: number): unknown[] {
  const prefix = Array.isArray(schema.prefixItems) ? schema.prefixItems : [];
  const values = prefix.map((item) => composeWithin(item, scope, depth));
  const least = numberOf(schema.minItems) ?? 0;
  const most = numberOf(schema.maxItems) ?? Number.POSITIVE_INFINITY;
  const wished = Math.min(most, Math.max(least, prefix.length === 0 && !isDeep(scope, depth) ? 1 : 0), 64);
  while (values.length < wished) {
    const value = composeWithin(schema.items, scope, depth);
    values.push(schema.uniqueItems === true ? varied(value, values.length) : value);
  }
  return values;
}

/** One level down; beyond every bound only the empty form of a value is left. */
function composeWithin(schema: unknown, scope: Scope, depth: number): unknown {
  return depth > 3 * SCHEMA_DEPTH_MAX || scope.valuesLeft < -SCHEMA_VALUES_MAX
    ? null
    : compose(schema, scope, depth + 1);
}

function varied(value: unknown, index: number): unknown {
  if (index === 0) return value;
  if (typeof value === 'number') return value + index;
  return typeof value === 'string' ? `${value} ${index + 1}` : value;
}

function composeNumber(schema: Schema): number {
  const step = numberOf(schema.multipleOf) ?? 1;
  const above = numberOf(schema.exclusiveMinimum);
  const below = numberOf(schema.exclusiveMaximum);
  const least = numberOf(schema.minimum) ?? (above === null ? null : above + step / 2);
  const most = numberOf(schema.maximum) ?? (below === null ? null : below - step / 2);
  const wanted = Math.ceil((least ?? Math.min(1, most ?? 1)) / step) * step;
  if (most === null || wanted <= most) return wanted;
  const down = Math.floor(most / step) * step;
  // No multiple lies between: a number that is not whole may lie in the middle.
  return down >= (least ?? down) ? down : ((least ?? most) + most) / 2;
}

function composeText(schema: Schema, word: string): string {
  const format = schema.format;
  if (typeof format === 'string' && FORMATS[format] !== undefined) return FORMATS[format];
  const least = Math.min(numberOf(schema.minLength) ?? 0, 10_000);
  const most = numberOf(schema.maxLength) ?? Number.POSITIVE_INFINITY;
  return [...word.padEnd(least, '.')].slice(0, most).join('');
}

function numberOf(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

function isSchema(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
