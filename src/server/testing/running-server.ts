// Owns: a whole server within the test's process, over a database of the test file's own. Not: what a test asks of it.

import pg from 'pg';
import { createTestDatabase } from '../../database/testing/database.ts';
import { makeScratchDirectory } from '../../database/testing/scratch-directory.ts';
import { type Clock, systemClock } from '../../primitives/clock.ts';
import { createSystemRandom } from '../../primitives/random.ts';
import { untilNoonMs } from '../../primitives/testing/noon.ts';
import { startServer } from '../lifecycle/start.ts';
import type { DemoFile } from '../lifecycle/state-files.ts';
import { createLog } from '../logging/log.ts';
import { type Config, readConfig } from '../settings/config.ts';

/** A server and what is behind it. */
export interface TestServer {
  readonly url: string;
  readonly demo: DemoFile;
  readonly config: Config;
  /** Weir's folder. */
  readonly directory: string;
  /** Its own time. Milliseconds since the epoch. */
  nowMs(): number;
  /** What a process of its own needs to work on the same database. */
  readonly environment: Record<string, string>;
  /** Past every policy. */
  readonly owner: pg.Client;
  close(): Promise<void>;
}

/** What a test moves of a server. */
export interface TestServerOptions {
  /** How far its time is ahead, in milliseconds: the control plane's and the ledger's alike. Forward only; 0 at the start. */
  readonly aheadMs?: () => number;
}

/**
 * Begins at the next noon in UTC, so that no hour, day, week or month ends in the midst of a test. The database's own time stays behind: what calls leave lies
 * ahead of it, and is not added up before its time.
 */
export function fromNoon(): Required<TestServerOptions> {
  const noonMs = untilNoonMs(systemClock.nowMs());
  return { aheadMs: () => noonMs };
}

/** Starts one; close it in `afterAll`. */
export async function startTestServer(
  environment: Record<string, string> = {},
  { aheadMs = () => 0 }: TestServerOptions = {},
): Promise<TestServer> {
  const database = await createTestDatabase();
  const scratch = await makeScratchDirectory('weir-server-');
  const shared = {
    DATABASE_URL: database.url,
    DATABASE_MIGRATION_URL: database.ownerUrl,
    WEIR_DIRECTORY: scratch.path,
  };
  // Jobs run by the clock on the wall: a test that wants them says so.
  const config = readConfig({ ...shared, PORT: '0', WEIR_LOG_LEVEL: 'silent', WEIR_JOBS: 'off', ...environment });
  const { log, lines } = createLog(config);
  const clock: Clock = { ...systemClock, nowMs: () => systemClock.nowMs() + aheadMs() };
  const server = await startServer({ config, log, logLines: lines, clock, aheadMs, random: createSystemRandom() });
  if (server.demo === null) throw new Error('a test server has the demo world');
  const owner = new pg.Client({ connectionString: database.ownerUrl });
  await owner.connect();
  return {
    url: server.url,
    demo: server.demo.file,
    config,
    directory: scratch.path,
    nowMs: clock.nowMs,
    environment: shared,
    owner,
    async close() {
      await server.stop();
      await owner.end();
      await scratch.remove();
      await database.drop();
    },
  };
}
