// Owns: whose a journal segment is, written into its name, and whether that process still runs. Not: what is in it.

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import type { Random } from '../../primitives/random.ts';
import { SEGMENT_ABANDONED_MS } from './limits.ts';

/** Who writes a segment, and for which ledger. */
export interface SegmentOwner {
  /** First bytes of the SHA-256 of the ledger's id, in hex: counters have numbers of their own in every database. */
  readonly ledger: string;
  readonly host: string;
  readonly pid: number;
  /** When the process started, in the kernel's ticks; tells two processes of one number apart. 0 where it can't be known. */
  readonly startTicks: number;
}

/** A segment as its name tells. */
export interface SegmentName extends SegmentOwner {
  readonly file: string;
}

const NAME = /^settlements-([0-9a-f]{8})-([0-9a-f]{8})-(\d{1,10})-(\d{1,20})-[0-9a-f]{12}\.jsonl$/;

/** This process (or another of this host), writing for the given ledger. */
export function currentOwner(ledgerId: string, pid = process.pid): SegmentOwner {
  return {
    ledger: fingerprint(ledgerId),
    host: fingerprint(hostname()),
    pid,
    startTicks: startTicksOf(pid) ?? 0,
  };
}

/** A name for one more segment. */
export function createSegmentName({ ledger, host, pid, startTicks }: SegmentOwner, random: Random): string {
  return `settlements-${ledger}-${host}-${pid}-${startTicks}-${Buffer.from(random.bytes(6)).toString('hex')}.jsonl`;
}

/** What a file name says; null for a file that is no segment. */
export function parseSegmentName(file: string): SegmentName | null {
  const match = NAME.exec(file);
  if (!match) return null;
  const [, ledger = '', host = '', pid, startTicks] = match;
  return { file, ledger, host, pid: Number(pid), startTicks: Number(startTicks) };
}

/**
 * Whether nobody writes to the segment any more. A process of this host is looked up; elsewhere, or where the kernel does not say when a process
 * started, a segment counts as left behind once it has been quiet long enough.
 */
export function isLeftBehind(segment: SegmentOwner, self: SegmentOwner, quietMs: number): boolean {
  const isQuiet = quietMs >= SEGMENT_ABANDONED_MS;
  if (segment.host !== self.host) return isQuiet;
  if (segment.pid === self.pid && segment.startTicks === self.startTicks) return false;
  if (self.startTicks > 0) return startTicksOf(segment.pid) !== segment.startTicks;
  return !isRunning(segment.pid) || isQuiet;
}

/** Start of a running process; null when there is none of that number. Linux only: field 22 of proc_pid_stat(5). */
function startTicksOf(pid: number): number | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field is the command in brackets, which may hold anything; the third is the state.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const isEnded = fields[0] === 'Z' || fields[0] === 'X';
    return isEnded ? null : Number(fields[19]);
  } catch {
    return null;
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it runs, as somebody else.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function fingerprint(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8);
}
