// Owns: what libraries print by themselves (`console`), as lines of the log: JSON like the others, on one line, without secrets. graphile-worker prints a trace of its
// own when a worker ends because the database is gone. Not: what our own parts log, or what a command of `weir` prints for people.

import { format } from 'node:util';
import type { Log } from './log.ts';

const LEVELS = { error: 'warn', trace: 'warn', warn: 'warn', log: 'info', info: 'info', debug: 'debug' } as const;
const DETAIL_LENGTH_MAX = 2_000;

/** From now on nothing that is said to this console is printed; all of it is logged. */
export function logConsole(target: Pick<Console, keyof typeof LEVELS>, log: Log): void {
  for (const [method, level] of Object.entries(LEVELS) as [keyof typeof LEVELS, (typeof LEVELS)[keyof typeof LEVELS]][])
    target[method] = (...values: unknown[]) => {
      const error = values.find((value) => value instanceof Error);
      const detail = format(...values.filter((value) => value !== error).map(plain)).slice(0, DETAIL_LENGTH_MAX);
      log[level]({ ...(detail !== '' && { detail }), ...(error && { error }) }, 'a library printed this');
    };
}

/** Of an object only what it is: with its fields goes whatever is in them, as the password of a connection. */
function plain(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  return value instanceof Error ? value.message : Object.prototype.toString.call(value);
}
