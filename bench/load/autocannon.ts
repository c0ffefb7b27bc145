// Owns: running autocannon and reading what it says, where there is no wrk. Not: choosing between them (load-tool.ts).

import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { onLastCore } from '../processes/last-core.ts';
import { CALL_BODY, CALL_PATH, type LoadTarget } from './bench-call.ts';
import type { LoadOptions, LoadResult } from './load-result.ts';

/** The part of autocannon's JSON that is read. Latency in milliseconds, duration in seconds. */
interface AutocannonReport {
  readonly '2xx': number;
  readonly non2xx: number;
  readonly errors: number;
  readonly duration: number;
  readonly latency: { readonly p50: number; readonly p99: number };
}

/** In a process of its own, with the target's first key. Throws when it fails. */
export async function runAutocannon(target: LoadTarget, { connections, seconds }: LoadOptions): Promise<LoadResult> {
  const program = fileURLToPath(import.meta.resolve('autocannon'));
  const all = { ...target.headers, 'content-type': 'application/json', authorization: `Bearer ${target.keys[0]}` };
  const headers = Object.entries(all).flatMap(([name, value]) => ['-H', `${name}=${value}`]);
  const shape = ['-c', String(connections), '-d', String(seconds), '-m', 'POST', '-b', CALL_BODY];
  const words = [process.execPath, program, '--json', '--no-progress', ...shape, ...headers, target.url + CALL_PATH];
  const [command = '', ...args] = onLastCore(words);
  const { stdout } = await promisify(execFile)(command, args);
  const report = JSON.parse(stdout) as AutocannonReport;
  return {
    answers: report['2xx'],
    failures: report.non2xx + report.errors,
    answersPerSecond: report['2xx'] / report.duration,
    latencyMsP50: report.latency.p50,
    latencyMsP99: report.latency.p99,
  };
}
