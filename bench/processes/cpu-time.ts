// Owns: how much processor time processes have used, as Linux tells it. Not: elsewhere, where nothing is told.

import { readFile } from 'node:fs/promises';

/** USER_HZ: what /proc counts in, 100 a second on every Linux there is. */
const MS_PER_TICK = 10;
/** Places behind the program's name, which may hold spaces: utime and stime, then those of children that have ended. */
const OWN = [11, 12] as const;
const ENDED_CHILDREN = [13, 14] as const;

/** Milliseconds of processor time that the process has used, all its threads; null where /proc does not tell. */
export async function cpuTimeMs(pid: number): Promise<number | null> {
  const fields = await readStat(pid);
  return fields === null ? null : ticks(fields, OWN) * MS_PER_TICK;
}

/** The same of a process and everything below it, ended children included: Postgres with its backends. */
export async function treeCpuTimeMs(pid: number): Promise<number | null> {
  const fields = await readStat(pid);
  if (fields === null) return null;
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '');
  const below = await Promise.all(
    children
      .split(' ')
      .filter((child) => child !== '')
      .map((child) => treeCpuTimeMs(Number(child))),
  );
  const own = (ticks(fields, OWN) + ticks(fields, ENDED_CHILDREN)) * MS_PER_TICK;
  return below.reduce<number>((sum, childMs) => sum + (childMs ?? 0), own);
}

async function readStat(pid: number): Promise<string[] | null> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null);
  return stat === null ? null : stat.slice(stat.lastIndexOf(')') + 2).split(' ');
}

function ticks(fields: readonly string[], places: readonly number[]): number {
  return places.reduce((sum, place) => sum + Number(fields[place] ?? 0), 0);
}
