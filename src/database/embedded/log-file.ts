/**
 * Owns: the file PostgreSQL writes its messages to, and that it stays small. Does not own: what is written there.
 *
 * PostgreSQL holds the file itself rather than a pipe to us: a busy or stopped server must never make it wait.
 */
import { copyFile, type FileHandle, open } from 'node:fs/promises';

/** Past this the file is copied to `<path>.1` (whose earlier content goes) and emptied. */
const LOG_FILE_BYTES_MAX = 8 * 1024 * 1024;

const CHECK_EVERY_MS = 60_000;

/** How much of the end is read to explain a failed start. */
const TAIL_BYTES = 2_000;

export interface LogFile {
  /** For the child's standard output and error. */
  fd: number;
  /** The last lines written since opening. */
  tail(): Promise<string>;
  close(): Promise<void>;
}

/** Opens the log for appending (mode 600) and keeps it bounded until closed. */
export async function openLogFile(path: string): Promise<LogFile> {
  const handle = await open(path, 'a+', 0o600);
  await rotate(handle, path);
  const openedAt = (await handle.stat()).size;
  const timer = setInterval(() => void rotate(handle, path).catch(() => {}), CHECK_EVERY_MS);
  timer.unref();
  return {
    fd: handle.fd,
    tail: () => readTail(handle, openedAt),
    close: async () => {
      clearInterval(timer);
      await handle.close();
    },
  };
}

/** Writers append, so emptying the file under them leaves no hole. */
async function rotate(handle: FileHandle, path: string): Promise<void> {
  if ((await handle.stat()).size <= LOG_FILE_BYTES_MAX) return;
  await copyFile(path, `${path}.1`);
  await handle.truncate(0);
}

async function readTail(handle: FileHandle, openedAt: number): Promise<string> {
  const { size } = await handle.stat();
  const from = Math.max(Math.min(openedAt, size), size - TAIL_BYTES);
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(TAIL_BYTES), 0, TAIL_BYTES, from);
  return buffer.toString('utf8', 0, bytesRead).trim();
}
