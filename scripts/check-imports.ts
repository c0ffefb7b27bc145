// Owns: the import check: `node scripts/check-imports.ts [folder]`, over this checkout or another one with its shape.
// Does not own: the rules (import-rules.ts).

import { existsSync, globSync } from 'node:fs';
import { join } from 'node:path';
import type { ICruiseResult, IViolation } from 'dependency-cruiser';
import { cruiseOptions, importRules } from './import-rules.ts';
import { outerFolders } from './import-table.ts';
import { provideTypescriptParser } from './typescript-parser.ts';

const root = process.argv[2] ?? join(import.meta.dirname, '..');
process.chdir(root);
const folders = ['src', 'portal', 'sdk', ...outerFolders].filter((folder) => existsSync(folder));
const result = await cruiseFolders(folders);

const faults = [...result.summary.violations.map(describeViolation), ...unseenFiles(result, folders)];
for (const fault of faults) console.error(fault);
console.log(`${result.summary.totalCruised} files, ${result.summary.totalDependenciesCruised} imports looked at`);
process.exitCode = faults.length === 0 ? 0 : 1;

async function cruiseFolders(paths: readonly string[]): Promise<ICruiseResult> {
  provideTypescriptParser();
  const { cruise } = await import('dependency-cruiser');
  const { output } = await cruise([...paths], { ...cruiseOptions(), ruleSet: importRules(), validate: true });
  if (typeof output === 'string') throw new Error('dependency-cruiser gave text where its result was expected');
  return output;
}

function describeViolation({ rule, from, to, comment, cycle }: IViolation): string {
  const path = cycle === undefined ? to : cycle.map(({ name }) => name).join(' → ');
  return `${rule.name}: ${from} → ${path}${comment === undefined ? '' : `\n    ${comment}`}`;
}

/** A file the tool did not parse breaks no rule; so each TypeScript file has to turn up in the result. */
function unseenFiles({ modules }: ICruiseResult, paths: readonly string[]): string[] {
  const seen = new Set(modules.map(({ source }) => source));
  const present = paths.flatMap((path) => globSync(`${path}/**/*.{ts,tsx}`, { exclude: ['**/node_modules/**'] }));
  return present
    .map((file) => file.replaceAll('\\', '/'))
    .filter((file) => !seen.has(file))
    .map((file) => `not-seen: ${file} was not looked at`);
}
