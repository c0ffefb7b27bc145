// Owns: the check that the house is tidy, and the proof that each rule of it would notice.

import { execFileSync } from 'node:child_process';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { documentRules, sharedDecisionNumbers } from './document-rules.ts';
import { exceptions } from './exceptions.ts';
import { isText, pathRules } from './path-rules.ts';
import type { SourceFile, TidyRule } from './rule.ts';
import { syntaxRules } from './syntax-rules.ts';
import { textRules } from './text-rules.ts';

const root = join(import.meta.dirname, '..', '..');
const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: Record<string, string> };
const checkout = { exists: (path: string) => existsSync(join(root, path)), commands: Object.keys(scripts) };
const rules: readonly TidyRule[] = [...pathRules, ...textRules, ...syntaxRules, ...documentRules(checkout)];
const files = readFiles();

function readFiles(): SourceFile[] {
  return listPaths().map((path) => ({ path, text: isText(path) ? readFileSync(join(root, path), 'utf8') : '' }));
}

/** What git tracks or would; in an unpacked archive without git, what lies there. */
function listPaths(): string[] {
  try {
    const args = ['ls-files', '-z', '--cached', '--others', '--exclude-standard'];
    const listed = execFileSync('git', args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
    return [...new Set(listed.split('\0'))].filter((path) => path !== '' && existsSync(join(root, path)));
  } catch {
    const folders = '{src,sdk,bench,tests,scripts,docs,examples,deploy}/**/*.*';
    return globSync([folders, '*.{md,ts,json}'], { cwd: root }).map((path) => path.replaceAll('\\', '/'));
  }
}

function faultsOf(rule: TidyRule): { path: string; fault: string }[] {
  return files
    .filter(({ path }) => rule.appliesTo(path))
    .flatMap((file) => rule.faults(file).map((fault) => ({ path: file.path, fault })));
}

const isExcepted = (rule: string, found: { path: string; fault: string }): boolean =>
  exceptions.some(({ rule: name, path, fault }) => name === rule && path === found.path && fault === found.fault);

describe('the house is tidy', () => {
  test.each(rules)('$name: $why', (rule) => {
    const faults = faultsOf(rule).filter((found) => !isExcepted(rule.name, found));
    expect(faults.map(({ path, fault }) => `${path}: ${fault}`)).toEqual([]);
  });

  test.each(exceptions)(
    'the exception of $path from $rule is still needed and says why',
    ({ rule, path, fault, reason }) => {
      const found = rules.find(({ name }) => name === rule);
      expect(found && faultsOf(found)).toContainEqual({ path, fault });
      expect(reason.length).toBeGreaterThan(20);
    },
  );

  test('every decision has a number of its own', () => {
    expect(sharedDecisionNumbers(files.map(({ path }) => path))).toEqual([]);
    expect(sharedDecisionNumbers(['docs/decisions/0001-a.md', 'docs/decisions/0001-b.md'])).toEqual(['0001']);
  });
});

describe('the rules notice', () => {
  const refused = rules.flatMap((rule) => rule.refuses.map((file) => ({ name: rule.name, rule, file })));
  const accepted = rules.flatMap((rule) => rule.accepts.map((file) => ({ name: rule.name, rule, file })));

  test.each(refused)('$name refuses $file.path', ({ rule, file }) => {
    expect(rule.appliesTo(file.path)).toBe(true);
    expect(rule.faults(file)).not.toEqual([]);
  });

  test.each(accepted)('$name accepts $file.path', ({ rule, file }) => {
    expect(rule.faults(file)).toEqual([]);
  });

  test('each rule is tried on something it refuses and something it accepts', () => {
    expect(rules.filter(({ refuses, accepts }) => refuses.length === 0 || accepts.length === 0)).toEqual([]);
  });

  test('the files looked at are those of this checkout', () => {
    expect(files.map(({ path }) => path)).toEqual(expect.arrayContaining(['package.json', 'src/primitives/clock.ts']));
  });
});
