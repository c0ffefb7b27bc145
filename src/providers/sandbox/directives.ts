// Owns: the grammar of the sandbox's directives, in a prompt or after a model's name. Not: what each does (see README.md).

import { HUGE_LINE_BYTES_MAX, MARKERS_MAX, OUTPUT_TOKENS_MAX, WAIT_MS_MAX } from './limits.ts';
import { SandboxError } from './sandbox-error.ts';

/** Directives with a number: their least and most, and the value they take when they stand alone. */
const NUMBERS = {
  status: { min: 400, max: 599, alone: null },
  delay: { min: 0, max: WAIT_MS_MAX, alone: null },
  'chunk-delay': { min: 0, max: WAIT_MS_MAX, alone: null },
  tokens: { min: 0, max: OUTPUT_TOKENS_MAX, alone: null },
  cached: { min: 0, max: Number.MAX_SAFE_INTEGER, alone: null },
  'cache-write': { min: 0, max: Number.MAX_SAFE_INTEGER, alone: null },
  'fail-first': { min: 1, max: MARKERS_MAX, alone: 1 },
  stall: { min: 0, max: OUTPUT_TOKENS_MAX, alone: 0 },
  cut: { min: 0, max: OUTPUT_TOKENS_MAX, alone: 0 },
  'stream-error': { min: 0, max: OUTPUT_TOKENS_MAX, alone: 0 },
  'huge-line': { min: 1, max: HUGE_LINE_BYTES_MAX, alone: 4 * 1024 * 1024 },
} as const;

const FLAGS = [
  'reset',
  'no-usage',
  'no-done',
  'html',
  'malformed',
  'split-utf8',
  'redirect',
  'set-cookie',
  'ignore-max-tokens',
  'quota',
] as const;

const WORDS = {
  usage: /^(zero|negative|huge|fraction|text|null|repeat)$/,
  'retry-after': /^[\w.:+-]{1,40}$/,
  'retry-after-ms': /^[\w.+-]{1,20}$/,
  marker: /^[\w.:-]{1,64}$/,
} as const;

/** Names of directives with a number. */
export type NumberDirective = keyof typeof NUMBERS;
/** Names of directives that are there or not. */
export type FlagDirective = (typeof FLAGS)[number];
/** Names of directives with a word. */
export type WordDirective = keyof typeof WORDS;

/** What a request asks the sandbox to do beside answering. */
export interface Directives {
  readonly numbers: Readonly<Partial<Record<NumberDirective, number>>>;
  readonly words: Readonly<Partial<Record<WordDirective, string>>>;
  readonly flags: ReadonlySet<FlagDirective>;
}

/** Every name of the grammar; the README's table is kept equal to it by a test. */
export const DIRECTIVE_NAMES: readonly string[] = [...Object.keys(NUMBERS), ...Object.keys(WORDS), ...FLAGS];

const NONE: Directives = { numbers: {}, words: {}, flags: new Set() };
const OPENING = '[[sandbox:';
const BLOCK = /\[\[sandbox:([^\]]*)\]\]/g;
const SEPARATORS = /[\s,&;]+/;
const FLAG_NAMES: ReadonlySet<string> = new Set(FLAGS);

/** A text and the directives found in it. */
export interface Directed {
  /** The text without its directives. */
  readonly text: string;
  readonly directives: Directives;
}

/**
 * Reads the directives of a call: `sandbox-chat?status=429&retry-after=2` in the model's name, `[[sandbox: status=429 retry-after=2]]` in
 * the text. Both have one grammar, `name` or `name=value` separated by blanks, commas, semicolons or `&`; the text's win.
 * Throws a `SandboxError` (400) for an unknown name or a value out of bounds, so that a typing error does not pass for success.
 */
export function readDirectives(model: string, text: string): Directed & { readonly model: string } {
  const question = model.indexOf('?');
  if (question === -1 && !text.includes(OPENING)) return { model, text, directives: NONE };
  let source = question === -1 ? '' : model.slice(question + 1);
  const rest = text.replaceAll(BLOCK, (_block, inside: string) => {
    source += ` ${inside}`;
    return '';
  });
  return {
    model: question === -1 ? model : model.slice(0, question),
    text: rest === text ? text : rest.trim(),
    directives: parseDirectives(source),
  };
}

/** Reads directives without their surroundings. Later ones win. */
export function parseDirectives(source: string): Directives {
  const numbers: Partial<Record<NumberDirective, number>> = {};
  const words: Partial<Record<WordDirective, string>> = {};
  const flags = new Set<FlagDirective>();
  for (const item of source.split(SEPARATORS)) {
    if (item === '') continue;
    const equals = item.indexOf('=');
    const name = equals === -1 ? item : item.slice(0, equals);
    const value = equals === -1 ? null : item.slice(equals + 1);
    if (isNumberName(name)) numbers[name] = readNumber(name, value);
    else if (isWordName(name)) words[name] = readWord(name, value);
    else if (isFlagName(name) && value === null) flags.add(name);
    else throw refuse(name.slice(0, 40), isFlagName(name) ? 'takes no value' : 'is not known');
  }
  return { numbers, words, flags };
}

function readNumber(name: NumberDirective, value: string | null): number {
  const { min, max, alone } = NUMBERS[name];
  if (value === null && alone !== null) return alone;
  const number = value === null || !/^\d{1,16}$/.test(value) ? Number.NaN : Number(value);
  if (!(number >= min && number <= max)) throw refuse(name, `takes a whole number from ${min} to ${max}`);
  return number;
}

function readWord(name: WordDirective, value: string | null): string {
  if (value === null || !WORDS[name].test(value)) throw refuse(name, `takes a value like ${WORDS[name].source}`);
  return value;
}

function refuse(name: string, why: string): SandboxError {
  return new SandboxError(400, { message: `Sandbox directive ${JSON.stringify(name)} ${why}.`, param: 'messages' });
}

function isNumberName(name: string): name is NumberDirective {
  return Object.hasOwn(NUMBERS, name);
}

function isWordName(name: string): name is WordDirective {
  return Object.hasOwn(WORDS, name);
}

function isFlagName(name: string): name is FlagDirective {
  return FLAG_NAMES.has(name);
}
