// Owns: the first thing every npm script runs: install what is missing, then run a file with the pinned Node.
//   node scripts/bootstrap.mjs [node options] <file> [arguments]
// Does not own: how installing (installation.mjs) and handing over (task.mjs) work.

import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureInstalled, findNode, SetUpError } from './installation.mjs';
import { runTask } from './task.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const log = (line) => process.stderr.write(`${line}\n`);

try {
  await ensureInstalled({ root, log });
  runTask({ root, node: findNode({ root }), args: process.argv.slice(2) });
} catch (error) {
  log(error instanceof SetUpError ? error.message : error.stack);
  process.exitCode = 1;
}
