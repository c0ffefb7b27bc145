// Owns: a process beside the benchmark: started, its output kept in a file, ended for certain. Not: what it runs, or when it is ready to serve.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { keepOnLastCore } from './last-core.ts';
import type { RoleReady } from './role.ts';

/** A process that serves. */
export interface ServingProcess {
  readonly name: string;
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  readonly pid: number;
}

/** A process that was started. */
export interface StartedProcess {
  readonly process: ChildProcess;
  readonly pid: number;
  /** Resolves to why it ended, with the end of what it printed. */
  readonly ended: Promise<string>;
}

/** How a process is started. */
export interface ProcessOptions {
  readonly name: string;
  readonly args: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** Where `<name>.log` is written. */
  readonly directory: string;
  readonly stops: AsyncDisposableStack;
  /** Whether its standard output is read by us rather than written to the file. */
  readonly isRead?: boolean;
}

/** A server lets its calls end and closes its database connections; more than this is stuck. */
const STOP_PATIENCE_MS = 20_000;
const TAIL_CHARACTERS = 2_000;

/** Starts Node with `args`. Nothing is inherited of the environment but where programs are. Throws when all is ending already. */
export function startProcess(options: ProcessOptions): StartedProcess {
  if (options.stops.disposed) throw new Error('the benchmark is ending');
  const path = join(options.directory, `${options.name}.log`);
  const file = openSync(path, 'a', 0o600);
  const child = spawn(process.execPath, options.args, {
    cwd: options.directory,
    env: { PATH: process.env.PATH, NODE_ENV: 'production', ...options.environment },
    stdio: ['pipe', options.isRead === true ? 'pipe' : file, file],
  });
  closeSync(file);
  const exit = once(child, 'exit');
  options.stops.defer(() => endProcess(child, exit));
  return {
    process: child,
    pid: child.pid ?? 0,
    ended: exit.then(async ([code, signal]) => {
      const output = await readFile(path, 'utf8').catch(() => '');
      return `${options.name} ended (${code ?? signal}):\n${output.slice(-TAIL_CHARACTERS)}`;
    }),
  };
}

async function endProcess(child: ChildProcess, exit: Promise<unknown>): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_PATIENCE_MS);
  await exit;
  clearTimeout(timer);
}

/** Starts this benchmark again as one of its roles, and gives it once it serves. */
export async function startRole(
  role: string,
  options: string,
  { directory, stops }: { directory: string; stops: AsyncDisposableStack },
): Promise<ServingProcess> {
  const main = join(import.meta.dirname, '..', 'main.ts');
  const args = [main, 'process', role, options];
  const started = startProcess({ name: role, args, directory, stops, isRead: true });
  const { stdout } = started.process;
  if (stdout === null) throw new Error('the output of a role is read');
  const lines = createInterface({ input: stdout });
  const line = await orEnded(
    started,
    once(lines, 'line').then(([text]) => String(text)),
  );
  if (role === 'mock-upstream') keepOnLastCore(started.pid);
  return { name: role, pid: started.pid, url: (JSON.parse(line) as RoleReady).url };
}

/** What is awaited, or a rejection when the process ends before. */
function orEnded<T>(started: StartedProcess, awaited: Promise<T>): Promise<T> {
  const failed = started.ended.then((why) => {
    throw new Error(why);
  });
  return Promise.race([awaited, failed]);
}
