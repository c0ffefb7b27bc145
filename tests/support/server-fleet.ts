// Owns: the server processes of a chaos test: each in a folder of its own that survives its process, none left behind. Not: starting one process
// (src/server/testing/server-process.ts).

import { readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isAlive, processesIn, signal } from '../../src/database/embedded/processes.ts';
import { removeStore } from '../../src/database/embedded/store.ts';
import { makeScratchDirectory, type ScratchDirectory } from '../../src/database/testing/scratch-directory.ts';
import { runWeir, type ServerProcess, startServerProcess } from '../../src/server/testing/server-process.ts';

/** One server: its folder, and the process that runs there now. */
export interface Seat {
  /** Where `.weir` lies. */
  readonly directory: string;
  /** Where the running server answers. */
  url(): string;
  process(): ServerProcess;
  /** Starts the server, again after its end, and resolves when it serves. */
  start(): Promise<string>;
  /** Sends the signal and resolves when the process has ended. */
  end(signal: 'SIGKILL' | 'SIGTERM'): Promise<{ code: number | null; signal: string | null }>;
  /** Lines of all its processes that a person has to look at: errors and worse, without time and details. */
  complaints(): string[];
}

/** Servers on one database, or one with its own. */
export interface Fleet {
  addSeat(environment?: Record<string, string>): Promise<Seat>;
  /** What `weir ledger verify` prints, with its exit code. */
  verifyLedger(): Promise<{ code: number | null; stdout: string; stderr: string }>;
  /** Ends every process and removes every folder. May be called twice. */
  close(): Promise<void>;
}

/** Followed by the process id of the test run. */
const FOLDER_PREFIX = 'weir-chaos-';

/** The same on every replica, as their folders are not. */
const MASTER_KEY = 'Y2hhb3MtdGVzdHMtb25seS1ub3QtYS1zZWNyZXQtMSE=';

/** So patient that a busy machine makes nobody give up; tests that take the database away set what the product has. */
const PATIENCE_MS = 60_000;
/** The product's own patience, for those. */
export const PRODUCT_PATIENCE = { WEIR_LEDGER_PATIENCE_MS: '2500' };

/** A fleet without servers. */
export function createFleet(environment: Record<string, string>): Fleet {
  const shared = {
    WEIR_MASTER_KEY: MASTER_KEY,
    WEIR_DATABASE_POOL_SIZE: '4',
    WEIR_LEDGER_PATIENCE_MS: String(PATIENCE_MS),
    ...environment,
  };
  const seats: { seat: Seat; scratch: ScratchDirectory; endNow: () => Promise<unknown> }[] = [];
  const endAtExit = (): void => {
    for (const { seat } of seats) seat.process().process.kill('SIGKILL');
  };
  let cleared: Promise<void> | undefined;
  process.once('exit', endAtExit);
  return {
    async addSeat(own = {}) {
      cleared ??= clearDeadRuns();
      await cleared;
      const scratch = await makeScratchDirectory(`${FOLDER_PREFIX}${process.pid}-`);
      const { seat, endNow } = createSeat(scratch.path, { ...shared, ...own });
      seats.push({ seat, scratch, endNow });
      return seat;
    },
    async verifyLedger() {
      const [first] = seats;
      if (!first) throw new Error('a fleet without seats has no ledger');
      return runWeir(first.seat.directory, ['ledger', 'verify'], shared);
    },
    async close() {
      process.off('exit', endAtExit);
      for (const { scratch, endNow } of seats.splice(0)) {
        await endNow();
        await removeStore(join(scratch.path, '.weir'));
        await scratch.remove();
      }
    },
  };
}

function createSeat(directory: string, environment: Record<string, string>) {
  let running: ServerProcess | undefined;
  let url = '';
  const outputs: (() => string)[] = [];
  const current = (): ServerProcess => {
    if (running === undefined) throw new Error('the server was never started');
    return running;
  };
  const seat: Seat = {
    directory,
    url: () => url,
    process: current,
    async start() {
      const started = startServerProcess(directory, environment);
      running = started;
      outputs.push(started.output);
      url = (await started.ready()).url;
      return url;
    },
    end: (signal) => current().end(signal),
    complaints: () => outputs.flatMap((output) => complaintsIn(output())),
  };
  const endNow = async (): Promise<void> => {
    if (running === undefined || running.process.exitCode !== null || running.process.signalCode !== null) return;
    // A process that was stopped does not end before it goes on, but for this signal.
    await running.end('SIGKILL');
  };
  return { seat, endNow };
}

/** Servers and folders of runs that were killed themselves: their names tell whose they were. */
async function clearDeadRuns(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const pid = new RegExp(`^${FOLDER_PREFIX}(\\d+)-`).exec(name)?.[1];
    if (pid === undefined || (await isAlive(Number(pid)))) continue;
    const directory = join(tmpdir(), name);
    for (const server of (await processesIn(directory)) ?? []) signal(server, 'SIGKILL');
    await removeStore(join(directory, '.weir'));
    await removeStore(directory);
    await rm(directory, { recursive: true, force: true });
  }
}

/** Log lines begin with the time and the level. */
function complaintsIn(output: string): string[] {
  return output.split('\n').flatMap((line) => /^\S+ (?:error|fatal) {2}?(.*)$/.exec(line)?.[1] ?? []);
}
