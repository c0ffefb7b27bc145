// Proves: the journal's life on disk: one write a turn, rotation, removal, failing disks, and replay of what was left behind.

import { mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createManualClock, type ManualClock } from '../../primitives/clock.ts';
import { createSystemRandom } from '../../primitives/random.ts';
import { JOURNAL_PAUSE_MS, SEGMENT_ABANDONED_MS, SEGMENT_BYTES_MAX, SEGMENT_QUIET_MS } from './limits.ts';
import { readSegment } from './record-reader.ts';
import { entryId } from './settlement-entry.ts';
import { createSettlementJournal, type SettlementJournal } from './settlement-journal.ts';
import { createAwayLedger, sampleEntry } from './testing/settlement-samples.ts';

let directory: string;
let clock: ManualClock;
let logged: string[];
let journals: SettlementJournal[];

beforeEach(async () => {
  directory = join(await mkdtemp(join(tmpdir(), 'weir-journal-')), 'journal');
  clock = createManualClock(1_800_000_000_000);
  logged = [];
  journals = [];
});
afterEach(async () => {
  for (const journal of journals) await journal.close();
  await rm(join(directory, '..'), { recursive: true, force: true });
});

function openJournal(more: { directory?: string; ledgerId?: string } = {}): SettlementJournal {
  const write = (_: unknown, message: string): void => void logged.push(message);
  const log = { info: write, warn: write, error: write };
  const journal = createSettlementJournal({
    directory,
    ledgerId: 'this database',
    clock,
    random: createSystemRandom(),
    log,
    ...more,
  });
  journals.push(journal);
  return journal;
}

async function files(): Promise<string[]> {
  return (await readdir(directory)).sort();
}

async function entriesIn(file: string) {
  return readSegment(await readFile(join(directory, file), 'utf8')).entries;
}

/** Makes every segment one of a process that is gone: same host and number, another start. */
async function leaveBehind(): Promise<void> {
  for (const file of await files())
    await rename(join(directory, file), join(directory, file.replace(/-\d+-([0-9a-f]{12})/, '-1-$1')));
}

test('records of one turn are written together, and are on disk when they are said to be', async () => {
  const journal = openJournal();
  const entries = [sampleEntry(), sampleEntry(), sampleEntry()];
  const slots = entries.map((entry) => journal.append(entry));
  expect(new Set(slots.map((slot) => slot.written)).size).toBe(1);
  expect(await slots[0]?.written).toBe(true);
  const [file = ''] = await files();
  expect(await entriesIn(file)).toEqual(entries);
});

test('a segment goes when it is closed and its last settlement is in the ledger', async () => {
  const journal = openJournal();
  const slots = [sampleEntry(), sampleEntry()].map((entry) => journal.append(entry));
  await slots[1]?.written;
  for (const slot of slots) slot.settled();
  expect(await files()).toHaveLength(1);
  await journal.close();
  expect(await files()).toEqual([]);
});

test('what is not in the ledger when the journal closes stays for the next start', async () => {
  const journal = openJournal();
  const [first, second] = [sampleEntry(), sampleEntry()];
  journal.append(first).settled();
  journal.append(second);
  await journal.close();
  await leaveBehind();
  const ledger = createAwayLedger();
  expect(await openJournal().replay(ledger.store)).toMatchObject({ segments: 1, outcomes: { orphan: 1 } });
  expect(ledger.bookedIds()).toEqual([entryId(second)]);
  expect(await files()).toEqual([]);
});

test('a full segment is closed, another begins, and each goes on its own', async () => {
  const journal = openJournal();
  const long = { ...sampleEntry().request.event, upstreamRequestId: 'x'.repeat(SEGMENT_BYTES_MAX) };
  const large = sampleEntry();
  const slot = journal.append({ ...large, request: { ...large.request, event: long } });
  expect(await slot.written).toBe(true);
  const entry = sampleEntry();
  await journal.append(entry).written;
  expect(await files()).toHaveLength(2);
  slot.settled();
  await expect.poll(files).toHaveLength(1);
  const [file = ''] = await files();
  expect(await entriesIn(file)).toEqual([entry]);
});

test('nobody adds to a segment that was quiet for long: another process may have taken it over', async () => {
  const journal = openJournal();
  await journal.append(sampleEntry()).written;
  clock.advance(SEGMENT_QUIET_MS + 1);
  await journal.append(sampleEntry()).written;
  expect(await files()).toHaveLength(2);
});

test('a journal that cannot be written says so once, is left alone for a while, and comes back', async () => {
  await writeFile(join(directory, '..', 'blocked'), 'a file where a directory should be');
  const blocked = join(directory, '..', 'blocked');
  const journal = openJournal({ directory: blocked });
  expect(await journal.append(sampleEntry()).written).toBe(false);
  clock.advance(JOURNAL_PAUSE_MS + 1);
  expect(await journal.append(sampleEntry()).written).toBe(false);
  await rm(blocked);
  expect(await journal.append(sampleEntry()).written).toBe(false);
  clock.advance(JOURNAL_PAUSE_MS + 1);
  expect(await journal.append(sampleEntry()).written).toBe(true);
  expect(logged).toEqual([
    'the settlement journal cannot be written; calls wait for the ledger instead',
    'the settlement journal can be written again',
  ]);
});

test('a replay leaves alone what a living process writes, another database, another host, and files that are no segments', async () => {
  const journal = openJournal();
  await journal.append(sampleEntry()).written;
  const own = await files();
  await openJournal({ ledgerId: 'another database' }).append(sampleEntry()).written;
  const [foreign = ''] = (await files()).filter((file) => !own.includes(file));
  await rename(join(directory, foreign), join(directory, foreign.replace(/-\d+-([0-9a-f]{12})/, '-1-$1')));
  const [file = ''] = own;
  const elsewhere = file.replace(/^(settlements-[0-9a-f]{8}-)[0-9a-f]{8}/, '$1ffffffff');
  await writeFile(join(directory, elsewhere), await readFile(join(directory, file)));
  await writeFile(join(directory, 'notes.txt'), 'mine');
  const before = await files();
  expect(before).toHaveLength(4);
  const ledger = createAwayLedger();
  clock.setNowMs(Date.parse('2020-01-01'));
  expect(await journal.replay(ledger.store)).toMatchObject({ segments: 0 });
  expect(await files()).toEqual(before);
  expect(ledger.bookedIds()).toEqual([]);

  // A segment of another host that has been quiet for long was left behind.
  clock.setNowMs(Date.parse('2120-01-01') + SEGMENT_ABANDONED_MS);
  expect(await journal.replay(ledger.store)).toMatchObject({ segments: 1 });
  expect(await files()).toEqual(before.filter((each) => each !== elsewhere));
});

test('a replay that is repeated, with the segment still there, has no second effect', async () => {
  const journal = openJournal();
  const entries = [sampleEntry(), sampleEntry()];
  for (const entry of entries) await journal.append(entry).written;
  await leaveBehind();
  const [file = ''] = await files();
  const text = await readFile(join(directory, file));
  const ledger = createAwayLedger();
  await openJournal().replay(ledger.store);
  await writeFile(join(directory, file), text);
  expect(await openJournal().replay(ledger.store)).toMatchObject({ outcomes: { duplicate: 2, orphan: 0 } });
  expect(ledger.bookedIds().toSorted()).toEqual(entries.map(entryId).toSorted());
});

test('a segment with lines that cannot be read is settled as far as it goes and kept under another name', async () => {
  const journal = openJournal();
  await journal.append(sampleEntry()).written;
  await leaveBehind();
  const [file = ''] = await files();
  const text = await readFile(join(directory, file), 'utf8');
  await writeFile(join(directory, file), `\u0000\u0000\n${text}`);
  const ledger = createAwayLedger();
  expect(await openJournal().replay(ledger.store)).toMatchObject({ damaged: 1, outcomes: { orphan: 1 } });
  expect(await files()).toEqual([`${file}.damaged`]);
});

test('a segment with a settlement that the ledger refuses is kept', async () => {
  const journal = openJournal();
  const bad = sampleEntry();
  await journal.append({ ...bad, request: { ...bad.request, creditsUsed: 5n } }).written;
  const good = sampleEntry();
  await journal.append(good).written;
  await leaveBehind();
  const ledger = createAwayLedger();
  expect(await openJournal().replay(ledger.store)).toMatchObject({ refused: 1, outcomes: { orphan: 1 } });
  expect(ledger.bookedIds()).toEqual([entryId(good)]);
  expect(await files()).toHaveLength(1);
});
