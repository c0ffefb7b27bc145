// Owns: which tokenizer a model has, and loading it. Not: counting with it.

import { createRequire } from 'node:module';

/** The vocabularies of OpenAI's models that are still served. */
export type EncodingName = 'o200k_base' | 'cl100k_base';

/** Counts a text's tokens exactly. Special tokens in the text count as plain text. Time may grow with the square of a long run. */
export type CountTokens = (text: string) => number;

/** Gives a vocabulary, loading it when it is first asked for. */
export type LoadEncoding = (name: EncodingName) => CountTokens;

/** Models before GPT-4o (OpenAI, tiktoken's `model.py`). */
const CL100K = /^(gpt-4($|-\d|-turbo|-vision|-32k)|gpt-3\.5|gpt-35|text-embedding-|davinci-002|babbage-002)/;
/** Every `gpt-` of OpenAI has a number or `oss` behind it; GPT-J and other makers' have a letter, and a vocabulary of their own. */
const O200K = /^(gpt-(\d|oss)|chatgpt-|o\d|codex-|computer-use-)/;

/** The vocabulary of a model; null when it isn't OpenAI's or not known. Reads a host's path (`openai/gpt-4o`) and a fine-tune's name (`ft:gpt-4o:…`). */
export function encodingOf(modelId: string): EncodingName | null {
  const name = modelId.slice(modelId.lastIndexOf('/') + 1).replace(/^ft:/, '');
  // gpt-oss is o200k_harmony, which has the same vocabulary but for special tokens.
  if (CL100K.test(name)) return 'cl100k_base';
  return O200K.test(name) ? 'o200k_base' : null;
}

/** A loader that keeps what it loaded. Loading takes 150 ms and 20 MB of heap each, so nothing is loaded before it is needed. */
export function createEncodingLoader(): LoadEncoding {
  const require = createRequire(import.meta.url);
  const loaded = new Map<EncodingName, CountTokens>();
  // Nothing is special: `<|endoftext|>` in a prompt is text, as the vendors treat it.
  const options = { disallowedSpecial: new Set<string>() };
  return (name) => {
    const found = loaded.get(name);
    if (found) return found;
    const encoding = require(`gpt-tokenizer/encoding/${name}`) as typeof import('gpt-tokenizer/encoding/o200k_base');
    const count: CountTokens = (text) => encoding.countTokens(text, options);
    loaded.set(name, count);
    return count;
  };
}
