/**
 * Owns: a process that runs an embedded PostgreSQL and nothing else, for tests that kill it. Prints its URL when ready.
 * Does not own: what happens after the kill (the tests).
 */
import { startEmbeddedPostgres } from '../embedded/embedded-postgres.ts';
import { silentLog } from '../log.ts';
import { THROW_AWAY_SETTINGS } from './scratch-directory.ts';

if (import.meta.main) {
  const directory = process.argv[2] ?? '';
  const postgres = await startEmbeddedPostgres({ directory, log: silentLog, settings: THROW_AWAY_SETTINGS });
  process.stdout.write(`${JSON.stringify({ ownerUrl: postgres.ownerUrl, pid: postgres.pid })}\n`);
  // Lives until it is killed: the test holds the other end of this input.
  process.stdin.resume();
}
