// Owns: the proof that the import check sees TypeScript and that each of its rules fires.
// A checkout in miniature holds one forbidden import per rule and some allowed ones; the check runs on it for real.

import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { importTable } from './import-table.ts';

/** Files of the miniature; each exports something so that any of them can be imported. */
const files: Readonly<Record<string, string>> = {
  'package.json': JSON.stringify({ name: 'miniature', type: 'module', dependencies: { fastify: '1' } }),
  'node_modules/fastify/package.json': JSON.stringify({ name: 'fastify', version: '1.0.0', main: 'index.js' }),
  'node_modules/fastify/index.js': 'export default 1;',
  'node_modules/undeclared/package.json': JSON.stringify({ name: 'undeclared', version: '1.0.0', main: 'index.js' }),
  'node_modules/undeclared/index.js': 'export default 1;',

  // Allowed.
  'src/primitives/amounts.ts': 'export const one = 1n; export type Amount = bigint;',
  'src/contracts/enumerations.ts': "import { one } from '../primitives/amounts.ts'; export const list = [one];",
  'src/contracts/events.ts': 'export const event = 1;',
  'src/database/pool.ts': "import { list } from '../contracts/enumerations.ts'; export const pool = list;",
  'src/gateway/pipeline.ts': "import { pool } from '../database/pool.ts'; export const pipeline = pool;",
  'src/control/audit/index.ts': "export { record } from './audit.service.ts';",
  'src/control/audit/audit.service.ts': 'export const record = 1;',
  'src/control/identity/index.ts': "import { record } from '../audit/index.ts'; export const member = record;",
  'src/control/identity/member.routes.ts': "import fastify from 'fastify'; export const routes = fastify;",
  'src/server/compose.ts': "import { pipeline } from '../gateway/pipeline.ts'; export const all = pipeline;",
  'src/ledger/core/decide.test.ts': "import { equal } from 'node:assert'; equal(1, 1);",

  'src/gateway/testing/server.ts': "import fastify from 'fastify'; export const server = fastify;",

  // Forbidden, each by the rule named below.
  'src/primitives/bad.ts':
    "import type { Amount } from './amounts.ts'; import { event } from '../contracts/events.ts'; export const bad: Amount = BigInt(event);",
  'src/database/bad.ts': "import { event } from '../contracts/events.ts'; export const bad = event;",
  'src/gateway/bad.ts': "import { member } from '../control/identity/index.ts'; export const bad = member;",
  'src/gateway/bad-type.ts': "export type Bad = import('../control/audit/index.ts').Missing;",
  'src/control/audit/bad.ts': "import { member } from '../identity/index.ts'; export const bad = member;",
  'src/control/identity/bad.ts': "import { record } from '../audit/audit.service.ts'; export const bad = record;",
  'src/control/billing/bad.ts': "export { pipeline } from '../../gateway/pipeline.ts';",
  'src/providers/bad.ts': "export const bad = await import('../database/pool.ts');",
  'src/jobs/bad.ts': "import { all } from '../server/compose.ts'; export const bad = all;",
  'src/ledger/core/bad.ts': "import { hrtime } from 'node:process'; export const bad = hrtime;",
  'src/ledger/core/bad-package.ts': "import type fastify from 'fastify'; export type Bad = typeof fastify;",
  'src/ledger/store/bad.ts': "import { pipeline } from '../../gateway/pipeline.ts'; export const bad = pipeline;",
  'src/contracts/bad.ts': "import { createHash } from 'node:crypto'; export const bad = createHash;",
  'src/gateway/bad-fastify.ts': "import fastify from 'fastify'; export const bad = fastify;",
  'src/gateway/bad-fastify.test.ts': "import fastify from 'fastify'; fastify;",
  'src/ledger/store/conformance/bad-fastify.ts': "import fastify from 'fastify'; export const bad = fastify;",
  'src/gateway/bad-stand-in.ts': "export { server } from './testing/server.ts';",
  'src/server/bad.ts': "import '../database/testing/database.ts';",
  'src/database/testing/database.ts': 'export const database = 1;',
  'src/gateway/bad-package.ts': "import undeclared from 'undeclared'; export const bad = undeclared;",
  'src/gateway/bad-path.ts': "import { nothing } from './nowhere.ts'; export const bad = nothing;",
  'src/gateway/cycle-one.ts': "import type { Two } from './cycle-two.ts'; export type One = Two | 1;",
  'src/gateway/cycle-two.ts': "import type { One } from './cycle-one.ts'; export type Two = One | 2;",
  'portal/bad.ts': "import { pool } from '../src/database/pool.ts'; export const bad = pool;",
  'sdk/bad.ts': "import { bad } from '../portal/bad.ts'; export const worse = bad;",
  'bench/main.ts': "import { all } from '../src/server/compose.ts'; export const bench = all;",
  'src/server/bad-bench.ts': "import { bench } from '../../bench/main.ts'; export const bad = bench;",
};

const table = (name: string): string => `${name}-imports-only-what-the-table-allows`;

/** Every fault the check must report, and no other. */
const expected: readonly [rule: string, from: string][] = [
  [table('primitives'), 'src/primitives/bad.ts'],
  [table('database'), 'src/database/bad.ts'],
  [table('gateway'), 'src/gateway/bad.ts'],
  [table('gateway'), 'src/gateway/bad-type.ts'],
  [table('control-audit'), 'src/control/audit/bad.ts'],
  [table('control-identity'), 'src/control/identity/bad.ts'],
  [table('control-billing'), 'src/control/billing/bad.ts'],
  [table('providers'), 'src/providers/bad.ts'],
  [table('jobs'), 'src/jobs/bad.ts'],
  ['ledger-core-uses-no-node-modules', 'src/ledger/core/bad.ts'],
  ['ledger-core-uses-no-packages', 'src/ledger/core/bad-package.ts'],
  ['fastify-only-in-routes-and-server', 'src/ledger/core/bad-package.ts'],
  [table('ledger-store'), 'src/ledger/store/bad.ts'],
  ['contracts-uses-no-node-modules', 'src/contracts/bad.ts'],
  ['fastify-only-in-routes-and-server', 'src/gateway/bad-fastify.ts'],
  ['fastify-only-in-routes-and-server', 'src/gateway/bad-fastify.test.ts'],
  ['fastify-only-in-routes-and-server', 'src/ledger/store/conformance/bad-fastify.ts'],
  ['product-code-never-imports-tests', 'src/gateway/bad-stand-in.ts'],
  ['product-code-never-imports-tests', 'src/server/bad.ts'],
  ['product-code-uses-declared-packages', 'src/gateway/bad-package.ts'],
  ['imports-resolve', 'src/gateway/bad-path.ts'],
  ['no-cycles', 'src/gateway/cycle-one.ts'],
  [table('portal'), 'portal/bad.ts'],
  [table('sdk'), 'sdk/bad.ts'],
  [table('server'), 'src/server/bad-bench.ts'],
];

const root = mkdtempSync(join(tmpdir(), 'weir-imports-'));
let reported: string[] = [];
let exitCode: number | null = null;

beforeAll(() => {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  const check = join(import.meta.dirname, 'check-imports.ts');
  const run = spawnSync(process.execPath, [check, root], { encoding: 'utf8' });
  exitCode = run.status;
  reported = run.stderr
    .split('\n')
    .map((line) => /^([a-z-]+): (\S+) →/.exec(line))
    .flatMap((match) => (match === null ? [] : [`${match[1]} ${match[2]}`]));
});

afterAll(() => rmSync(root, { recursive: true, force: true }));

describe('the import check', () => {
  test('fails a checkout with forbidden imports', () => {
    expect(exitCode).toBe(1);
  });

  test.each(expected)('%s refuses the import in %s', (rule, from) => {
    expect(reported).toContain(`${rule} ${from}`);
  });

  test('reports nothing but the forbidden imports', () => {
    expect(reported.toSorted()).toEqual(expected.map((pair) => pair.join(' ')).toSorted());
  });

  test('gives each folder one row', () => {
    const folders = importTable.map(({ folder }) => folder);
    expect(new Set(folders).size).toBe(folders.length);
  });
});
