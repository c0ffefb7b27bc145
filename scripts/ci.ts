// Owns: `npm run ci`: the checks, the suite on the embedded PostgreSQL 18, the suite again on PostgreSQL 15.
// Does not own: installing PostgreSQL 15 (.ci/run).

import { join } from 'node:path';
import { runChecks } from './check-run.ts';
import { startPostgres15 } from './postgres-15.ts';
import { addCounts, countsLine, type TestCounts } from './test-report.ts';
import { runTests } from './test-run.ts';

const root = join(import.meta.dirname, '..');
const { DATABASE_URL: _ignored, ...ownDatabaseEnv } = process.env;

const failedChecks = await runChecks({ root, only: [] });

console.log('\n# The suite on the embedded PostgreSQL 18');
const embedded = await runTests({ root, args: [], env: ownDatabaseEnv });
console.log(countsLine(embedded));

console.log('\n# The suite on PostgreSQL 15');
const oldest = await runOnPostgres15();
console.log(countsLine(oldest));

const total = addCounts([embedded, oldest]);
console.log(failedChecks.length === 0 ? '\nAll checks hold.' : `\nChecks that failed: ${failedChecks.join(', ')}`);
console.log(countsLine(total));
process.exitCode = failedChecks.length === 0 && total.failed === 0 ? 0 : 1;

async function runOnPostgres15(): Promise<TestCounts> {
  try {
    const postgres = await startPostgres15(process.env);
    try {
      return await runTests({ root, args: [], env: { ...ownDatabaseEnv, DATABASE_URL: postgres.url } });
    } finally {
      await postgres.stop();
    }
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    return { passed: 0, failed: 1 };
  }
}
