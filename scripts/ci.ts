// Owns: `npm run ci`: the checks, the suite on the embedded PostgreSQL 18, what of it depends on the database again on PostgreSQL 15.
// Does not own: installing PostgreSQL 15 (.ci/run).

import { join } from 'node:path';
import { runChecks } from './check-run.ts';
import { startPostgres15 } from './postgres-15.ts';
import { keepTemporaryFilesInMemory } from './temporary-files.ts';
import { addCounts, countsLine, type TestOutcome } from './test-report.ts';
import { runTests } from './test-run.ts';

const root = join(import.meta.dirname, '..');
keepTemporaryFilesInMemory(process.env);
const { DATABASE_URL: _ignored, ...ownDatabaseEnv } = process.env;

/** A thousand seeds of the ledger's simulation, shared out: the first on 18, the rest on 15. */
const SEEDS_ON_POSTGRES_18 = 800;
const SEEDS_ON_POSTGRES_15 = 200;

/**
 * What asks nothing of the PostgreSQL it is given, or proves what becomes of processes and sockets rather than of SQL: found once, it is found. `npm test` with
 * DATABASE_URL runs these too; here they would take the second suite past a quarter of an hour.
 */
const ALIKE_ON_EVERY_POSTGRES = [
  ...['scripts', 'sdk', 'src/contracts', 'src/database/embedded', 'src/ledger/core', 'src/network', 'src/primitives'],
  ...['src/providers', 'tests/architecture', 'tests/chaos'],
].map((folder) => `${folder}/**`);
const ALIKE_FILES = [
  'src/ledger/store/memory-store.test.ts',
  'src/ledger/store/simulator/simulator-memory.test.ts',
  'src/server/compose/compose-outside.test.ts',
  'src/server/lifecycle/start-embedded.test.ts',
  'tests/journeys/documents.test.ts',
  // What clients and vendors do to sockets and bytes.
  ...[
    'ai-sdk',
    'bad-bodies',
    'broken-answers',
    'framework-errors',
    'langchain',
    'long-answers',
    'openai-responses',
    'own-endpoint',
    'provider-refusals',
    'provider-usage',
    'raw-sockets',
    'readme-clients',
  ].map((name) => `tests/gateway/${name}.test.ts`),
];

/**
 * What asks the API in detail: on 15 its statements run in the matrix of every route and identity, in the journeys and in the domains' own tests. The details are the
 * server's, and the same on both.
 */
const DETAILS_OF_THE_API = [
  'src/server/api/**',
  'src/server/cli/**',
  'src/server/cli.test.ts',
  'src/server/lifecycle/shutdown.test.ts',
  'tests/isolation/quality-rows-*.test.ts',
];

const failedChecks = await runChecks({ root, only: [] });

console.log('\n# The suite on the embedded PostgreSQL 18');
const embedded = await runTests({
  root,
  args: [],
  env: { WEIR_SIMULATION_SEEDS: String(SEEDS_ON_POSTGRES_18), ...ownDatabaseEnv },
});
console.log(countsLine(embedded));

console.log('\n# The suite on PostgreSQL 15');
const oldest = await runOnPostgres15();
console.log(countsLine(oldest));

// A check that failed counts as a failure, so that the last line never says "0 failed" of a red run.
const total = addCounts([embedded, oldest, { passed: 0, failed: failedChecks.length }]);
// A long log is cut in the middle: what failed stands at its end.
for (const failure of [...embedded.failures, ...oldest.failures]) console.log(`\n${failure}`);
console.log(failedChecks.length === 0 ? '\nAll checks hold.' : `\nChecks that failed: ${failedChecks.join(', ')}`);
console.log(countsLine(total));
process.exitCode = total.failed === 0 ? 0 : 1;

async function runOnPostgres15(): Promise<TestOutcome> {
  try {
    const postgres = await startPostgres15(process.env);
    try {
      const seeds = {
        WEIR_SIMULATION_SEED: String(SEEDS_ON_POSTGRES_18),
        WEIR_SIMULATION_SEEDS: String(SEEDS_ON_POSTGRES_15),
      };
      const env = { ...seeds, ...ownDatabaseEnv, DATABASE_URL: postgres.url };
      const alike = [...ALIKE_ON_EVERY_POSTGRES, ...ALIKE_FILES, ...DETAILS_OF_THE_API];
      const args = alike.flatMap((pattern) => ['--exclude', pattern]);
      return await runTests({ root, args, env });
    } finally {
      await postgres.stop();
    }
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    return { passed: 0, failed: 1, failures: ['The suite on PostgreSQL 15 did not run.'] };
  }
}
