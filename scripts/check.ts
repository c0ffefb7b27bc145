// Owns: `npm run check [step …]`: every check, or the named ones, each with its result.
// Does not own: the list of steps (check-steps.ts).

import { join } from 'node:path';
import { runChecks } from './check-run.ts';

const root = join(import.meta.dirname, '..');
const failed = await runChecks({ root, only: process.argv.slice(2) });
process.exitCode = failed.length === 0 ? 0 : 1;
