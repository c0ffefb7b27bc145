// Owns: the guarantees of the directives' grammar.

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { DIRECTIVE_NAMES, parseDirectives, readDirectives } from './directives.ts';
import { SandboxError } from './sandbox-error.ts';

describe('directives', () => {
  it('are taken out of the text and off the name', () => {
    const read = readDirectives('sandbox-chat?tokens=3', 'Hello [[sandbox: status=429, retry-after=2]] there');
    expect([read.model, read.text]).toEqual(['sandbox-chat', 'Hello  there']);
    expect(read.directives.numbers).toEqual({ tokens: 3, status: 429 });
    expect(read.directives.words).toEqual({ 'retry-after': '2' });
  });

  it('leave a text without any as it is', () => {
    const text = ' [[sandbox]] [sandbox: reset] [[other: reset]] ';
    const read = readDirectives('openai/gpt-4o', text);
    expect([read.model, read.text]).toEqual(['openai/gpt-4o', text]);
    expect(read.directives.flags.size).toBe(0);
  });

  it.each(['reset no-done', 'reset,no-done', 'reset&no-done', ' reset ;  no-done '])('%j separates two', (source) => {
    expect([...parseDirectives(source).flags]).toEqual(['reset', 'no-done']);
  });

  it('take the last of several with one name', () => {
    expect(
      readDirectives('m?status=500', '[[sandbox: status=429]] [[sandbox: status=404]]').directives.numbers.status,
    ).toBe(404);
  });

  it.each([
    ['cut', 'cut', 0],
    ['stall', 'stall', 0],
    ['fail-first', 'fail-first', 1],
    ['huge-line', 'huge-line', 4_194_304],
  ] as const)('%s may stand alone', (source, name, value) => {
    expect(parseDirectives(source).numbers[name]).toBe(value);
  });

  it.each([
    'unknown',
    'Status=429',
    'constructor',
    '__proto__=1',
    'status',
    'status=',
    'status=200',
    'status=600',
    'status=4e2',
    'status=-1',
    'delay=600001',
    'delay=1.5',
    'tokens=100001',
    'reset=1',
    'usage=some',
    'usage',
    'retry-after=a\tb\0',
    'marker=(x)',
  ])('%j is refused', (source) => {
    expect(() => parseDirectives(source.includes('\t') ? source.replace('\t', '') : source)).toThrow(SandboxError);
  });

  it('all stand in the README, and it names no others', () => {
    const readme = readFileSync(fileURLToPath(new URL('./README.md', import.meta.url)), 'utf8');
    const table = readme.slice(readme.indexOf('| directive | does |'));
    const firstCells = table.split('\n').flatMap((row) => (row.startsWith('| `') ? [row.split(' | ')[0] ?? ''] : []));
    const named = firstCells.flatMap((cell) => [...cell.matchAll(/`([a-z0-9-]+)[=`]/g)].map((match) => match[1]));
    const values = new Set(['negative', 'huge', 'fraction', 'text', 'null']);
    expect(new Set(named.filter((name) => !values.has(name ?? '')))).toEqual(new Set(DIRECTIVE_NAMES));
  });
});
