// Owns: a contract's Zod schema as JSON Schema 2020-12, which is what OpenAPI 3.1 speaks. Not: where it goes in the document.

import { z } from 'zod';

/** JSON Schema, as far as our contracts use it. */
export interface JsonSchema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | JsonSchema;
  readonly items?: JsonSchema;
  readonly prefixItems?: readonly JsonSchema[];
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly allOf?: readonly JsonSchema[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly default?: unknown;
}

/**
 * The schema of what callers send (`input`) or get (`output`); undefined where there is nothing. What JSON Schema can't express, such as a refinement, is left
 * out: the server is stricter than its description, never the reverse.
 */
export function schemaOf(schema: z.ZodType, direction: 'input' | 'output'): JsonSchema | undefined {
  if (schema instanceof z.ZodUndefined) return undefined;
  const { $schema: _, ...rest } = z.toJSONSchema(schema, {
    io: direction,
    unrepresentable: 'any',
    override: ({ jsonSchema }) => {
      // A format says it all; Zod's pattern beside it is long and only ours.
      if (jsonSchema.format !== undefined) delete jsonSchema.pattern;
      // JavaScript's largest whole number is no bound of the field's.
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
      if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
    },
  });
  return rest as JsonSchema;
}
