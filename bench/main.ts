// Owns: running the benchmark as a process, or as one of the processes that it starts. The only file here that acts. Not: the rows.

import { runRole } from './processes/role.ts';
import { runBench } from './run.ts';

if (import.meta.main) {
  const [command, role = '', options = ''] = process.argv.slice(2);
  if (command === 'process') await runRole(role, options);
  else await runBench(process.argv.slice(2));
}
