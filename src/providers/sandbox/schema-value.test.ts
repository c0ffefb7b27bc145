// Owns: the guarantee that made-up values satisfy their JSON schema. A validator of another make (Zod's) is the judge.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { composeSchemaValue } from './schema-value.ts';

type Schema = { [name: string]: unknown };

const satisfies = (schema: Schema, word: string): void => {
  const value: unknown = JSON.parse(JSON.stringify(composeSchemaValue(schema, word)));
  const judged = z.fromJSONSchema(schema as z.core.JSONSchema.JSONSchema).safeParse(value);
  if (!judged.success)
    throw new Error(`${JSON.stringify(value)} does not satisfy ${JSON.stringify(schema)}: ${judged.error.message}`);
};

const leaf: fc.Arbitrary<Schema> = fc.oneof(
  fc.constant({ type: 'boolean' }),
  fc.constant({ type: 'null' }),
  fc
    .tuple(fc.nat(20), fc.nat(40))
    .map(([least, more]) => ({ type: 'string', minLength: least, maxLength: least + more })),
  fc.constantFrom('date-time', 'date', 'email', 'uuid', 'uri', 'ipv4').map((format) => ({ type: 'string', format })),
  fc
    .tuple(fc.integer({ min: -100, max: 100 }), fc.nat(50))
    .map(([least, more]) => ({ type: 'integer', minimum: least, maximum: least + more })),
  fc.tuple(fc.integer({ min: -100, max: 100 }), fc.nat(50)).map(([least, more]) => ({
    type: 'number',
    exclusiveMinimum: least,
    exclusiveMaximum: least + more + 1,
  })),
  fc.integer({ min: 1, max: 9 }).map((step) => ({ type: 'integer', multipleOf: step, minimum: 3 })),
  fc
    .uniqueArray(fc.oneof(fc.string(), fc.integer()), { minLength: 1, maxLength: 4 })
    .map((values) => ({ enum: values })),
  fc.oneof(fc.string(), fc.integer(), fc.boolean()).map((value) => ({ const: value })),
  fc.constant({ type: ['string', 'null'] }),
);

const schema: fc.Arbitrary<Schema> = fc.letrec<{ node: Schema }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    leaf,
    fc
      .tuple(
        fc.dictionary(
          fc.string({ minLength: 1 }).filter((name) => name !== '__proto__'),
          tie('node'),
          { maxKeys: 4 },
        ),
        fc.boolean(),
      )
      .map(([properties, all]) => ({
        type: 'object',
        properties,
        required: all ? Object.keys(properties) : [],
        additionalProperties: false,
      })),
    fc
      .tuple(tie('node'), fc.nat(3), fc.nat(3))
      .map(([items, least, more]) => ({ type: 'array', items, minItems: least, maxItems: least + more })),
    fc.array(tie('node'), { minLength: 1, maxLength: 3 }).map((schemas) => ({ anyOf: schemas })),
  ),
})).node;

describe('a value made for a schema', () => {
  it('satisfies it', () => {
    fc.assert(
      fc.property(schema, fc.string({ maxLength: 40 }), (given, word) => {
        satisfies(given, word);
      }),
      { numRuns: 500 },
    );
  });

  it.each<[string, Schema]>([
    [
      'a list that refers to itself',
      {
        $ref: '#/$defs/node',
        $defs: {
          node: {
            type: 'object',
            properties: { value: { type: 'integer' }, next: { anyOf: [{ $ref: '#/$defs/node' }, { type: 'null' }] } },
            required: ['value', 'next'],
            additionalProperties: false,
          },
        },
      },
    ],
    [
      'a tree that branches into itself',
      {
        $schema: 'http://json-schema.org/draft-07/schema#',
        $ref: '#/definitions/node',
        definitions: {
          node: {
            type: 'object',
            properties: { left: { $ref: '#/definitions/node' }, right: { $ref: '#/definitions/node' } },
          },
        },
      },
    ],
    ['a name with a slash', { $ref: '#/$defs/a~1b', $defs: { 'a/b': { type: 'integer' } } }],
    ['a required property without a schema', { type: 'object', properties: {}, required: ['name'] }],
    ['a type that is only implied', { properties: { a: { items: { minimum: 3 } } }, required: ['a'] }],
    [
      'joined schemas',
      {
        allOf: [
          { type: 'object', properties: { a: { type: 'integer' } }, required: ['a'] },
          { type: 'object', properties: { b: { type: 'string' } }, required: ['b'] },
        ],
      },
    ],
    ['no demands', {}],
    ['a tuple', { type: 'array', prefixItems: [{ type: 'string' }, { type: 'integer' }], items: false }],
  ])('satisfies %s', (_name, given) => {
    satisfies(given, 'Berlin');
  });

  it('stays small for a schema of many branches into itself', () => {
    const names = Array.from({ length: 10 }, (_, index) => `branch ${index}`);
    const properties = Object.fromEntries(names.map((name) => [name, { $ref: '#' }]));
    for (const required of [[], names]) {
      const size = JSON.stringify(composeSchemaValue({ type: 'object', properties, required }, 'a')).length;
      expect(size).toBeLessThan(200_000);
    }
  });

  it('ends for a schema that refers to nothing but itself', () => {
    expect(composeSchemaValue({ $ref: '#' }, 'a')).toBe('a');
    expect(composeSchemaValue({ $ref: '#/missing' }, 'a')).toBe('a');
    expect(composeSchemaValue('no schema', 'a')).toBe('a');
  });

  it('keeps a property named __proto__ a property', () => {
    const value = composeSchemaValue(JSON.parse('{"type":"object","properties":{"__proto__":{"const":1}}}'), 'a');
    expect(JSON.stringify(value)).toBe('{"__proto__":1}');
  });

  it('makes the items of a set differ', () => {
    const value = composeSchemaValue({ type: 'array', items: { type: 'string' }, minItems: 3, uniqueItems: true }, 'a');
    expect(new Set(value as string[]).size).toBe(3);
    const numbers = composeSchemaValue(
      { type: 'array', items: { type: 'integer' }, minItems: 3, uniqueItems: true },
      'a',
    );
    expect(new Set(numbers as number[]).size).toBe(3);
  });
});
