// Owns: making a backup: one moment of the whole database into one file that has its name only when it is complete and read back. Not: when (src/jobs), or how long
// it is kept (backup-folder.ts).

import { createHash } from 'node:crypto';
import { access, type FileHandle, mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type pg from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import { copyOut, listPartitions, listSequences, listTables } from './backup-catalogue.ts';
import { BackupError, encodeFrame, FIRST_LINE, type FrameKind, lastLine } from './backup-file.ts';
import type { BackupFoot, BackupHead } from './manifest.ts';
import { inOwnerTransaction } from './owner-transaction.ts';
import { type BackupContent, checkBackup, countRows } from './read-backup.ts';

/** What is behind the name of a file that is not complete. */
export const DRAFT_ENDING = '.draft';
const OWNER_ONLY = 0o600;
const ROWS_BYTES = 65_536;

/**
 * Writes a backup to `path`, reads it back and only then gives it its name. Throws `BackupError` when the file exists or does not read back, and what PostgreSQL
 * or the disk say; nothing is left then. `url` of the login that migrates; `nowMs` since the epoch.
 */
export async function writeBackup(options: {
  readonly url: string;
  readonly path: string;
  readonly masterKeyId: string | null;
  readonly nowMs: number;
}): Promise<BackupContent> {
  const { url, path } = options;
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await assertFree(path);
  const draft = `${path}${DRAFT_ENDING}`;
  const handle = await openDraft(draft);
  try {
    await inOwnerTransaction({ url, mode: 'read only', applicationName: 'weir backup' }, async (client) => {
      const head = await readHead(client, options);
      await writeFrames(handle, framesOf(client, head));
    }).finally(() => handle.close());
    const content = await checkBackup(draft);
    await rename(draft, path);
    await syncFolder(dirname(path));
    return content;
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}

async function assertFree(path: string): Promise<void> {
  const isFree = await access(path).then(
    () => false,
    () => true,
  );
  if (!isFree) throw new BackupError(`${path} is there already; a backup never replaces a file`);
}

/** Whoever makes it writes it, and nobody else. */
async function openDraft(draft: string): Promise<FileHandle> {
  return open(draft, 'wx', OWNER_ONLY).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
    throw new BackupError(`${draft} is being written, or is left from a backup that was interrupted: then remove it`);
  });
}

async function readHead(
  client: pg.Client,
  { masterKeyId, nowMs }: { readonly masterKeyId: string | null; readonly nowMs: number },
): Promise<BackupHead> {
  const { rows: migrations } = await client.query<{ name: string; hash: string }>(
    'select name, hash from weir_meta.migrations order by sequence',
  );
  const { rows: servers } = await client.query<{ version: string }>(
    `select current_setting('server_version') as version`,
  );
  await client.query('set local role weir_owner');
  const tables = (await listTables(client)).filter(({ isOmitted }) => !isOmitted);
  return {
    ...{ takenAt: new Date(nowMs).toISOString(), postgres: servers[0]?.version ?? '', masterKeyId, migrations },
    tables: tables.map(({ name, columns }) => ({ name, columns })),
    partitions: await listPartitions(client),
  };
}

async function* framesOf(client: pg.Client, head: BackupHead): AsyncGenerator<Buffer> {
  yield json('head', head);
  const counts: Record<string, number> = {};
  for (const table of head.tables) {
    yield json('table', table);
    let rows = 0;
    for await (const chunk of inPieces(client.query(copyTo(copyOut(table))))) {
      rows += countRows(chunk);
      yield encodeFrame('rows', chunk);
    }
    yield json('end', { rows });
    counts[table.name] = rows;
  }
  const foot: BackupFoot = { rows: counts, sequences: await listSequences(client) };
  yield json('foot', foot);
}

const json = (kind: FrameKind, value: unknown): Buffer => encodeFrame(kind, Buffer.from(JSON.stringify(value)));

/** Rows come one by one; a frame for each would cost more than the row. */
async function* inPieces(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let pieces: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of source) {
    pieces.push(chunk);
    bytes += chunk.length;
    if (bytes < ROWS_BYTES) continue;
    yield Buffer.concat(pieces);
    pieces = [];
    bytes = 0;
  }
  if (bytes > 0) yield Buffer.concat(pieces);
}

/** Each step waits for the next: what the disk does not take is not read from the database. On disk when this resolves. */
async function writeFrames(handle: FileHandle, frames: AsyncIterable<Buffer>): Promise<void> {
  const hash = createHash('sha256');
  const write = async (chunk: Buffer): Promise<void> => {
    hash.update(chunk);
    await handle.writeFile(chunk);
  };
  await write(FIRST_LINE);
  await pipeline(Readable.from(frames), createGzip(), async (source: AsyncIterable<Buffer>) => {
    for await (const chunk of source) await write(chunk);
  });
  await handle.writeFile(lastLine(hash.digest('hex')));
  await handle.sync();
}

/** The name is on disk as well. Windows keeps names by itself. */
async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const folder = await open(path);
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
