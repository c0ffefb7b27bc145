// Owns: JSON Schema, as far as our contracts use it, as a type in TypeScript's notation: for the documentation page and for the SDK. Not: making the schema
// (openapi-schema.ts).

import type { JsonSchema } from './openapi-schema.ts';

/** How types are written. */
export interface TypeTextOptions {
  /** Adds `| undefined` to properties that may be left out: for what callers give. */
  readonly allowsUndefined?: boolean;
  /** Writes descriptions as doc comments. */
  readonly withComments?: boolean;
}

/** The type of a schema. `depth` is how far its lines after the first are indented, in steps of two spaces. */
export function typeText(schema: JsonSchema, options: TypeTextOptions = {}, depth = 0): string {
  const inner = (child: JsonSchema): string => typeText(child, options, depth);
  if (schema.$ref !== undefined) return schema.$ref.slice(schema.$ref.lastIndexOf('/') + 1);
  if ('const' in schema) return literal(schema.const);
  if (schema.enum !== undefined) return schema.enum.map(literal).join(' | ');
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices !== undefined) return [...new Set(choices.map(inner))].join(' | ');
  if (schema.allOf !== undefined) return schema.allOf.map((part) => grouped(inner(part))).join(' & ');
  if (Array.isArray(schema.type))
    return schema.type.map((type) => typeText({ ...schema, type }, options, depth)).join(' | ');
  switch (schema.type) {
    case 'string':
    case 'number':
    case 'boolean':
    case 'null':
      return schema.type;
    case 'integer':
      return 'number';
    case 'array':
      return schema.prefixItems === undefined
        ? `${grouped(inner(schema.items ?? {}))}[]`
        : `[${schema.prefixItems.map(inner).join(', ')}]`;
    case 'object':
      return objectText(schema, options, depth);
    default:
      return 'unknown';
  }
}

function objectText(schema: JsonSchema, options: TypeTextOptions, depth: number): string {
  const properties = Object.entries(schema.properties ?? {});
  const rest = schema.additionalProperties;
  if (properties.length === 0) {
    if (rest === false) return 'Record<string, never>';
    const value = typeof rest === 'object' ? typeText(rest, options, depth) : 'unknown';
    return `Record<string, ${value}>`;
  }
  const indent = '  '.repeat(depth + 1);
  const lines = properties.flatMap(([name, property]) => {
    const isRequired = schema.required?.includes(name) === true;
    const type = typeText(property, options, depth + 1);
    const end = isRequired || options.allowsUndefined !== true || type === 'unknown' ? '' : ' | undefined';
    const key = /^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name);
    const comment =
      options.withComments === true && property.description !== undefined
        ? [`${indent}/** ${property.description.replaceAll('*/', '* /')} */`]
        : [];
    return [...comment, `${indent}${key}${isRequired ? '' : '?'}: ${type}${end};`];
  });
  const open = rest !== undefined && rest !== false ? [`${indent}[name: string]: unknown;`] : [];
  return ['{', ...lines, ...open, `${'  '.repeat(depth)}}`].join('\n');
}

/** In brackets where an operator would bind to a part of it. */
function grouped(text: string): string {
  return /[|&]/.test(text.replaceAll(/\{[\s\S]*\}/g, '')) ? `(${text})` : text;
}

function literal(value: unknown): string {
  return typeof value === 'string' ? `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'` : String(value);
}
