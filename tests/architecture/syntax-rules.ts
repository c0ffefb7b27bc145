// Owns: rules that look at a file's syntax tree: banned calls, side effects on import, long functions, long argument lists.
// Does not own: how the tree is walked (syntax-tree.ts).

import { isProduct, isTest, type SourceFile, type TidyRule } from './rule.ts';
import { callsAndReads, functionsOf, inheritingClasses, topLevelActions } from './syntax-tree.ts';

const MAX_FUNCTION_LINES = 70;
const MAX_PARAMETERS = 3;

/** Readings of time and chance that make a result depend on when it is asked for. */
const UNINJECTED = ['Date.now', 'new Date()', 'Date()', 'Math.random'];

/** What any child process needs to start; not settings of ours. */
const INHERITED_VARIABLES = ['process.env.PATH', 'process.env.SystemRoot'];

/** The files that act: started by a person or a process, never imported. */
const ACTING_FILES = ['src/server/main.ts', 'src/server/cli.ts', 'src/database/generate.ts'];
const acts = (path: string): boolean => ACTING_FILES.includes(path);

const inSource = (text: string): SourceFile => ({ path: 'src/gateway/call.ts', text });
const inSrc = (path: string): boolean => /^(src|sdk)\/.*\.tsx?$/.test(path) && !path.includes('.generated.');
const lines = (count: number): string => 'call();\n'.repeat(count);

function environmentReads(file: SourceFile): string[] {
  const names = callsAndReads(file);
  const reads = names.filter((name) => /^process\.env\.\w+$/.test(name));
  const wholes = names.filter((name) => name === 'process.env').length - reads.length;
  const forbidden = reads.filter((name) => !INHERITED_VARIABLES.includes(name));
  return wholes > 0 ? [...forbidden, 'process.env as a whole'] : forbidden;
}

export const syntaxRules: readonly TidyRule[] = [
  {
    name: 'injected-time-and-chance',
    why: 'the clock and randomness are handed in, so that a test can hold them',
    appliesTo: (path) => inSrc(path) && !path.startsWith('src/primitives/'),
    faults: (file) => callsAndReads(file).filter((name) => UNINJECTED.includes(name)),
    refuses: UNINJECTED.map((call) => inSource(`export const x = () => ${call.endsWith(')') ? call : `${call}()`};`)),
    accepts: [inSource('export const x = (ms: number) => new Date(ms); const now = clock.now(); // Date.now()')],
  },
  {
    name: 'no-console',
    why: 'what is printed goes through the log, which redacts; only the files that act speak to a person',
    appliesTo: (path) => inSrc(path) && !acts(path) && !/^src\/server\/cli[/.-]/.test(path) && !isTest(path),
    faults: (file) => callsAndReads(file).filter((name) => name.startsWith('console.')),
    refuses: [inSource("console.log('x');"), inSource("const say = () => console['error']('x');")],
    accepts: [inSource("log.info('x');")],
  },
  {
    name: 'no-environment-reads',
    why: 'the environment is read in one place and handed on as typed settings',
    appliesTo: (path) => isProduct(path) && !path.startsWith('src/server/') && !acts(path),
    faults: environmentReads,
    refuses: [
      inSource('export const url = () => process.env.DATABASE_URL;'),
      inSource('const { env } = { env: process.env };'),
    ],
    accepts: [
      inSource('export const url = (env: Record<string, string>) => env.DATABASE_URL;'),
      inSource('export const childEnv = () => ({ PATH: process.env.PATH });'),
    ],
  },
  {
    name: 'import-does-nothing',
    why: 'importing a module opens nothing, reads nothing and starts nothing',
    appliesTo: (path) => isProduct(path) && !acts(path),
    faults: topLevelActions,
    refuses: [
      inSource('connect();'),
      inSource('await connect();'),
      inSource('export const pool = await connect();'),
      inSource('setInterval(() => {}, 1000);'),
      inSource('if (process.argv[2]) run();'),
      inSource('for (const x of list) register(x);'),
    ],
    accepts: [inSource("import './x.ts';\nexport const x = Object.freeze({ a: 1 });\nexport function f() { run(); }")],
  },
  {
    name: 'no-inheritance',
    why: 'behaviour is put together from functions; only errors have a family',
    appliesTo: inSrc,
    faults: inheritingClasses,
    refuses: [inSource('class A extends Base {}'), inSource('const A = class extends EventEmitter {};')],
    accepts: [inSource('class A extends Error {}'), inSource('class B extends WeirError {}'), inSource('class C {}')],
  },
  {
    name: 'function-length',
    why: `a function of more than ${MAX_FUNCTION_LINES} lines does not fit on a screen or in a head`,
    appliesTo: isProduct,
    faults: (file) =>
      functionsOf(file)
        .filter((each) => each.lines > MAX_FUNCTION_LINES)
        .map((each) => `${each.name} has ${each.lines} lines`),
    refuses: [
      inSource(`export function long() {\n${lines(MAX_FUNCTION_LINES - 1)}}`),
      inSource(`export function createStore() {\n${lines(MAX_FUNCTION_LINES - 1)}}`),
      inSource(`export function createStore() {\nreturn { save() {\n${lines(MAX_FUNCTION_LINES - 1)}} };\n}`),
    ],
    accepts: [
      inSource(`export function fits() {\n${lines(MAX_FUNCTION_LINES - 2)}}`),
      inSource(`export function createStore() {\nreturn { save() {\n${lines(MAX_FUNCTION_LINES - 2)}} };\n}`),
    ],
  },
  {
    name: 'parameter-count',
    why: `more than ${MAX_PARAMETERS} arguments are one options object, so that a call can be read`,
    appliesTo: isProduct,
    faults: (file) =>
      functionsOf(file)
        .filter((each) => each.parameters > MAX_PARAMETERS)
        .map((each) => `${each.name} takes ${each.parameters} arguments`),
    refuses: [inSource('export function f(a: 1, b: 2, c: 3, d: 4) {}'), inSource('const f = (a, b, c, d) => a;')],
    accepts: [inSource('export function f(a: 1, b: 2, c: 3) {}')],
  },
];
