// Owns: the shape of a tidy rule and the files it is shown.
// Does not own: any rule.

import { testSupportFolders } from '../../scripts/import-table.ts';

/** One text file of the checkout. */
export interface SourceFile {
  /** Path from the root, with forward slashes. */
  readonly path: string;
  readonly text: string;
}

/** A rule with the proof that it works: files it must refuse and files it must let pass. */
export interface TidyRule {
  readonly name: string;
  readonly why: string;
  readonly appliesTo: (path: string) => boolean;
  /** What is wrong with the file, in words; empty when nothing is. */
  readonly faults: (file: SourceFile) => readonly string[];
  readonly refuses: readonly SourceFile[];
  readonly accepts: readonly SourceFile[];
}

/**
 * A place that may break a rule, and why. It names the fault in the rule's own words (`decide has 75 lines`), so that the
 * fault can neither grow unseen nor shrink without the entry following.
 */
export interface Exception {
  readonly rule: string;
  readonly path: string;
  readonly fault: string;
  readonly reason: string;
}

export const isCode = (path: string): boolean => /\.(ts|tsx|mjs)$/.test(path) && !isGenerated(path);

export const isGenerated = (path: string): boolean => path.includes('.generated.');

export const isTest = (path: string): boolean =>
  /\.test\.tsx?$/.test(path) ||
  path.startsWith('tests/') ||
  testSupportFolders.some((folder) => path.includes(`/${folder}/`));

export const isProduct = (path: string): boolean => /^(src|sdk)\//.test(path) && isCode(path) && !isTest(path);
