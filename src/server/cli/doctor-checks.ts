// Owns: what the doctor looks at on this machine: Node, the folder and its disk, the port. Not: the database (doctor-database.ts).

import { access, constants, stat, statfs } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { readServerFile } from '../lifecycle/state-files.ts';
import type { Config } from '../settings/config.ts';

/** One thing that was looked at, and what to do about it. */
export interface Finding {
  readonly subject: string;
  readonly state: 'ok' | 'warn' | 'fail';
  readonly detail: string;
  readonly remedy?: string;
}

const NODE_MAJOR = 24;
/** A day of a busy server's write-ahead log and events. */
const FREE_BYTES_LOW = 2 * 1024 ** 3;
/** PostgreSQL stops when the disk is full; calls are refused then. */
const FREE_BYTES_LEAST = 256 * 1024 ** 2;

/** Whether the Node that runs is one that Weir is made for. */
export function checkNode(version: string): Finding {
  const isFit = Number.parseInt(version, 10) >= NODE_MAJOR;
  return isFit
    ? { subject: 'node', state: 'ok', detail: version }
    : {
        subject: 'node',
        state: 'fail',
        detail: version,
        remedy: `Weir needs Node ${NODE_MAJOR}; run it by "npm run weir" or "npm start", which bring it`,
      };
}

/** Whether the folder can be written, is closed to others, and has room. */
export async function checkFolder(directory: string): Promise<Finding[]> {
  const path = resolve(directory);
  const there = await stat(path).catch(() => null);
  if (there === null) return [{ subject: 'folder', state: 'ok', detail: `${path} is made on the first start` }];
  const findings = [await checkWritable(path), await checkDisk(path)];
  const key = await stat(join(path, 'master.key')).catch(() => null);
  if (key !== null && (key.mode & 0o077) !== 0) {
    findings.push({
      subject: 'folder',
      state: 'fail',
      detail: 'others may read master.key',
      remedy: `chmod 600 ${join(path, 'master.key')}`,
    });
  }
  return findings;
}

async function checkWritable(path: string): Promise<Finding> {
  try {
    await access(path, constants.W_OK | constants.X_OK);
    return { subject: 'folder', state: 'ok', detail: path };
  } catch {
    return {
      subject: 'folder',
      state: 'fail',
      detail: `${path} can't be written`,
      remedy: 'give it to the user that runs Weir, or set WEIR_DIRECTORY',
    };
  }
}

async function checkDisk(path: string): Promise<Finding> {
  const { bavail, bsize } = await statfs(path);
  const free = bavail * bsize;
  const state = free < FREE_BYTES_LEAST ? 'fail' : free < FREE_BYTES_LOW ? 'warn' : 'ok';
  const detail = `${(free / 1024 ** 3).toFixed(1)} GiB free`;
  return {
    subject: 'disk',
    state,
    detail,
    ...(state === 'ok' ? {} : { remedy: 'make room: a full disk stops the ledger' }),
  };
}

/** The server of this folder, if one runs; else whether the port is free for one. */
export async function checkServing({
  host,
  port,
  directory,
}: Pick<Config, 'host' | 'port' | 'directory'>): Promise<Finding> {
  const server = await readServerFile(resolve(directory));
  const ready = server === null ? null : await askReady(server.url);
  if (server !== null && ready !== null) {
    const subject = 'server';
    return ready
      ? { subject, state: 'ok', detail: `ready on ${server.url}` }
      : { subject, state: 'warn', detail: `${server.url} is not ready`, remedy: `look at ${server.url}/readyz` };
  }
  const code = await tryToListen(host, port);
  if (code === null) return { subject: 'port', state: 'ok', detail: `${port} is free` };
  const remedy = 'stop what runs there, or set PORT';
  return { subject: 'port', state: 'warn', detail: `${port} can't be used (${code})`, remedy };
}

/** Null when one could listen there; else the error's code. */
async function tryToListen(host: string, port: number): Promise<string | null> {
  const server = createServer();
  const { promise, resolve: settle } = Promise.withResolvers<string | null>();
  server.once('error', (error: NodeJS.ErrnoException) => settle(error.code ?? 'unknown'));
  server.listen(port, host, () => server.close(() => settle(null)));
  return promise;
}

/** Null when nobody answers. */
async function askReady(url: string): Promise<boolean | null> {
  try {
    return (await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(3_000) })).ok;
  } catch {
    return null;
  }
}
