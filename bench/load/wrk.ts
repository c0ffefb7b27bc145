// Owns: running wrk and reading what it says. Not: the calls it makes (wrk-calls.lua).

import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { onLastCore } from '../processes/last-core.ts';
import { CALL_BODY, CALL_PATH, type LoadTarget } from './bench-call.ts';
import type { LoadOptions, LoadResult } from './load-result.ts';

/** What wrk-calls.lua prints: times in microseconds. */
interface WrkReport {
  readonly requests: number;
  readonly durationUs: number;
  readonly notOk: number;
  readonly broken: number;
  readonly latencyUsP50: number;
  readonly latencyUsP99: number;
}

const MARK = 'bench-result ';
const US_PER_MS = 1_000;
const US_PER_SECOND = 1_000_000;

/** One thread is enough for more calls than one core answers. Throws when wrk fails. */
export async function runWrk(target: LoadTarget, { connections, seconds }: LoadOptions): Promise<LoadResult> {
  const headers = Object.entries(target.headers).flatMap(([name, value]) => ['-H', `${name}: ${value}`]);
  const script = join(import.meta.dirname, 'wrk-calls.lua');
  const words = ['wrk', '-t1', `-c${connections}`, `-d${seconds}s`, '-s', script, ...headers, target.url + CALL_PATH];
  const [program = '', ...args] = onLastCore(words);
  const { stdout } = await promisify(execFile)(program, args, {
    env: { PATH: process.env.PATH, BENCH_BODY: CALL_BODY, BENCH_KEYS: target.keys.join(',') },
  });
  const line = stdout.split('\n').find((text) => text.startsWith(MARK));
  if (line === undefined) throw new Error(`wrk said nothing that can be read:\n${stdout}`);
  const report = JSON.parse(line.slice(MARK.length)) as WrkReport;
  const answers = report.requests - report.notOk;
  return {
    answers,
    failures: report.notOk + report.broken,
    answersPerSecond: (answers * US_PER_SECOND) / report.durationUs,
    latencyMsP50: report.latencyUsP50 / US_PER_MS,
    latencyMsP99: report.latencyUsP99 / US_PER_MS,
  };
}
