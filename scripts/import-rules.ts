// Owns: turning the import table into dependency-cruiser rules, plus the few rules that are not about one row.
// Does not own: the table (import-table.ts) or running the rules (check-imports.ts).

import type { ICruiseOptions, IFlattenedRuleSet, IForbiddenRuleType } from 'dependency-cruiser';
import {
  fastifyTestFolders,
  type ImportRow,
  importableParts,
  importTable,
  outerFolders,
  testSupportFolders,
} from './import-table.ts';

/** Tests and what only tests use: they may bring in their tools, but lie under the same table as the code beside them. */
const TEST_FILES = `(\\.test\\.tsx?$|/(${testSupportFolders.join('|')})/)`;

const FASTIFY_TEST_FILES = `/(${fastifyTestFolders.join('|')})/`;

/** A command for contributors among the product's files: it starts the cluster that tests use. */
const CONTRIBUTOR_COMMANDS = '^src/database/generate\\.ts$';

/** What is ours, so that a rule about our folders never speaks about packages. */
const OUR_FILES = `^(src|portal|sdk|${outerFolders.join('|')})/`;

const PACKAGE_FILES = 'node_modules/';

/** The rules, all at error. */
export function importRules(): IFlattenedRuleSet {
  return {
    forbidden: [...importTable.flatMap(rowRules), ...generalRules()],
  };
}

/** How files are read: type-only imports count, packages are seen but not followed. */
export function cruiseOptions(): ICruiseOptions {
  return {
    doNotFollow: { path: PACKAGE_FILES },
    exclude: { path: '(^|/)(coverage|\\.weir)/' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'require'],
      extensions: ['.ts', '.tsx', '.mjs', '.cjs', '.js', '.json'],
    },
  };
}

function rowRules(row: ImportRow): IForbiddenRuleType[] {
  const own = `^${row.folder}/`;
  const rules: IForbiddenRuleType[] = [
    {
      name: `${row.name}-imports-only-what-the-table-allows`,
      comment: `${row.folder} may import from: ${row.mayImport.join(', ') || 'nothing of ours'}`,
      severity: 'error',
      from: { path: own },
      to: { path: OUR_FILES, pathNot: [own, ...row.mayImport.map(partPath)] },
    },
  ];
  if (row.packages === 'none') {
    rules.push({
      name: `${row.name}-uses-no-packages`,
      comment: `${row.folder} is pure: it decides with nothing but its arguments`,
      severity: 'error',
      from: { path: own, pathNot: TEST_FILES },
      to: { dependencyTypes: ['npm', 'npm-dev', 'npm-optional', 'npm-peer', 'npm-no-pkg', 'npm-unknown'] },
    });
  }
  if (row.node === 'none') {
    rules.push({
      name: `${row.name}-uses-no-node-modules`,
      comment: `${row.folder} must run wherever JavaScript runs`,
      severity: 'error',
      from: { path: own, pathNot: TEST_FILES },
      to: { dependencyTypes: ['core'] },
    });
  }
  return rules;
}

function partPath(name: string): string {
  const part = importableParts[name];
  if (part !== undefined) return part;
  const row = importTable.find((candidate) => candidate.name === name);
  if (row === undefined) throw new Error(`The import table names ${name}, which is neither a row nor a part`);
  return `^${row.folder}/`;
}

function generalRules(): IForbiddenRuleType[] {
  return [
    {
      name: 'no-cycles',
      comment: 'Two files that need each other are one file, or a third is missing. Type-only imports count.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'fastify-only-in-routes-and-server',
      comment:
        'Fastify appears in *.routes.ts, src/server and what stands in for the server in tests, so that everything else can be called without HTTP',
      severity: 'error',
      from: { path: '^src/', pathNot: ['\\.routes\\.ts$', '^src/server/', FASTIFY_TEST_FILES] },
      to: { path: `${PACKAGE_FILES}(fastify|@fastify/[^/]+|fastify-[^/]+)/` },
    },
    {
      name: 'product-code-never-imports-tests',
      comment: 'What only tests use stays out of the product',
      severity: 'error',
      from: { path: '^(src|portal|sdk)/', pathNot: [TEST_FILES, CONTRIBUTOR_COMMANDS] },
      to: { path: TEST_FILES, pathNot: PACKAGE_FILES },
    },
    {
      name: 'product-code-uses-declared-packages',
      comment: 'A package that the product needs at run time stands under dependencies',
      severity: 'error',
      from: { path: '^(src|portal|sdk)/', pathNot: TEST_FILES },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'imports-resolve',
      comment: 'An import that leads nowhere is invisible to every other rule',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ];
}
