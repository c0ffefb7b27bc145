// Owns: running the test suite once and counting what passed and failed, whatever becomes of the runner.
// Does not own: which tests there are (vitest.config.ts) or what is printed last (test.ts, ci.ts).

import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { listFailures, type TestOutcome, tallyReport } from './test-report.ts';

export interface TestRunOptions {
  /** Folder of package.json. */
  readonly root: string;
  /** Arguments for Vitest: file filters, `--coverage`, … */
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
}

/**
 * Runs Vitest in a child process and counts its results. Never throws for a failing suite: a crash, a missing report
 * or a threshold not reached each count as one failure.
 */
export async function runTests({ root, args, env }: TestRunOptions): Promise<TestOutcome> {
  const folder = mkdtempSync(join(tmpdir(), 'weir-test-'));
  const report = join(folder, 'report.json');
  try {
    const exitCode = await runVitest({
      root,
      args: vitestArguments(args, report),
      env: { ...cacheFor(args, folder), ...env },
    });
    const read = readReport(report);
    return { ...tallyReport(read, exitCode), failures: listFailures(read) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * Servers and commands that tests start compile the same modules each time: what was compiled once is kept for the run. Not where coverage is counted, which it blurs.
 * https://nodejs.org/api/module.html#module-compile-cache
 */
function cacheFor(args: readonly string[], folder: string): NodeJS.ProcessEnv {
  return args.some((argument) => argument.startsWith('--coverage'))
    ? {}
    : { NODE_COMPILE_CACHE: join(folder, 'compiled') };
}

function vitestArguments(args: readonly string[], report: string): string[] {
  const choosesReporter = args.some((argument) => argument.startsWith('--reporter'));
  const shown = choosesReporter ? [] : ['--reporter=default'];
  return ['run', ...shown, '--reporter=json', `--outputFile.json=${report}`, ...args];
}

function runVitest({ root, args, env }: TestRunOptions): Promise<number> {
  return new Promise((resolve) => {
    const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
    const child = spawn(process.execPath, [vitest, ...args], {
      cwd: root,
      env,
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    const stop = (signal: NodeJS.Signals): void => void child.kill(signal);
    process.on('SIGTERM', stop).on('SIGINT', stop);
    const end = (code: number): void => {
      process.off('SIGTERM', stop).off('SIGINT', stop);
      resolve(code);
    };
    child.once('error', () => end(1));
    child.once('close', (code) => end(code ?? 1));
  });
}

function readReport(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}
