// Covers reading a JSON body, and editing it in its own bytes.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { editJsonDocument, JSON_DEPTH_MAX, JSON_MEMBERS_MAX, parseJsonDocument } from './json-document.ts';

const read = (text: string) => parseJsonDocument(Buffer.from(text));

const membersText = (count: number) => Array.from({ length: count }, (_, index) => `"m${index}":1`).join(',');

describe('reading a body', () => {
  test.each([
    ['bad UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x7d])],
    ['no JSON', Buffer.from('hello')],
    ['cut JSON', Buffer.from('{"model":"a"')],
    ['a cut string', Buffer.from('{"model":"a')],
    ['an array', Buffer.from('[{"model":"a"}]')],
    ['null', Buffer.from('null')],
    ['nothing', Buffer.alloc(0)],
    ['a byte order mark', Buffer.from('\uFEFF{}')],
    ['two objects', Buffer.from('{}{}')],
    ['mixed brackets', Buffer.from('{"a":[1}]')],
    ['a doubled member', Buffer.from('{"model":"a","n":1,"model":"b"}')],
    ['a doubled member in disguise', Buffer.from('{"model":"a","mod\\u0065l":"b"}')],
    ['__proto__', Buffer.from('{"__proto__":{"admin":true}}')],
    ['__proto__ in disguise', Buffer.from('{"\\u005f_proto__":1}')],
    ['too deep nesting', Buffer.from(`{"a":${'['.repeat(JSON_DEPTH_MAX)}${']'.repeat(JSON_DEPTH_MAX)}}`)],
    ['more members than any call has', Buffer.from(`{${membersText(JSON_MEMBERS_MAX + 1)}}`)],
    ['nesting that exhausts a stack', Buffer.from('['.repeat(200_000))],
  ])('%s is refused as an invalid request', (_, body) => {
    expect(() => parseJsonDocument(body)).toThrow(expect.objectContaining({ code: 'invalid_request' }));
  });

  test('a doubled member is named', () => {
    expect(() => read('{"model":"a","model":"b"}')).toThrow(expect.objectContaining({ param: 'model' }));
  });

  test('the deepest allowed nesting is read', () => {
    const depth = JSON_DEPTH_MAX - 1;
    expect(() => read(`{"a":${'['.repeat(depth)}${']'.repeat(depth)}}`)).not.toThrow();
  });

  test('the most members are read', () => {
    expect(read(`{${membersText(JSON_MEMBERS_MAX)}}`).spans.size).toBe(JSON_MEMBERS_MAX);
  });

  test('members named like object internals are plain members', () => {
    const document = read('{"constructor":1,"toString":{"__proto__":2},"hasOwnProperty":[]}');
    expect([...document.spans.keys()]).toEqual(['constructor', 'toString', 'hasOwnProperty']);
    expect(document.value.constructor).toBe(1);
  });
});

describe('editing', () => {
  test.each([
    ['{"a":1}', { a: '2' }, '{"a":2}'],
    ['{ "a" : 1.0 , "b":[1,2] }', { b: '"x"' }, '{ "a" : 1.0 , "b":"x" }'],
    ['{ "a" : 1.0 }', { b: 'true' }, '{ "a" : 1.0 ,"b":true}'],
    ['{}', { b: 'true' }, '{"b":true}'],
    ['{"a":1,"b":2,"c":3}', { a: null }, '{"b":2,"c":3}'],
    ['{"a":1, "b":2,"c":3}', { b: null }, '{"a":1,"c":3}'],
    ['{"a":1,"b":2,"c":3}', { c: null }, '{"a":1,"b":2}'],
    ['{"a":1,"b":2,"c":3}', { a: null, b: null }, '{"c":3}'],
    ['{"a":1,"b":2,"c":3}', { b: null, c: null }, '{"a":1}'],
    ['{"a":1,"b":2}', { a: null, b: null, d: '4' }, '{"d":4}'],
    ['{"a":12345678901234567890.10}', { missing: null }, '{"a":12345678901234567890.10}'],
  ])('%s with %j becomes %s', (text, changes, expected) => {
    expect(editJsonDocument(read(text), new Map(Object.entries(changes)))).toBe(expected);
  });

  test('what is not named keeps its bytes, and what is named gets its value, for any object', () => {
    const spacing = fc.constantFrom('', ' ', '\n\t');
    const objects = fc.dictionary(
      fc.string({ unit: 'binary' }).filter((name) => name !== '__proto__'),
      fc.jsonValue({ maxDepth: 4 }),
      { noNullPrototype: true },
    );
    fc.assert(
      fc.property(
        objects,
        spacing,
        fc.infiniteStream(fc.constantFrom('keep', 'set', 'remove')),
        (object, space, acts) => {
          const texts = new Map(Object.entries(object).map(([name, value]) => [name, JSON.stringify(value)]));
          const body = [...texts].map(
            ([name, value]) => `${space}${JSON.stringify(name)}${space}:${space}${value}${space}`,
          );
          const changes = new Map<string, string | null>();
          const expected = new Map<string, string>();
          for (const [name, value] of texts) {
            const act = acts.next().value;
            if (act === 'set') changes.set(name, '"changed"');
            if (act === 'remove') changes.set(name, null);
            if (act !== 'remove') expected.set(name, act === 'set' ? '"changed"' : value);
          }
          const edited = editJsonDocument(read(`${space}{${body.join(',')}}${space}`), changes);
          const reread = read(edited);
          const found = [...reread.spans].map(([name, span]) => [name, reread.text.slice(span.start, span.end)]);
          expect(found).toEqual([...expected]);
        },
      ),
    );
  });
});
