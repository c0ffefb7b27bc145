// Proves: that CSV is read back as it was, that no cell is a formula, and that a file is made as it is taken.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type CsvCell, csvFile, csvLine } from './csv.ts';

test.each<[CsvCell, string]>([
  ['plain', 'plain'],
  ['', ''],
  [null, ''],
  [12, '12'],
  [-3, '-3'],
  [2n ** 60n, '1152921504606846976'],
  [true, 'true'],
  [new Date(0), '1970-01-01T00:00:00.000Z'],
  ['a,b', '"a,b"'],
  ['say "hi"', '"say ""hi"""'],
  ['two\nlines', '"two\nlines"'],
  ['a;=1+1', '"a;=1+1"'],
])('a cell of %o is written as %s', (cell, text) => {
  expect(csvLine([cell])).toBe(`${text}\r\n`);
});

test.each([
  ['=1+1', "'=1+1"],
  ['+1', "'+1"],
  ['-2', "'-2"],
  ['@SUM(A1)', "'@SUM(A1)"],
  ['\t=1', '"\'\t=1"'],
  ['\r=1', '"\'\r=1"'],
  ['\n=1', '"\'\n=1"'],
  ['＝1', "'＝1"],
  ['=HYPERLINK("http://x";"y")', '"\'=HYPERLINK(""http://x"";""y"")"'],
])('the text %j is no formula', (cell, text) => {
  expect(csvLine([cell])).toBe(`${text}\r\n`);
});

test('any texts come back, save for the apostrophe in front of a formula', () => {
  fc.assert(
    fc.property(fc.array(fc.string(), { minLength: 1, maxLength: 5 }), (cells) => {
      const back = parseLine(csvLine(cells));
      expect(back).toEqual(cells.map((cell) => (/^[=+\-@\t\r\n＝＋－＠]/.test(cell) ? `'${cell}` : cell)));
    }),
  );
});

test('a file asks for rows only as fast as its pieces are taken', async () => {
  let asked = 0;
  async function* rows() {
    for (; asked < 100_000; asked += 1) yield ['x'.repeat(100), asked];
  }
  const file = csvFile(['text', 'number'], rows());
  const first = await file.next();
  expect(first.value).toMatch(/^text,number\r\nx{100},0\r\n/);
  expect(asked).toBeLessThan(1_000);
  await file.return();
});

test('a file without rows is its header', async () => {
  const pieces: string[] = [];
  for await (const piece of csvFile(['a', 'b'], (async function* () {})())) pieces.push(piece);
  expect(pieces).toEqual(['a,b\r\n']);
});

/** One line by RFC 4180, line breaks in quotes included. */
function parseLine(line: string): string[] {
  const cells = [...`,${line.slice(0, -2)}`.matchAll(/,(?:"((?:[^"]|"")*)"|([^,]*))/gy)];
  return cells.map(([, quoted, bare]) => quoted?.replaceAll('""', '"') ?? bare ?? '');
}
