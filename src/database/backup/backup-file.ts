// Owns: the form of a backup file: a first line, compressed frames, a checksum over all of it as the last line. Not: what is in the frames (write-backup.ts,
// read-backup.ts).

import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';

/** Why a backup can't be made, read or restored, for people; the message says what to do. */
export class BackupError extends Error {
  override readonly name = 'BackupError';
}

/** What a frame holds: the head, a table's name, some of its rows, the end of a table, the foot. */
export type FrameKind = 'head' | 'table' | 'rows' | 'end' | 'foot';

/** A piece of a backup. */
export interface Frame {
  readonly kind: FrameKind;
  readonly payload: Buffer;
}

export const FIRST_LINE = Buffer.from('weir backup 1\n');
const KINDS: readonly FrameKind[] = ['head', 'table', 'rows', 'end', 'foot'];
const HEADER_BYTES = 5;
const CHUNK_BYTES = 262_144;
const LAST_LINE = /^\nsha256 ([0-9a-f]{64})\n$/;
const LAST_LINE_BYTES = 73;

/** A frame as bytes: kind 1, length 4, payload. */
export function encodeFrame(kind: FrameKind, payload: Buffer): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUInt8(KINDS.indexOf(kind));
  header.writeUInt32BE(payload.length, 1);
  return Buffer.concat([header, payload]);
}

/** The line that ends a file. */
export function lastLine(sha256: string): Buffer {
  return Buffer.from(`\nsha256 ${sha256}\n`);
}

/** Reads the file once and throws `BackupError` unless it is whole and as it was written. Nothing of it is interpreted before. */
export async function checkSum(path: string): Promise<{ readonly bytes: number }> {
  const { bytes, sum } = await readEnds(path);
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path, { end: bytes - LAST_LINE_BYTES - 1, highWaterMark: CHUNK_BYTES }))
    hash.update(chunk as Buffer);
  if (hash.digest('hex') !== sum) throw new BackupError(`${path} is not what was written: its checksum differs`);
  return { bytes };
}

/** The frames, one after the other, never the whole file in memory. Throws `BackupError` where the last one is cut off. */
export async function* readFrames(path: string): AsyncGenerator<Frame> {
  const { bytes } = await readEnds(path);
  const file = createReadStream(path, { start: FIRST_LINE.length, end: bytes - LAST_LINE_BYTES - 1 });
  // A fault of the file is handed on to whoever reads.
  const content = pipeline(file, createGunzip({ chunkSize: CHUNK_BYTES }), () => {});
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of content) {
    rest = rest.length === 0 ? (chunk as Buffer) : Buffer.concat([rest, chunk as Buffer]);
    let at = 0;
    while (rest.length - at >= HEADER_BYTES) {
      const end = at + HEADER_BYTES + rest.readUInt32BE(at + 1);
      const kind = KINDS[rest.readUInt8(at)];
      if (kind === undefined) throw new BackupError(`${path} holds what this Weir does not know`);
      if (end > rest.length) break;
      yield { kind, payload: rest.subarray(at + HEADER_BYTES, end) };
      at = end;
    }
    rest = rest.subarray(at);
  }
  if (rest.length > 0) throw new BackupError(`${path} is cut off`);
}

async function readEnds(path: string): Promise<{ readonly bytes: number; readonly sum: string }> {
  const handle = await open(path).catch((error: unknown) => {
    throw new BackupError(`${path} can't be read: ${error instanceof Error ? error.message : String(error)}`);
  });
  try {
    const { size } = await handle.stat();
    const first = await readAt(handle, 0, FIRST_LINE.length);
    if (!first.equals(FIRST_LINE)) throw new BackupError(`${path} is no backup of Weir, or one of another format`);
    const sum = LAST_LINE.exec((await readAt(handle, size - LAST_LINE_BYTES, LAST_LINE_BYTES)).toString('latin1'))?.[1];
    if (sum === undefined || size < FIRST_LINE.length + LAST_LINE_BYTES)
      throw new BackupError(`${path} is cut off: the checksum at its end is missing`);
    return { bytes: size, sum };
  } finally {
    await handle.close();
  }
}

async function readAt(handle: FileHandle, position: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, Math.max(0, position));
  return buffer.subarray(0, bytesRead);
}
