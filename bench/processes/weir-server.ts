// Owns: the real server as a process of its own over the benchmark's database, in production mode with everything on. Not: its database (world/).

import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { readServerFile } from '../../src/server/lifecycle/state-files.ts';
import { type ServingProcess, type StartedProcess, startProcess } from './child-process.ts';
import { UPSTREAM_KEY } from './mock-upstream.ts';

/** What the server is given. */
export interface WeirServerOptions {
  readonly directory: string;
  readonly stops: AsyncDisposableStack;
  readonly database: { readonly url: string; readonly ownerUrl: string };
  /** `http://127.0.0.1:<port>` of the mock. */
  readonly upstream: string;
}

const POLL_MS = 50;

/** Starts it and gives it once it is ready. Its log goes to a file at the default level, a line a call. */
export async function startWeirServer(options: WeirServerOptions): Promise<ServingProcess> {
  const { database, upstream } = options;
  const directory = join(options.directory, 'weir');
  const started = startProcess({
    name: 'weir',
    // As `npm start` does.
    args: ['--expose-gc', fileURLToPath(import.meta.resolve('../../src/server/main.ts'))],
    directory: options.directory,
    stops: options.stops,
    environment: {
      WEIR_MODE: 'production',
      WEIR_DIRECTORY: directory,
      WEIR_MASTER_KEY: randomBytes(32).toString('base64'),
      WEIR_DRAIN_DELAY_MS: '0',
      PORT: '0',
      DATABASE_URL: database.url,
      DATABASE_MIGRATION_URL: database.ownerUrl,
      OPENAI_API_KEY: UPSTREAM_KEY,
      OPENAI_BASE_URL: `${upstream}/v1`,
    },
  });
  const url = await untilServing(directory, started);
  return { name: 'weir', url, pid: started.pid };
}

/** The server file is written when it listens. */
async function untilServing(directory: string, { process: server, ended }: StartedProcess): Promise<string> {
  while (server.exitCode === null && server.signalCode === null) {
    const file = await readServerFile(directory);
    // By address: which of its addresses `localhost` means is the resolver's choice.
    if (file !== null) return file.url.replace('localhost', '127.0.0.1');
    await delay(POLL_MS);
  }
  throw new Error(await ended);
}
