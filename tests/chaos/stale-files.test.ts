// Proves: what a killed server and a killed PostgreSQL left in the folder, with ids that living strangers have by now, stops no start.

import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { processesIn } from '../../src/database/embedded/processes.ts';
import { readServerFile } from '../../src/server/lifecycle/state-files.ts';
import { sendChat } from '../../src/server/testing/calls.ts';
import { createFleet, type Fleet, type Seat } from '../support/server-fleet.ts';
import { until } from '../support/until.ts';

let fleet: Fleet;
let seat: Seat;
beforeAll(async () => {
  fleet = createFleet({});
  seat = await fleet.addSeat();
}, 120_000);
afterAll(() => fleet?.close(), 60_000);

/** Writes another process id in the place of the one in a file. */
async function replacePid(path: string, from: number, to: number): Promise<void> {
  const text = await readFile(path, 'utf8');
  expect(text).toContain(String(from));
  await writeFile(path, text.replace(String(from), String(to)));
}

test('a server starts over stale lock and process files of itself and of its PostgreSQL, with the same keys and books', async () => {
  await seat.start();
  const { demo } = await seat.process().ready();
  expect((await sendChat(seat.url(), demo.keys.pro)).status).toBe(200);
  const directory = join(seat.directory, '.weir');
  const data = join(directory, 'postgres/data');
  const postmasterLock = await readFile(join(data, 'postmaster.pid'), 'utf8');
  const postmaster = Number(postmasterLock.split('\n')[0]);
  const serverPid = seat.process().process.pid ?? 0;
  const socketLock = join(directory, 'postgres/socket/.s.PGSQL.5432.lock');
  const socketText = await readFile(socketLock, 'utf8');

  // Both at once, so that neither can tidy up after the other.
  const ended = seat.end('SIGKILL');
  process.kill(postmaster, 'SIGKILL');
  expect(await ended).toEqual({ code: null, signal: 'SIGKILL' });
  await until('PostgreSQL is gone', async () => (await processesIn(data))?.length === 0);

  // The ids now belong to a process that lives and is none of ours: this one.
  const stranger = process.pid;
  await writeFile(join(data, 'postmaster.pid'), postmasterLock.replace(String(postmaster), String(stranger)));
  await writeFile(socketLock, socketText.replace(String(postmaster), String(stranger)));
  await replacePid(join(directory, 'server.json'), serverPid, stranger);
  const owners = (await readdir(join(directory, 'postgres'))).filter((name) => /^owner-\d+\.json$/.test(name));
  expect(owners).toHaveLength(1);
  for (const name of owners) await replacePid(join(directory, 'postgres', name), serverPid, stranger);

  await seat.start();
  const again = await seat.process().ready();
  expect(again.demo.keys).toEqual(demo.keys);
  expect((await sendChat(seat.url(), demo.keys.pro)).status).toBe(200);
  expect((await readServerFile(directory))?.pid).toBe(seat.process().process.pid);
  expect(await fleet.verifyLedger()).toMatchObject({ code: 0, stdout: 'drift 0\n' });
  expect(await seat.end('SIGTERM')).toEqual({ code: 0, signal: null });
}, 180_000);
