// Proves: what is read from a segment is what was written, whatever a settlement holds and wherever the writing stopped.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readSegment } from './record-reader.ts';
import { createRecordWriter, settledLine } from './record-writer.ts';
import { arbitraryEntry } from './testing/arbitrary-entry.ts';
import { sampleEntry } from './testing/settlement-samples.ts';

test('any settlements, written one after the other, are read back as they were', () => {
  fc.assert(
    fc.property(fc.array(arbitraryEntry, { maxLength: 8 }), (entries) => {
      const writer = createRecordWriter();
      const text = entries.map((entry) => writer.lines(entry)).join('');
      expect(readSegment(text)).toEqual({ entries, damaged: 0 });
    }),
    { numRuns: 300 },
  );
});

test('a text cut anywhere gives the settlements whose lines are whole, and no damage', () => {
  const writer = createRecordWriter();
  const entries = [sampleEntry(), sampleEntry(), sampleEntry()];
  const texts = entries.map((entry) => writer.lines(entry));
  const whole = texts.join('');
  for (let length = 0; length <= whole.length; length += 1) {
    const ends = texts.map((_, index) => texts.slice(0, index + 1).join('').length);
    const count = ends.filter((end) => end <= length).length;
    expect(readSegment(whole.slice(0, length)), `${length}`).toEqual({ entries: entries.slice(0, count), damaged: 0 });
  }
});

test('settlements that are known to be in the ledger are left out', () => {
  const writer = createRecordWriter();
  const entries = [sampleEntry(), sampleEntry(), sampleEntry()];
  const text = `${entries.map((entry) => writer.lines(entry)).join('')}${settledLine(1)}${settledLine(2)}`;
  expect(readSegment(text).entries).toEqual(entries.slice(2));
});

test('a damaged line costs only itself and what it names; with damage everything readable is settled again', () => {
  const writer = createRecordWriter();
  const entries = [sampleEntry(), sampleEntry(), sampleEntry()];
  const lines = `${entries.map((entry) => writer.lines(entry)).join('')}${settledLine(2)}`.split('\n');
  const recordAt = lines.findIndex((line) => line.startsWith('["s"'));
  const damagedRecord = lines.with(recordAt, `${lines[recordAt]?.slice(0, -9)}\u0000`).join('\n');
  expect(readSegment(damagedRecord)).toEqual({ entries: entries.slice(1), damaged: 1 });
  const counterAt = lines.findIndex((line) => line.startsWith('["c"'));
  expect(readSegment(lines.with(counterAt, 'x').join('\n'))).toEqual({ entries: [], damaged: 4 });
});

test('a counter whose limit changed is named again', () => {
  const writer = createRecordWriter();
  const first = sampleEntry();
  const { request } = first;
  const legs = request.hold.legs.map((leg) => ({ ...leg, meter: { ...leg.meter, limit: 5n } }));
  const second = { ...first, request: { ...request, hold: { ...request.hold, legs } } };
  const text = [first, second, second].map((entry) => writer.lines(entry)).join('');
  expect(readSegment(text).entries).toEqual([first, second, second]);
  expect(text.match(/\["c"/g)).toHaveLength(2);
});
