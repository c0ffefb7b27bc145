#!/usr/bin/env node
// Owns: the `weir` command: the CLI with the same set-up as every npm script.
// Does not own: the commands themselves (src/server/cli.ts).

import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const scripts = dirname(fileURLToPath(import.meta.url));
process.argv.splice(2, 0, join(dirname(scripts), 'src', 'server', 'cli.ts'));
await import('./bootstrap.mjs');
