// Proves: that what README and guides tell a newcomer to type works, word for word, on a fresh server.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { startTestServer, type TestServer } from '../../src/server/testing/running-server.ts';
import { runShell } from '../../src/server/testing/server-process.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
/** A guide is many processes one after another; a busy machine must not make it fail. */
const PATIENCE_MS = 120_000;
let server: TestServer;
// One each: a person types one guide, and all of them at once sign in more often in a minute than one address may.
beforeEach(async () => {
  server = await startTestServer();
});
afterEach(() => server.close());

/** The shell blocks below a document's headings; of all of it without any. */
function blocksOf(document: string, headings: readonly string[]): string[] {
  const parts = readFileSync(join(ROOT, document), 'utf8').split(/^## /m);
  const wanted = parts.filter((part) => headings.length === 0 || headings.some((heading) => part.startsWith(heading)));
  return [...wanted.join('').matchAll(/```sh\n([\s\S]*?)```/g)].map(([, block]) => block ?? '');
}

/** The same on the test's server: its address, its folder, and the command without npm. */
function adapted(block: string): string {
  const settings = Object.entries(server.environment).map(([name, value]) => `${name}='${value}'`);
  const weir = `env ${settings.join(' ')} '${process.execPath}' '${join(ROOT, 'src/server/cli.ts')}'`;
  return block
    .replaceAll('http://localhost:8787', server.url)
    .replaceAll(/(?:\.\/)?\.weir\//g, `${server.directory}/`)
    .replaceAll('npm run -s weir --', weir);
}

it.each<[string, readonly string[], number]>([
  ['README.md', ['People and administration', 'Who may use what'], 6],
  ['docs/guides/people.md', [], 20],
  ['docs/guides/governance.md', [], 40],
])('%s', { timeout: PATIENCE_MS }, async (document, headings, commandsMin) => {
  const script = blocksOf(document, headings).map(adapted).join('\n');
  expect(script.split('\n').length).toBeGreaterThan(commandsMin);
  // Stops at the first command that fails, and says how far it came.
  const output = await runShell(`set -e\ncd '${server.directory}'\n${script}\necho; echo "came to the end"`);
  expect(output).toMatch(/came to the end\n$/);
  expect(output.match(/.*"type":"\/problems\/.*|.*"error":\{.*/g)).toBeNull();
});
