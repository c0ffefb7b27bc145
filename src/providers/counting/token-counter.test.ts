// Owns: the guarantees of counting: exact where it says so, never below where it estimates, bounded for any text.

import fc from 'fast-check';
import { countTokens as countCl100k } from 'gpt-tokenizer/encoding/cl100k_base';
import { countTokens as countO200k } from 'gpt-tokenizer/encoding/o200k_base';
import { describe, expect, it } from 'vitest';
import { parseMessages } from '../anthropic/messages-call.ts';
import { parseChatCompletions } from '../openai/chat-call.ts';
import { parseEmbeddings } from '../openai/embeddings-call.ts';
import type { ParsedCall } from '../protocol.ts';
import { inputTokensBoundFor } from '../wire/token-bound.ts';
import { countBounded } from './bounded-count.ts';
import { encodingOf } from './encodings.ts';
import { EXACT_WORK_MAX, RUN_LENGTH_MAX } from './limits.ts';
import { createTokenCounter } from './token-counter.ts';
import { estimateTokens } from './token-estimate.ts';

const counter = createTokenCounter();
const PLAIN = { disallowedSpecial: new Set<string>() };
const o200k = (text: string): number => countO200k(text, PLAIN);
const cl100k = (text: string): number => countCl100k(text, PLAIN);

const SENTENCE = "The weir holds the river's flow back, and measures it: 12,345 litres (about 3%) a second. ";
const CODE = 'export function divCeil(a: bigint, b: bigint): bigint {\n  return a % b > 0n ? a / b + 1n : a / b;\n}\n';
const LANGUAGES = [
  'Die Wehranlage hält den Fluss zurück und misst ihn zugleich; über Größe und Maß wird täglich entschieden. ',
  'Плотина удерживает поток и одновременно измеряет его, каждый день и каждую ночь. ',
  '堰既能拦住水流,又能测量水流。每天都有新的数据。',
  '堰は流れをせき止めると同時に計測する。毎日、新しいデータがある。',
  'السد يحجز التدفق ويقيسه في الوقت نفسه كل يوم. ',
  'बाँध प्रवाह को रोकता है और उसे मापता भी है। ',
  'ฝายกั้นน้ำและวัดปริมาณน้ำไปพร้อมกัน ',
  '👩‍💻🎉🚀 great! ',
];

describe('choice of the tokenizer', () => {
  it.each([
    ['gpt-4o-mini', 'o200k_base'],
    ['gpt-4.1', 'o200k_base'],
    ['gpt-4.5-preview', 'o200k_base'],
    ['gpt-5-nano', 'o200k_base'],
    ['gpt-oss-120b', 'o200k_base'],
    ['openai/gpt-oss-20b', 'o200k_base'],
    ['chatgpt-4o-latest', 'o200k_base'],
    ['o1', 'o200k_base'],
    ['o3-mini', 'o200k_base'],
    ['ft:gpt-4o-mini-2024-07-18:acme::abc', 'o200k_base'],
    ['gpt-j-6b', null],
    ['EleutherAI/gpt-neox-20b', null],
    ['gpt-4', 'cl100k_base'],
    ['gpt-4-0613', 'cl100k_base'],
    ['gpt-4-turbo', 'cl100k_base'],
    ['gpt-3.5-turbo', 'cl100k_base'],
    ['ft:gpt-3.5-turbo:acme', 'cl100k_base'],
    ['text-embedding-3-small', 'cl100k_base'],
    ['claude-sonnet-4-5', null],
    ['meta-llama/Llama-3.3-70B', null],
    ['gemini-2.5-pro', null],
    ['olmo-2', null],
    ['constructor', null],
    ['', null],
  ])('%s has %s', (model, encoding) => {
    expect(encodingOf(model)).toBe(encoding);
    expect(counter.isExact(model)).toBe(encoding !== null);
  });
});

describe('exact counts', () => {
  it.each([
    ['prose', SENTENCE.repeat(40)],
    ['code', CODE.repeat(40)],
    ['JSON', JSON.stringify({ items: Array.from({ length: 300 }, (_, id) => ({ id, name: `item ${id}` })) }, null, 2)],
    ...LANGUAGES.map((text): [string, string] => [text.slice(0, 12), text.repeat(5)]),
  ])('%s counts as its own vocabulary counts it', (_name, text) => {
    expect(counter.count(text, 'gpt-4o')).toBe(o200k(text));
    expect(counter.count(text, 'gpt-3.5-turbo')).toBe(cl100k(text));
  });

  it('stay exact where a long text is counted in slices', () => {
    for (const text of [SENTENCE.repeat(600), CODE.repeat(300)]) {
      expect(counter.count(text, 'gpt-4o')).toBe(o200k(text));
      expect(counter.count(text, 'gpt-4')).toBe(cl100k(text));
    }
  });

  it('take special tokens in a text as text', () => {
    for (const text of ['<|endoftext|>', 'a <|im_start|>system<|im_sep|> b', '<|fim_prefix|><|endofprompt|>']) {
      expect(counter.count(text, 'gpt-4o')).toBeGreaterThan(3);
      expect(counter.count(text, 'gpt-4')).toBeGreaterThan(3);
    }
  });

  it('are never above the bytes, for any text, lone surrogates included', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' })), (text) => {
        for (const model of ['gpt-4o', 'gpt-4', 'claude-opus-4', 'sandbox-chat', 'unknown']) {
          const tokens = counter.count(text, model);
          expect(tokens).toBeLessThanOrEqual(Buffer.byteLength(text));
          expect(tokens).toBeGreaterThanOrEqual(text === '' ? 0 : 1);
        }
      }),
    );
  });
});

describe('bounded work', () => {
  const calls: number[] = [];
  const spy = (text: string): number => {
    calls.push(text.length);
    return o200k(text);
  };

  it.each([
    ['one letter', 'a'.repeat(1_500)],
    ['blanks', ' '.repeat(1_500)],
    ['line breaks', '\n'.repeat(1_500)],
    ['signs', '=-'.repeat(750)],
    ['Chinese without a stop', '漢字仮名交文'.repeat(150)],
    ['families', '👩‍👩‍👧‍👦'.repeat(100)],
  ])('a run of %s is never merged in one go, and little is added to its count', (_name, text) => {
    calls.length = 0;
    const { tokens } = countBounded(text, spy);
    expect(Math.max(...calls)).toBeLessThanOrEqual(RUN_LENGTH_MAX + 1);
    expect(tokens).toBeLessThanOrEqual(Buffer.byteLength(text));
    // A seam adds at most a token; wide runs have one each 32 characters.
    expect(tokens).toBeLessThanOrEqual(o200k(text) + Math.ceil(text.length / 32));
  });

  it('a text beyond the work of one count is bounded by its bytes from there on, whatever its length', () => {
    calls.length = 0;
    const text = SENTENCE.repeat(20_000);
    const { tokens, work } = countBounded(text, spy);
    expect(work).toBeLessThan(EXACT_WORK_MAX * 1.2);
    const exactLength = calls.reduce((sum, length) => sum + length, 0);
    expect(exactLength).toBeLessThan(300_000);
    expect(tokens).toBe(o200k(text.slice(0, exactLength)) + text.length - exactLength);
  });

  it('a megabyte of blanks is not looked at to its end', () => {
    calls.length = 0;
    countBounded(' '.repeat(2_000_000), spy);
    expect(calls.reduce((sum, length) => sum + length, 0)).toBeLessThan(300_000);
  });

  it('dense text, which takes longer a token, is counted exactly for less of it', () => {
    calls.length = 0;
    const text = Array.from({ length: 300_000 }, (_, index) => String.fromCharCode(33 + ((index * 7919) % 90))).join(
      '',
    );
    countBounded(text, spy);
    expect(calls.reduce((sum, length) => sum + length, 0)).toBeLessThan(50_000);
  });
});

describe('estimates', () => {
  it.each([
    [' ', 1],
    ['a ', 2],
    ['  ', 1],
    ['\n', 1],
    [' a', 1],
    ['\0', 1],
  ])('%j is %d tokens: nothing that is sent is nothing', (text, tokens) => {
    expect(estimateTokens(text)).toBe(tokens);
  });

  it.each([
    ['prose', SENTENCE.repeat(20)],
    ['code', CODE.repeat(20)],
    ['numbers', '3.14159 2718281828 1618 42 '.repeat(20)],
    ['indented JSON', JSON.stringify({ a: [{ name: 'weir', ok: true, n: 12.5 }] }, null, 4).repeat(20)],
    ...LANGUAGES.map((text): [string, string] => [text.slice(0, 12), text.repeat(5)]),
  ])('%s is estimated above what two vocabularies make of it', (_name, text) => {
    expect(estimateTokens(text)).toBeGreaterThanOrEqual(Math.max(o200k(text), cl100k(text)));
  });

  it('English is estimated at most two thirds above', () => {
    expect(estimateTokens(SENTENCE.repeat(20))).toBeLessThanOrEqual((o200k(SENTENCE.repeat(20)) * 5) / 3);
  });
});

describe('input of a call', () => {
  const chat = (fields: object): ParsedCall =>
    parseChatCompletions(Buffer.from(JSON.stringify({ model: 'gpt-4o', ...fields })));
  /** The example of OpenAI's cookbook, "How to count tokens with tiktoken", with the counts that their API gave. */
  const COOKBOOK = [
    [
      'system',
      undefined,
      'You are a helpful, pattern-following assistant that translates corporate jargon into plain English.',
    ],
    ['system', 'example_user', 'New synergies will help drive top-line growth.'],
    ['system', 'example_assistant', 'Things working well together will increase revenue.'],
    [
      'system',
      'example_user',
      "Let's circle back when we have more bandwidth to touch base on opportunities for increased leverage.",
    ],
    ['system', 'example_assistant', "Let's talk later when we're less busy about how to do better."],
    ['user', undefined, "This late pivot means we don't have time to boil the ocean for the client deliverable."],
  ].map(([role, name, content]) => ({ role, name, content }));

  it.each([
    ['gpt-4o', 124],
    ['gpt-4o-mini', 124],
    ['gpt-4', 129],
    ['gpt-3.5-turbo', 129],
  ])('a plain chat counts for %s what OpenAI reports', (model, tokens) => {
    expect(counter.countInput(chat({ messages: COOKBOOK }), model)).toBe(tokens);
  });

  it('is never above the proven bound and never below the texts alone', () => {
    const text = fc.oneof(fc.string(), fc.string({ unit: 'grapheme' }), fc.constant(SENTENCE));
    const content = fc.oneof(
      text,
      fc.array(
        fc.oneof(
          text.map((value) => ({ type: 'text', text: value })),
          fc.constant({ type: 'image_url', image_url: { url: 'https://example.com/a.png', detail: 'low' } }),
        ),
      ),
    );
    const messages = fc.array(fc.record({ role: fc.constantFrom('system', 'user', 'assistant'), content }), {
      minLength: 1,
    });
    fc.assert(
      fc.property(messages, fc.constantFrom('gpt-4o', 'gpt-4', 'claude-opus-4', 'sandbox-chat'), (given, model) => {
        const call = chat({ messages: given });
        const texts = given.flatMap((message) =>
          typeof message.content === 'string'
            ? [message.content]
            : message.content.flatMap((part) => ('text' in part ? [part.text] : [])),
        );
        const tokens = counter.countInput(call, model);
        expect(tokens).toBeLessThanOrEqual(inputTokensBoundFor(call, model));
        expect(tokens).toBeGreaterThanOrEqual(texts.reduce((sum, one) => sum + counter.count(one, model), 0));
      }),
    );
  });

  it('leaves images, tools and schemas at their bound', () => {
    const tools = [{ type: 'function', function: { name: 'weather', parameters: { type: 'object' } } }];
    const messages = [{ role: 'user', content: SENTENCE.repeat(50) }];
    const call = chat({ messages, tools });
    const saved = SENTENCE.length * 50 - o200k(SENTENCE.repeat(50));
    expect(counter.countInput(call, 'gpt-4o')).toBe(call.inputTokensBound - saved);
  });

  it('reads the system prompt, blocks and tool results of an Anthropic call', () => {
    const call = parseMessages(
      Buffer.from(
        JSON.stringify({
          model: 'claude-opus-4',
          max_tokens: 1,
          system: [{ type: 'text', text: SENTENCE }],
          messages: [
            { role: 'user', content: SENTENCE },
            {
              role: 'user',
              content: [{ type: 'tool_result', tool_use_id: 't', content: [{ type: 'text', text: SENTENCE }] }],
            },
          ],
        }),
      ),
    );
    const saved = 3 * (SENTENCE.length - estimateTokens(SENTENCE));
    expect(counter.countInput(call, 'claude-opus-4')).toBe(call.inputTokensBound - saved);
  });

  it('reads the inputs of an embeddings call', () => {
    const call = parseEmbeddings(
      Buffer.from(JSON.stringify({ model: 'text-embedding-3-small', input: [SENTENCE, SENTENCE] })),
    );
    const saved = 2 * (SENTENCE.length - cl100k(SENTENCE));
    expect(counter.countInput(call, 'text-embedding-3-small')).toBe(call.inputTokensBound - saved);
  });

  it('keeps many texts together within the work of one count', () => {
    const messages = Array.from({ length: 200 }, () => ({ role: 'user', content: SENTENCE.repeat(100) }));
    const call = chat({ messages });
    const tokens = counter.countInput(call, 'gpt-4o');
    expect(tokens).toBeLessThan(call.inputTokensBound);
    expect(tokens).toBeGreaterThan(o200k(SENTENCE.repeat(100)) * 200);
  });
});

describe('loading', () => {
  it('loads nothing for models that have no vocabulary of their own, and each vocabulary once', () => {
    const asked: string[] = [];
    const own = createTokenCounter((name) => {
      asked.push(name);
      return (text) => text.length;
    });
    own.count('text', 'claude-opus-4');
    own.count('text', 'sandbox-chat');
    own.count('', 'gpt-4o');
    own.warmUp('claude-opus-4');
    expect(asked).toEqual([]);
    own.warmUp('gpt-4o');
    expect(asked).toEqual(['o200k_base']);
  });
});
