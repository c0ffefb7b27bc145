// Owns: reading a backup in the order of its parts, and whether it is whole: checksum, parts, counts of rows. Not: loading it (restore-backup.ts).

import type { z } from 'zod';
import { BackupError, checkSum, type Frame, readFrames } from './backup-file.ts';
import { type BackupFoot, type BackupHead, type BackupTable, endSchema, footSchema, headSchema } from './manifest.ts';

/** What a backup says of itself, and how large it is. */
export interface BackupContent {
  readonly head: BackupHead;
  readonly foot: BackupFoot;
  readonly bytes: number;
  /** Of all tables. */
  readonly rows: number;
}

const LINE_END = 0x0a;

/** Rows in COPY's text: a line each, line ends within values are written otherwise. */
export function countRows(chunk: Buffer): number {
  let count = 0;
  for (let at = chunk.indexOf(LINE_END); at !== -1; at = chunk.indexOf(LINE_END, at + 1)) count += 1;
  return count;
}

/** Reads all of it and throws `BackupError` unless it is complete and as it was written. Changes nothing anywhere. */
export async function checkBackup(path: string): Promise<BackupContent> {
  const { bytes } = await checkSum(path);
  const { head, foot } = await readBackup(path, async (_table, rows) => {
    for await (const _chunk of rows);
  });
  return { head, foot, bytes, rows: Object.values(foot.rows).reduce((sum, count) => sum + count, 0) };
}

/** Hands each table with its rows, as COPY's text, to `onTable`, which reads them to the end. Throws `BackupError` where parts or counts are not right. */
export async function readBackup(
  path: string,
  onTable: (table: BackupTable, rows: AsyncIterable<Buffer>) => Promise<void>,
): Promise<{ readonly head: BackupHead; readonly foot: BackupFoot }> {
  const frames = readFrames(path);
  try {
    const next = async (): Promise<Frame> => {
      const { value, done } = await frames.next();
      if (done === true) throw new BackupError(`${path} is cut off`);
      return value;
    };
    const head = parse(headSchema, await next(), 'head');
    const counts: Record<string, number> = {};
    for (const table of head.tables) {
      const announced = await next();
      if (announced.kind !== 'table' || (JSON.parse(announced.payload.toString()) as BackupTable).name !== table.name)
        throw new BackupError(`${path} lacks the table ${table.name}`);
      counts[table.name] = 0;
      let end: Frame | undefined;
      const rows = async function* (): AsyncGenerator<Buffer> {
        for (;;) {
          const frame = await next();
          if (frame.kind !== 'rows') {
            end = frame;
            return;
          }
          counts[table.name] = (counts[table.name] ?? 0) + countRows(frame.payload);
          yield frame.payload;
        }
      };
      await onTable(table, rows());
      if (end === undefined || parse(endSchema, end, 'end').rows !== counts[table.name])
        throw new BackupError(`${path} does not hold all rows of ${table.name}`);
    }
    const foot = parse(footSchema, await next(), 'foot');
    for (const { name } of head.tables)
      if (foot.rows[name] !== counts[name]) throw new BackupError(`${path} does not hold all rows of ${name}`);
    return { head, foot };
  } finally {
    await frames.return(undefined);
  }
}

function parse<T>(schema: z.ZodType<T>, frame: Frame, kind: Frame['kind']): T {
  if (frame.kind !== kind) throw new BackupError(`a backup's parts are not in order: ${frame.kind} instead of ${kind}`);
  const parsed = schema.safeParse(JSON.parse(frame.payload.toString()));
  if (!parsed.success) throw new BackupError(`the ${kind} of the backup is not one that this Weir knows`);
  return parsed.data;
}
