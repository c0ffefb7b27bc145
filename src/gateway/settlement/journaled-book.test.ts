// Proves: what the book has taken is in the ledger once, however long that is away, and however its process ends.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, afterEach, beforeEach, expect, test } from 'vitest';
import { silentLog } from '../../database/log.ts';
import { createTestDatabase } from '../../database/testing/database.ts';
import { sampleEvent, sampleMeter } from '../../ledger/core/testing/samples.ts';
import { openPostgresHarnesses } from '../../ledger/store/conformance/postgres-harness.ts';
import { fixedLeg, sampleRequest } from '../../ledger/store/conformance/sample-calls.ts';
import { systemClock } from '../../primitives/clock.ts';
import { createSystemRandom } from '../../primitives/random.ts';
import { createManualTime } from '../upstream/testing/manual-time.ts';
import { createSettlementBook } from './journaled-book.ts';
import { RETRY_LONGEST_MS } from './limits.ts';
import { entryId } from './settlement-entry.ts';
import { createSettlementJournal, type SettlementJournal } from './settlement-journal.ts';
import { createAwayLedger, sampleEntry } from './testing/settlement-samples.ts';

const random = createSystemRandom();
const LEDGER_ID = 'one database';
let directory: string;
const children: ChildProcess[] = [];

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'weir-book-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));
afterAll(() => {
  for (const child of children) child.kill('SIGKILL');
});

function openJournal(into = directory): SettlementJournal {
  return createSettlementJournal({
    directory: into,
    ledgerId: LEDGER_ID,
    clock: systemClock,
    random,
    log: silentLog,
  });
}

function segments(): Promise<string[]> {
  return readdir(directory);
}

test('a settlement is safe before the ledger has it, gets there when the ledger is back, and leaves nothing behind', async () => {
  const [ledger, time, journal] = [createAwayLedger(), createManualTime(), openJournal()];
  const book = createSettlementBook({ store: ledger.store, journal, log: silentLog, timers: time.timers });
  ledger.setAway(true);
  const entries = [sampleEntry(), sampleEntry(), sampleEntry()];
  for (const { request } of entries) await book.book(request);
  expect(book.pending()).toBe(3);
  expect(ledger.bookedIds()).toEqual([]);
  ledger.setAway(false);
  time.advance(RETRY_LONGEST_MS);
  await book.drain();
  expect(book.pending()).toBe(0);
  expect(ledger.bookedIds()).toEqual(entries.map(entryId));
  await book.close();
  expect(await segments()).toEqual([]);
});

test('a book that is closed while the ledger is away stops trying and leaves its settlements to the next start', async () => {
  const [ledger, journal] = [createAwayLedger(), openJournal()];
  const book = createSettlementBook({ store: ledger.store, journal, log: silentLog });
  ledger.setAway(true);
  await book.book(sampleEntry().request);
  await book.close();
  await book.drain();
  expect(book.pending()).toBe(0);
  expect(await segments()).toHaveLength(1);
});

test('a settlement that reaches the ledger after the book was closed takes its segment along', async () => {
  const [ledger, journal] = [createAwayLedger(), openJournal()];
  const { promise: reached, resolve: reach } = Promise.withResolvers<void>();
  const settle = ledger.store.settle;
  const store = {
    ...ledger.store,
    settle: (request: Parameters<typeof settle>[0]) => reached.then(() => settle(request)),
  };
  const book = createSettlementBook({ store, journal, log: silentLog });
  await book.book(sampleEntry().request);
  await book.close();
  expect(await segments()).toHaveLength(1);
  reach();
  await book.drain();
  await expect.poll(segments).toEqual([]);
});

test('without a journal a settlement is safe when the ledger has it, and not before', async () => {
  const [ledger, time] = [createAwayLedger(), createManualTime()];
  const book = createSettlementBook({ store: ledger.store, journal: null, log: silentLog, timers: time.timers });
  ledger.setAway(true);
  let isSafe = false;
  const entry = sampleEntry();
  const booked = book.book(entry.request).then(() => {
    isSafe = true;
  });
  await expect.poll(time.pending).toBe(1);
  expect(isSafe).toBe(false);
  ledger.setAway(false);
  time.advance(RETRY_LONGEST_MS);
  await booked;
  expect(ledger.bookedIds()).toEqual([entryId(entry)]);
});

test('with a journal that cannot be written a settlement waits for the ledger', async () => {
  const ledger = createAwayLedger();
  const blocked = join(directory, 'a file where a directory should be');
  await writeFile(blocked, '');
  const journal = openJournal(blocked);
  const book = createSettlementBook({ store: ledger.store, journal, log: silentLog });
  const entry = sampleEntry();
  await book.book(entry.request);
  expect(ledger.bookedIds()).toEqual([entryId(entry)]);
});

test('a settlement that does not fit its hold is refused before it is written anywhere', async () => {
  const book = createSettlementBook({ store: createAwayLedger().store, journal: openJournal(), log: silentLog });
  const { request } = sampleEntry();
  await expect(book.book({ ...request, used: [] })).rejects.toMatchObject({ code: 'internal_error' });
  expect(await segments()).toEqual([]);
  await book.close();
});

test('whoever watches is told of a call that the ledger did not know any more', async () => {
  const told: string[] = [];
  const onLate = (outcome: string, requestId: string): void => void told.push(`${outcome} ${requestId}`);
  const book = createSettlementBook({ store: createAwayLedger().store, journal: null, log: silentLog, onLate });
  const entry = sampleEntry();
  await book.book(entry.request);
  await book.book(entry.request);
  expect(told).toEqual([`orphan ${entryId(entry)}`]);
});

/** A process with a journal and a book of its own. It may write files of `fileBlocksMax` blocks of 512 bytes. */
function startProcess(work: string, fileBlocksMax: number | 'unlimited' = 'unlimited'): ChildProcess {
  const at = (path: string): string => JSON.stringify(new URL(path, import.meta.url).href);
  const script = `
    const { createSettlementJournal } = await import(${at('./settlement-journal.ts')});
    const { createSettlementBook } = await import(${at('./journaled-book.ts')});
    const { createAwayLedger, sampleEntry } = await import(${at('./testing/settlement-samples.ts')});
    const { systemClock } = await import(${at('../../primitives/clock.ts')});
    const { createSystemRandom } = await import(${at('../../primitives/random.ts')});
    const write = (_, message) => process.stdout.write('log: ' + message + '\\n');
    const log = { info: write, warn: write, error: write };
    const directory = ${JSON.stringify(directory)};
    const journal = createSettlementJournal({ directory, ledgerId: '${LEDGER_ID}', clock: systemClock, random: createSystemRandom(), log });
    const ledger = createAwayLedger();
    const book = createSettlementBook({ store: ledger.store, journal, log });
    const bookTwenty = async () => {
      const entries = Array.from({ length: 20 }, sampleEntry);
      await Promise.all(entries.map((entry) => book.book(entry.request)));
      process.stdout.write(entries.map((entry) => entry.request.hold.id + '\\n').join(''));
      await new Promise(setImmediate);
    };
    ${work}`;
  const shell = `ulimit -f ${fileBlocksMax} && exec "$0" --input-type=module --eval "$1"`;
  const child = spawn('sh', ['-c', shell, process.execPath, script], { stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  return child;
}

/** Lines of the process's output, until it has ended. */
async function linesOf(child: ChildProcess, onLine: (count: number) => void = () => undefined): Promise<string[]> {
  const ended = once(child, 'exit');
  const lines: string[] = [];
  // A line cut off by the end was not said.
  for await (const line of createInterface({ input: child.stdout ?? process.stdin })) {
    if (line.length >= 36) lines.push(line);
    onLine(lines.length);
  }
  await ended;
  return lines;
}

test('every settlement that a killed process called safe is booked once after the next start', async () => {
  for (const killAfter of [20, 600]) {
    const child = startProcess('ledger.setAway(true); for (;;) await bookTwenty();');
    const safe = await linesOf(child, (count) => {
      if (count >= killAfter) child.kill('SIGKILL');
    });
    const ledger = createAwayLedger();
    const journal = openJournal();
    const report = await journal.replay(ledger.store);
    await journal.close();
    expect(report).toMatchObject({ segments: 1, refused: 0, damaged: 0 });
    const booked = ledger.bookedIds();
    expect(safe.length).toBeGreaterThanOrEqual(killAfter);
    expect(new Set(booked).size).toBe(booked.length);
    expect(safe.filter((id) => !booked.includes(id))).toEqual([]);
    expect(await segments()).toEqual([]);
  }
});

test('when the disk takes no more, settlements go to the ledger without loss, and the log says so once', async () => {
  const work = `
    for (let count = 0; count < 3; count += 1) await bookTwenty();
    process.stdout.write('booked in the ledger, each of them once: ' + new Set(ledger.bookedIds()).size + '\\n');`;
  const lines = await linesOf(startProcess(work, 6));
  expect(lines.filter((line) => /^[0-9a-f-]{36}$/.test(line))).toHaveLength(60);
  expect(lines.filter((line) => /^(log|booked)/.test(line))).toEqual([
    'log: the settlement journal cannot be written; calls wait for the ledger instead',
    'booked in the ledger, each of them once: 60',
  ]);
});

test('on PostgreSQL a replayed settlement ends its hold to the token, once, and the counters agree with the events', async () => {
  const database = await createTestDatabase();
  const harnesses = await openPostgresHarnesses(database);
  const harness = await harnesses.create();
  const organizationId = await harness.createOrganization();
  const lot = { organizationId, creditType: 'lead_generation', initial: 50n, priority: 1 };
  await harness.grantLot({ ...lot, effectiveAtMs: 0, expiresAtMs: null });
  const meter = sampleMeter(organizationId, 1_000n);
  const request = await sampleRequest(harness, random, {
    organizationId,
    legs: [fixedLeg(meter, 100n)],
    credits: { creditType: 'lead_generation', amount: 5n },
  });
  const verdict = await harness.store().reserve(request);
  if (verdict.outcome !== 'admitted') throw new Error(`the call was ${verdict.outcome}`);
  const event = sampleEvent(organizationId, { tags: { team: 'ü"\\' }, upstreamRequestId: 'req' });
  const settlement = { hold: verdict.hold, used: [40n], creditsUsed: 3n, event };

  const journal = openJournal();
  await journal.append({ kind: 'settle', request: settlement }).written;
  await journal.close();
  const [file = ''] = await segments();
  const left = file.replace(/-\d+-([0-9a-f]{12})/, '-1-$1');
  await rename(join(directory, file), join(directory, left));
  await copyFile(join(directory, left), join(directory, left.replace(/[0-9a-f]{12}/, 'aaaaaaaaaaaa')));

  const next = openJournal();
  expect(await next.replay(harness.store())).toMatchObject({ segments: 2, outcomes: { settled: 1, duplicate: 1 } });
  const rows = await harness.snapshot({ organizationIds: [organizationId], platformMeterKeys: [] });
  expect(rows.counters).toMatchObject([{ meterKey: meter.key, used: 40n, held: 0n }]);
  expect(rows.lots).toMatchObject([{ remaining: 47n, held: 0n, consumed: 3n }]);
  expect(rows.events).toMatchObject([{ id: request.id, kind: 'primary', credits: 3n }]);
  expect(await harness.verify(organizationId)).toEqual([]);
  await next.close();
  await harness.close();
  await harnesses.close();
  await database.drop();
});
