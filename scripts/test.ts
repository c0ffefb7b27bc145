// Owns: `npm test`: the suite once, with `N passed, N failed` as the last line.
// Does not own: the counting (test-report.ts).

import { join } from 'node:path';
import { keepTemporaryFilesInMemory } from './temporary-files.ts';
import { countsLine } from './test-report.ts';
import { runTests } from './test-run.ts';

keepTemporaryFilesInMemory(process.env);
const root = join(import.meta.dirname, '..');
const counts = await runTests({ root, args: process.argv.slice(2), env: process.env });
console.log(`\n${countsLine(counts)}`);
process.exitCode = counts.failed === 0 ? 0 : 1;
