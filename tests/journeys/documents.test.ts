// Proves: that what README and guides tell a newcomer to type works, word for word, on a fresh server.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestServer, type TestServer } from '../../src/server/testing/running-server.ts';
import { runShell } from '../../src/server/testing/server-process.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
/** A guide is many processes one after another; a busy machine must not make it fail. */
const PATIENCE_MS = 120_000;
let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

/** The shell blocks below a document's heading; of all of it without one. */
function blocksOf(document: string, heading?: string): string[] {
  const text = readFileSync(join(ROOT, document), 'utf8');
  const part = heading === undefined ? text : (text.split(/^## /m).find((each) => each.startsWith(heading)) ?? '');
  return [...part.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, block]) => block ?? '');
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

it.each([
  ['README.md', 'People and administration', 4],
  ['docs/guides/people.md', undefined, 20],
])('%s', { timeout: PATIENCE_MS }, async (document, heading, commandsMin) => {
  const script = blocksOf(document, heading).map(adapted).join('\n');
  expect(script.split('\n').length).toBeGreaterThan(commandsMin);
  // Stops at the first command that fails, and says how far it came.
  const output = await runShell(`set -e\ncd '${server.directory}'\n${script}\necho; echo "came to the end"`);
  expect(output).toMatch(/came to the end\n$/);
  expect(output.match(/.*"type":"\/problems\/.*|.*"error":\{.*/g)).toBeNull();
});
