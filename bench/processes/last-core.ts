// Owns: keeping load and mock on the machine's last core: they run beside what is measured, not in its place. Not: what is measured, which may use every core.

import { execFileSync, spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';

const LAST_CORE = String(availableParallelism() - 1);

/** Whether it is done here: with Linux's `taskset`, where there is another core, and where this one may be used (a container may be kept to others). */
export const hasCoreOfItsOwn: boolean =
  LAST_CORE !== '0' && spawnSync('taskset', ['--cpu-list', LAST_CORE, 'true']).status === 0;

/** A command as it is run on the last core, where that is done. */
export function onLastCore(command: readonly string[]): readonly string[] {
  return hasCoreOfItsOwn ? ['taskset', '--cpu-list', LAST_CORE, ...command] : command;
}

/** Keeps a running process there with all its threads. Throws what `taskset` says. */
export function keepOnLastCore(pid: number): void {
  if (hasCoreOfItsOwn) execFileSync('taskset', ['--all-tasks', '--cpu-list', '--pid', LAST_CORE, String(pid)]);
}
