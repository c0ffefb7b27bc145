// Covers reading embeddings requests, and the bound of their input.

import fc from 'fast-check';
import { countTokens } from 'gpt-tokenizer/encoding/cl100k_base';
import { describe, expect, test } from 'vitest';
import { parseEmbeddings } from './embeddings-call.ts';

const parse = (input: unknown) =>
  parseEmbeddings(Buffer.from(JSON.stringify({ model: 'text-embedding-3-small', input })));

describe('reading an embeddings request', () => {
  test.each([
    ['input', undefined],
    ['input', []],
    ['input', ''],
    ['input', 5],
    ['input', { text: 'a' }],
    ['input', [1, 2.5]],
    ['input', [1, -2]],
    ['input', Array.from({ length: 2_049 }, () => 'a')],
    ['input[1]', ['a', '']],
    ['input[1]', ['a', 5]],
    ['input[0]', [[]]],
    ['input[0]', [[1, 'a']]],
  ])('%s is named when it is not valid (%#)', (param, input) => {
    expect(() => parse(input)).toThrow(expect.objectContaining({ code: 'invalid_request', param }));
  });

  test('texts and tokens are taken, alone and in lists, and never counted too low', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary', minLength: 1 }), { minLength: 1, maxLength: 5 }), (texts) => {
        const real = texts.reduce((sum, text) => sum + countTokens(text), 0);
        expect(parse(texts).inputTokensBound).toBeGreaterThanOrEqual(real);
      }),
    );
    expect(parse([1, 2, 3])).toMatchObject({ inputTokensBound: 19, needs: ['embeddings'], route: 'embeddings' });
    expect(parse([[1], [2, 3]]).inputTokensBound).toBe(35);
  });
});
