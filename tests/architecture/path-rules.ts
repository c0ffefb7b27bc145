// Owns: rules about where files lie, what they are called and how long they are.
// Does not own: what stands in them (text-rules.ts, syntax-rules.ts).

import { importTable, outerFolders } from '../../scripts/import-table.ts';
import { isCode, isGenerated, type TidyRule } from './rule.ts';

const MAX_LINES = 400;
const MAX_README_LINES = 100;

/** Names that say nothing about what lies within. */
const EMPTY_NAMES = ['util', 'utils', 'helper', 'helpers', 'common', 'shared', 'misc', 'lib'];

const KEBAB = '[a-z0-9]+(-[a-z0-9]+)*';
const FILE_NAME = new RegExp(`^\\.?${KEBAB}(\\.${KEBAB})*$`);
/** Migrations begin with their number, decisions too; documents that tools look for are in capitals. */
const NUMBERED_NAME = /^[0-9]+([_-][a-z0-9]+)+\.(sql|md)$/;
const CAPITAL_DOCUMENTS = ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', 'LICENSE', 'Dockerfile'];

const file = (path: string, lines = 1) => ({ path, text: '// line\n'.repeat(lines) });
const lineCount = (text: string): number => text.split('\n').length - (text.endsWith('\n') ? 1 : 0);

export const pathRules: readonly TidyRule[] = [
  {
    name: 'file-size',
    why: `a file of more than ${MAX_LINES} lines holds more than one thought`,
    appliesTo: isCode,
    faults: ({ text }) => (lineCount(text) > MAX_LINES ? [`${lineCount(text)} lines, at most ${MAX_LINES}`] : []),
    refuses: [file('src/gateway/pipeline.ts', MAX_LINES + 1)],
    accepts: [file('src/gateway/pipeline.ts', MAX_LINES)],
  },
  {
    name: 'readme-size',
    why: 'the README of a folder is read in one sitting',
    appliesTo: (path) => /^src\/.*README\.md$/.test(path),
    faults: ({ text }) => (lineCount(text) > MAX_README_LINES ? [`${lineCount(text)} lines`] : []),
    refuses: [file('src/ledger/README.md', MAX_README_LINES + 1)],
    accepts: [file('src/ledger/README.md', MAX_README_LINES)],
  },
  {
    name: 'kebab-case',
    why: 'one spelling of names, on file systems that mind case and on those that do not',
    appliesTo: () => true,
    faults: ({ path }) => {
      const name = path.slice(path.lastIndexOf('/') + 1);
      const folders = path.split('/').slice(0, -1);
      const bad = folders.filter((folder) => !FILE_NAME.test(folder));
      const goodName = FILE_NAME.test(name) || NUMBERED_NAME.test(name) || CAPITAL_DOCUMENTS.includes(name);
      return [...bad, ...(goodName ? [] : [name])].map((each) => `${each} is not kebab-case`);
    },
    refuses: [file('src/gateway/callPipeline.ts'), file('src/Gateway/pipeline.ts'), file('src/a/two_words.ts')],
    accepts: [
      file('src/gateway/call-pipeline.ts'),
      file('src/budget.rules.ts'),
      file('src/database/migrations/000001_roles_and_schemas.sql'),
      file('docs/decisions/0001-stack-and-node.md'),
      file('src/ledger/README.md'),
      file('.ci/run'),
    ],
  },
  {
    name: 'telling-names',
    why: 'a folder or file called after nothing collects everything',
    appliesTo: () => true,
    faults: ({ path }) =>
      path
        .split(/[/.]/)
        .filter((part) => EMPTY_NAMES.includes(part))
        .map((part) => `"${part}" says nothing`),
    refuses: [file('src/utils/clock.ts'), file('src/gateway/helpers.ts'), file('src/gateway/call.util.ts')],
    accepts: [file('src/gateway/common-prefix.ts'), file('src/ledger/core/decide.ts')],
  },
  {
    name: 'known-folder',
    why: 'a folder without a row in the import table lies outside every fence',
    appliesTo: (path) => isCode(path) && path.includes('/'),
    faults: ({ path }) => {
      const folders = [...importTable.map(({ folder }) => folder), ...outerFolders];
      return folders.some((folder) => path.startsWith(`${folder}/`)) ? [] : ['no row of the import table covers it'];
    },
    refuses: [file('src/billing/invoice.ts'), file('src/loose.ts'), file('src/control/wishes/index.ts')],
    accepts: [file('src/gateway/stages/hold.ts'), file('src/control/billing/index.ts'), file('bench/main.ts')],
  },
];

/** Whether a path is worth reading as text at all. */
export const isText = (path: string): boolean =>
  /\.(ts|tsx|mjs|cjs|md|json|sql|yaml|yml|css|html)$/.test(path) || path === '.ci/run' || isGenerated(path);
