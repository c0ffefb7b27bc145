// Owns: the guarantees of the sandbox's tokenizer and of what answers are drawn from.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSeededRandom } from '../../primitives/random.ts';
import { fingerprint } from './fingerprint.ts';
import { MARKERS_MAX } from './limits.ts';
import { createMarkerCounts } from './markers.ts';
import { composeProse, composeThinking } from './sentences.ts';
import { countSandboxTokens, splitSandboxTokens } from './tokens.ts';

const anyText = fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.lorem({ maxCount: 40 }));

describe('tokens of the sandbox', () => {
  it('join to the text, are counted alike, and are never more than its bytes', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const tokens = splitSandboxTokens(text);
        expect(tokens.join('')).toBe(text);
        expect(countSandboxTokens(text)).toBe(tokens.length);
        expect(tokens.length).toBeLessThanOrEqual(Buffer.byteLength(text));
        expect(tokens).not.toContain('');
      }),
    );
  });

  it('never part a character', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        for (const token of splitSandboxTokens(text)) expect(token.isWellFormed()).toBe(true);
      }),
    );
  });

  it.each([
    ['', []],
    ['Hello there', ['Hello', ' there']],
    ['internationalisation', ['internat', 'ionalisa', 'tion']],
    ['a  b', ['a', ' ', ' b']],
    ['a\n\n b', ['a', '\n\n', ' b']],
    ['{"a":1}', ['{', '"', 'a', '"', ':', '1', '}']],
    ['東京 👩', ['東', '京', ' ', '👩']],
    ['end ', ['end', ' ']],
  ])('%j is %j', (text, tokens) => {
    expect(splitSandboxTokens(text)).toEqual(tokens);
  });
});

describe('prose', () => {
  it('has exactly as many tokens as asked for', () => {
    fc.assert(
      fc.property(anyText, fc.nat(500), fc.boolean(), fc.integer(), (userText, tokens, wide, seed) => {
        const random = createSeededRandom(seed);
        expect(composeProse({ userText, random, tokens, wide })).toHaveLength(tokens);
        expect(composeThinking(random, tokens)).toHaveLength(tokens);
      }),
    );
  });

  it('says again what the user said, shortened between characters', () => {
    const said = (userText: string): string =>
      composeProse({ userText, random: createSeededRandom(1), tokens: null, wide: false }).join('');
    expect(said('Hello')).toMatch(/^You said: "Hello"\./);
    expect(said('')).toMatch(/^The sandbox is here\./);
    expect(said(`${'a'.repeat(159)}👩👩`)).toMatch(/^You said: "a{159}…"\./);
  });
});

describe('fingerprint', () => {
  it('is the same for the same text and takes bounded time for a long one', () => {
    const long = 'ab'.repeat(5_000_000);
    expect(fingerprint(long, 0)).toBe(fingerprint(long, 0));
    expect(fingerprint(long, 0)).not.toBe(fingerprint(`${long}a`, 0));
    expect(fingerprint(long, 0)).not.toBe(fingerprint(long, 1));
  });

  it('differs for 20,000 numbered texts', () => {
    const found = new Set(Array.from({ length: 20_000 }, (_, index) => fingerprint(`text ${index}`, 0)));
    expect(found.size).toBeGreaterThan(19_990);
  });
});

describe('marker counts', () => {
  it('count each marker by itself and forget the one not seen for longest', () => {
    const counts = createMarkerCounts();
    expect([counts.next('a'), counts.next('a'), counts.next('b')]).toEqual([0, 1, 0]);
    for (let index = 0; index < MARKERS_MAX - 1; index += 1) counts.next(`other ${index}`);
    expect(counts.next('b')).toBe(1);
    expect(counts.next('a')).toBe(0);
  });
});
