// Owns: what the figures were measured on, in words. Not: the figures.

import { availableParallelism, cpus, loadavg, release, totalmem, type } from 'node:os';
import type { LoadTool } from './load/load-tool.ts';
import { hasCoreOfItsOwn } from './processes/last-core.ts';
import type { World } from './world/world.ts';

const BYTES_PER_GIB = 2 ** 30;
/** Somebody else is at work: more than this of one core, before anything was begun. */
const BUSY_LOAD = 0.5;

/** Lines that name the machine and what ran on it, with what makes the figures doubtful. */
export async function describeMachine(
  tool: LoadTool,
  { owner, isInMemory }: World,
  loadBefore: number,
): Promise<string[]> {
  const model = cpus()[0]?.model ?? 'unknown processor';
  const memory = (totalmem() / BYTES_PER_GIB).toFixed(0);
  const { rows } = await owner.query<{ version: string }>("select current_setting('server_version') as version");
  const lines = [
    `Weir benchmark: ${availableParallelism()} cores of ${model}, ${memory} GiB, ${type()} ${release()}`,
    `Node ${process.version}, PostgreSQL ${rows[0]?.version ?? 'unknown'} with fsync, load by ${tool.name}; ${hasCoreOfItsOwn ? 'load and mock on the last core, which the others share' : 'all on the same cores'}`,
  ];
  if (isInMemory) lines.push('DOUBTFUL: the database lies in memory, where nothing is flushed to a disk (set TMPDIR)');
  if (loadBefore > BUSY_LOAD) lines.push(`DOUBTFUL: the machine was busy before (load ${loadBefore.toFixed(1)})`);
  return lines;
}

/** How busy the machine was in the last minute. */
export function readLoad(): number {
  return loadavg()[0] ?? 0;
}
