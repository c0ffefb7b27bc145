// Owns: running one command with DATABASE_URL on a throw-away PostgreSQL 15, for contributors:
//   node scripts/bootstrap.mjs scripts/with-postgres-15.ts npm test -- src/database
// Does not own: the cluster itself (postgres-15.ts).

import { spawn } from 'node:child_process';
import { startPostgres15 } from './postgres-15.ts';

const [command, ...args] = process.argv.slice(2);
if (command === undefined) {
  console.error('usage: node scripts/bootstrap.mjs scripts/with-postgres-15.ts <command> [arguments]');
  process.exitCode = 2;
} else {
  const postgres = await startPostgres15(process.env);
  const child = spawn(command, args, { stdio: 'inherit', env: { ...process.env, DATABASE_URL: postgres.url } });
  const forward = (signal: NodeJS.Signals): void => void child.kill(signal);
  process.on('SIGINT', forward).on('SIGTERM', forward);
  process.exitCode = await new Promise<number>((resolve) => {
    child.once('error', () => resolve(127));
    child.once('close', (code) => resolve(code ?? 1));
  });
  await postgres.stop();
}
