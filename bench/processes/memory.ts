// Owns: how much memory a process takes, as Linux tells it. Not: elsewhere, where nothing is told.

import { readFile } from 'node:fs/promises';

const BYTES_PER_KIB = 1_024;

/** Bytes of the process that lie in memory, what it shares with others included; null where /proc does not tell. */
export async function residentBytes(pid: number): Promise<number | null> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const kib = /^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1];
  return kib === undefined ? null : Number(kib) * BYTES_PER_KIB;
}
