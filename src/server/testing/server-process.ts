// Owns: the server and the command line as processes of their own, for tests that end and kill them. Not: what a test asks of them.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { type DemoFile, readDemoFile } from '../lifecycle/state-files.ts';

/** Variables of the test run that a server of a test must not see. */
const OWN_VARIABLES = ['DATABASE_URL', 'DATABASE_MIGRATION_URL', 'NODE_ENV', 'NODE_OPTIONS', 'PORT', 'HOST'];

/** The line in the log that says where it serves. */
const READY = /^\S+ info {2}ready {2}url=(\S+)/m;

/** A process of the server. */
export interface ServerProcess {
  readonly process: ChildProcess;
  readonly directory: string;
  /** Everything written to standard output and error so far. */
  output(): string;
  /** Resolves when it serves; rejects with its output when it ends before. */
  ready(): Promise<{ url: string; demo: DemoFile }>;
  /** Sends the signal and resolves with how the process ended. */
  end(signal: NodeJS.Signals): Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
}

/** What a command printed, and its exit code. */
export interface CommandResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Starts a server in `directory`, on a free port. */
export function startServerProcess(directory: string, environment: Record<string, string> = {}): ServerProcess {
  const child = spawnFile('main.ts', { directory, environment: { PORT: '0', ...environment }, args: [] });
  let output = '';
  const readers = new Set<() => void>();
  const collect = (chunk: Buffer): void => {
    output += chunk.toString();
    for (const reader of readers) reader();
  };
  child.stdout?.on('data', collect);
  child.stderr?.on('data', collect);
  const ended = once(child, 'close').then(([code, signal]) => ({
    code: code as number | null,
    signal: signal as NodeJS.Signals | null,
  }));

  return {
    process: child,
    directory,
    output: () => output,
    async ready() {
      const { promise, resolve } = Promise.withResolvers<string>();
      const look = (): void => {
        const url = READY.exec(output)?.[1];
        if (url !== undefined && (/Try it:\n\n.*\n/.test(output) || !output.includes('mode=development'))) resolve(url);
      };
      readers.add(look);
      look();
      const url = await Promise.race([
        promise,
        ended.then(() => {
          throw new Error(`the server ended before it was ready:\n${output}`);
        }),
      ]);
      readers.delete(look);
      const demo = await readDemoFile(join(directory, '.weir'));
      if (demo === null) throw new Error('there is no demo.json');
      return { url, demo };
    },
    async end(signal) {
      child.kill(signal);
      return ended;
    },
  };
}

/**
 * Starts a server below a shell, as npm does. `end` ends the shell alone; `output` is everything that the server wrote, complete when the server
 * has ended.
 */
export async function startUnderShell(
  directory: string,
  environment: Record<string, string>,
): Promise<{ url: string; end(): void; output: Promise<string> }> {
  const main = join(import.meta.dirname, '..', 'main.ts');
  // A second command keeps the shell from becoming the server.
  const shell = spawn('/bin/sh', ['-c', `"${process.execPath}" "${main}"; true`], {
    cwd: directory,
    env: { ...inheritedVariables(), PORT: '0', ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  const url = Promise.withResolvers<string>();
  shell.stdout.on('data', (chunk: Buffer) => {
    text += chunk.toString();
    const found = READY.exec(text)?.[1];
    if (found !== undefined) url.resolve(found);
  });
  const output = once(shell.stdout, 'close').then(() => text);
  return { url: await url.promise, end: () => shell.kill('SIGTERM'), output };
}

/** Runs the command line to its end. */
export async function runWeir(
  directory: string,
  args: readonly string[],
  environment: Record<string, string> = {},
): Promise<CommandResult> {
  const child = spawnFile('cli.ts', { directory, environment, args });
  let stdout = '';
  let stderr = '';
  child.stdout?.on('data', (chunk: Buffer) => {
    stdout += chunk.toString();
  });
  child.stderr?.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  const [code] = await once(child, 'close');
  return { code: code as number | null, stdout, stderr };
}

/** Runs one line in a shell, as a person pastes it. */
export async function runShell(line: string): Promise<string> {
  const child = spawn('/bin/sh', ['-c', line], { stdio: ['ignore', 'pipe', 'ignore'] });
  let stdout = '';
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString();
  });
  await once(child, 'close');
  return stdout;
}

function spawnFile(
  file: string,
  options: { directory: string; environment: Record<string, string>; args: readonly string[] },
): ChildProcess {
  return spawn(process.execPath, [join(import.meta.dirname, '..', file), ...options.args], {
    cwd: options.directory,
    env: { ...inheritedVariables(), ...options.environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

function inheritedVariables(): Record<string, string | undefined> {
  return Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) =>
        !OWN_VARIABLES.includes(name) && !/^(WEIR_|VITEST|npm_|OPENAI_|ANTHROPIC_|GOOGLE_|TOGETHER_)/.test(name),
    ),
  );
}
