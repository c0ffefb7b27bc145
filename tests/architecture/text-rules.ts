// Owns: rules that look at a file's text: its opening comment, its suppressions, unfinished work.
// Does not own: rules that need the syntax tree (syntax-rules.ts).

import { isCode, isTest, type SourceFile, type TidyRule } from './rule.ts';

/** Fewer letters than this are no reason. */
const MIN_REASON_LETTERS = 10;

/** A suppression and, as first group, the reason that must follow it. */
const SUPPRESSIONS: readonly RegExp[] = [
  /biome-ignore(?:-all|-start)?\s+\S+?:(.*)/,
  /@ts-expect-error(.*)/,
  /(?:v8|c8|istanbul) ignore(?: next| start| file| if| else| \d+)*(.*)/,
];

const FORBIDDEN_SUPPRESSIONS = /@ts-ignore|@ts-nocheck|eslint-disable|biome-ignore(?:-all|-start)?\s+\S+\s*$/;

// Spelled apart, so that this file does not break the rule it holds.
const UNFINISHED = new RegExp(`\\b(${['TO' + 'DO', 'FIX' + 'ME', 'X' + 'XX', 'HA' + 'CK'].join('|')})\\b`);

const inSource = (text: string): SourceFile => ({ path: 'src/gateway/call.ts', text });

function perLine(text: string, fault: (line: string) => string | undefined): string[] {
  return text.split('\n').flatMap((line) => {
    const found = fault(line);
    return found === undefined ? [] : [found];
  });
}

function suppressionFault(line: string): string | undefined {
  if (FORBIDDEN_SUPPRESSIONS.test(line)) return `not allowed at all: ${line.trim()}`;
  for (const pattern of SUPPRESSIONS) {
    const reason = pattern.exec(line)?.[1];
    if (reason !== undefined && reason.replaceAll(/[^a-z]/gi, '').length < MIN_REASON_LETTERS) {
      return `no reason given: ${line.trim()}`;
    }
  }
  return undefined;
}

const isThisFolder = (path: string): boolean => path.startsWith('tests/architecture/');

export const textRules: readonly TidyRule[] = [
  {
    name: 'opening-comment',
    why: 'a file opens with what it owns and what it does not',
    appliesTo: isCode,
    faults: ({ text }) =>
      /^(#![^\n]*\n)?\s*(\/\/[ \t]*\S|\/\*\*?\s*\S)/.test(text) ? [] : ['does not open with a comment'],
    refuses: [inSource("import { x } from './x.ts';\n"), inSource('//\nexport const x = 1;\n'), inSource('')],
    accepts: [inSource('// Owns: x.\n'), inSource('/** Owns: x. */\n'), inSource('#!/usr/bin/env node\n// Owns: x.\n')],
  },
  {
    name: 'reasoned-suppression',
    why: 'a check that is switched off says why, so that one can see when the reason is gone',
    appliesTo: (path) => isCode(path) && !isThisFolder(path),
    faults: ({ text }) => perLine(text, suppressionFault),
    refuses: [
      inSource('// @ts-ignore because the types are wrong here'),
      inSource('// @ts-expect-error'),
      inSource('// biome-ignore lint/style/x: no'),
      inSource('// biome-ignore lint/style/x'),
      inSource('/* v8 ignore next */'),
      inSource('// eslint-disable-next-line no-console -- for the person who starts it'),
    ],
    accepts: [
      inSource('// @ts-expect-error the vendor sends a field its types leave out'),
      inSource('// biome-ignore lint/style/x: the vendor calls it so'),
      inSource('export const ignored = 1;'),
    ],
  },
  {
    name: 'no-unfinished-work',
    why: 'what is not done stands in the issue tracker, not in the code',
    appliesTo: (path) => isCode(path),
    faults: ({ text }) => perLine(text, (line) => (UNFINISHED.test(line) ? line.trim() : undefined)),
    refuses: [inSource(`// ${'TO' + 'DO'}: count`), inSource(`// ${'FIX' + 'ME'} later`)],
    accepts: [inSource('export const todoList = 1;')],
  },
  {
    name: 'no-sleep-in-tests',
    why: 'a test that waits for time is slow on a good day and red on a bad one',
    appliesTo: (path) => isTest(path) && isCode(path) && !isThisFolder(path),
    faults: ({ text }) =>
      perLine(text, (line) =>
        /node:timers\/promises|new Promise\b.*\bsetTimeout\(|\bsleep\(|\bsetTimeout\((resolve|done|r)\b/.test(line)
          ? line.trim()
          : undefined,
      ),
    refuses: [
      { path: 'src/x.test.ts', text: 'await new Promise((resolve) => setTimeout(resolve, 100));' },
      { path: 'src/x.test.ts', text: "import { setTimeout } from 'node:timers/promises';" },
      { path: 'tests/journeys/x.test.ts', text: 'await sleep(100);' },
    ],
    accepts: [{ path: 'src/x.test.ts', text: 'await expect.poll(() => count).toBe(1);' }],
  },
];
