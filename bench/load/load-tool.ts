// Owns: making as many calls as a number of connections allow: with wrk where it is installed, else with autocannon. Not: what the figures mean.

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { runAutocannon } from './autocannon.ts';
import type { LoadTarget } from './bench-call.ts';
import type { LoadOptions, LoadResult } from './load-result.ts';
import { runWrk } from './wrk.ts';

/** A tool and how it is used. */
export interface LoadTool {
  readonly name: string;
  /** Whether it can call with more keys than one. */
  readonly takesManyKeys: boolean;
  run(target: LoadTarget, options: LoadOptions): Promise<LoadResult>;
}

/** The best tool on this machine. */
export async function findLoadTool(): Promise<LoadTool> {
  const version = await promisify(execFile)('wrk', ['--version']).then(
    () => null,
    // wrk prints its version and exits 1.
    (error: { code?: unknown; stdout?: string }) => (error.code === 'ENOENT' ? null : (error.stdout ?? '')),
  );
  if (version?.startsWith('wrk')) {
    return { name: version.split(' ').slice(0, 2).join(' '), takesManyKeys: true, run: runWrk };
  }
  return { name: 'autocannon', takesManyKeys: false, run: runAutocannon };
}
