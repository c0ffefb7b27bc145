// Owns: rules about documents: links, cited paths and commands that must exist, the numbering of decisions.
// Does not own: what the documents say.

import { isCode, type SourceFile, type TidyRule } from './rule.ts';

/** What the checkout holds, asked by document rules. */
export interface Checkout {
  readonly exists: (path: string) => boolean;
  /** Names of the npm scripts. */
  readonly commands: readonly string[];
}

const FOLDERS = '(?:src|docs|scripts|tests|bench|sdk|portal|deploy|examples|\\.ci)';
/** A path of ours in backticks, or anywhere when it ends in a file name. */
const CITED_PATH = new RegExp(
  `\`(${FOLDERS}/[\\w./-]+)\`|(?<![\\w./-])(${FOLDERS}/[\\w./-]+\\.(?:ts|mjs|md|sql|json))\\b`,
  'g',
);
const LINE_NUMBER = /\b[\w/-]+\.(?:ts|mjs|sql|md):\d+/;
const LINK = /\]\(([^)\s]+)\)/g;
const COMMAND = /npm run ([a-z][\w:-]*)/g;

const isDocument = (path: string): boolean => path.endsWith('.md');
const document = (text: string): SourceFile => ({ path: 'docs/guide.md', text });

/** The rules, asking the given checkout about what they find cited. */
export function documentRules({ exists, commands }: Checkout): readonly TidyRule[] {
  return [
    {
      name: 'links-lead-somewhere',
      why: 'a link inside the repository that leads nowhere is worse than none',
      appliesTo: isDocument,
      faults: ({ path, text }) =>
        matches(LINK, text)
          .filter((target) => !/^([a-z]+:|#)/.test(target))
          .map((target) => resolvePath(path, target.replace(/#.*$/, '')))
          .filter((target) => !exists(target))
          .map((target) => `links to ${target}, which does not exist`),
      refuses: [document('[x](nowhere.md)'), document('[x](../src/nowhere.ts#part)')],
      accepts: [document('[x](../README.md) [y](https://example.com/z.md) [z](#part)')],
    },
    {
      name: 'cited-paths-exist',
      why: 'a document or comment that names a file that moved sends its reader astray',
      appliesTo: (path) => (isDocument(path) || isCode(path)) && !/\.test\.ts$|^tests\/architecture\//.test(path),
      faults: ({ text }) =>
        matches(CITED_PATH, text)
          .map((cited) => cited.replace(/\/$/, ''))
          .filter((cited) => !exists(cited))
          .map((cited) => `cites ${cited}, which does not exist`),
      refuses: [
        document('see `src/nowhere/at-all.ts`'),
        document('see src/nowhere.ts.'),
        document('see `docs/nothing/`'),
      ],
      accepts: [document('see `package.json`, `README.md`, `tests/architecture/rule.ts`, `src/<domain>/index.ts`')],
    },
    {
      name: 'no-line-numbers',
      why: 'line numbers are wrong after the next change',
      appliesTo: isDocument,
      faults: ({ text }) => (LINE_NUMBER.test(text) ? [`cites ${LINE_NUMBER.exec(text)?.[0]}`] : []),
      refuses: [document('see src/gateway/call.ts:12')],
      accepts: [document('listens on http://localhost:8787')],
    },
    {
      name: 'commands-exist',
      why: 'a command in a document can be typed in',
      appliesTo: isDocument,
      faults: ({ text }) =>
        matches(COMMAND, text)
          .filter((command) => !commands.includes(command))
          .map((command) => `names npm run ${command}, which does not exist`),
      refuses: [document('`npm run nothing-at-all`')],
      accepts: [document('`npm run check`')],
    },
    {
      name: 'decisions-are-whole',
      why: 'a decision says what else was possible and what it costs',
      appliesTo: (path) => /^docs\/decisions\/.*\.md$/.test(path),
      faults: decisionFaults,
      refuses: [
        { path: 'docs/decisions/0001-stack.md', text: '# 0002 Stack\n## Drawbacks\n## Alternatives\n' },
        { path: 'docs/decisions/0001-stack.md', text: '# 0001 Stack\n## Drawbacks\n' },
        { path: 'docs/decisions/stack.md', text: '# Stack\n## Drawbacks\n## Alternatives\n' },
      ],
      accepts: [{ path: 'docs/decisions/0001-stack.md', text: '# 0001 Stack\n\n## Drawbacks\n\n## Alternatives\n' }],
    },
  ];
}

/** Numbers that two decisions share. */
export function sharedDecisionNumbers(paths: readonly string[]): string[] {
  const numbers = paths.flatMap((path) => /^docs\/decisions\/(\d{4})-/.exec(path)?.[1] ?? []);
  return numbers.filter((number, place) => numbers.indexOf(number) !== place);
}

function decisionFaults({ path, text }: SourceFile): string[] {
  const number = /\/(\d{4})-[^/]+$/.exec(path)?.[1];
  if (number === undefined) return ['its name does not begin with four digits'];
  const title = new RegExp(`^# ${number}\\b`).test(text) ? [] : [`its title does not begin with ${number}`];
  const missing = ['Drawbacks', 'Alternatives'].filter((part) => !new RegExp(`^#+ .*${part}`, 'mi').test(text));
  return [...title, ...missing.map((part) => `has no section ${part}`)];
}

function matches(pattern: RegExp, text: string): string[] {
  return [...text.matchAll(pattern)].flatMap((match) => match.slice(1).find((group) => group !== undefined) ?? []);
}

function resolvePath(from: string, target: string): string {
  const parts = from.split('/').slice(0, -1);
  for (const part of target.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.' && part !== '') parts.push(part);
  }
  return parts.join('/');
}
