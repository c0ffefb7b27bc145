// Covers cutting bytes into events, held against eventsource-parser.

import { createParser } from 'eventsource-parser';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createEventReader, EVENT_BYTES_MAX, type WireEvent } from './event-reader.ts';
import { cutBytes } from './testing/call-fixtures.ts';

function readAll(chunks: readonly Buffer[]): WireEvent[] {
  const reader = createEventReader();
  return chunks.flatMap((chunk) => [...reader.push(chunk)]);
}

const dataOf = (events: readonly WireEvent[]) => events.filter((event) => event.data !== null && event.data !== '');

describe('the event reader', () => {
  test.each([
    ['one event', 'data: a\n\n', [['', 'a']]],
    ['a byte order mark before the first event', '\ufeffdata: a\n\n', [['', 'a']]],
    ['no space', 'data:a\n\n', [['', 'a']]],
    ['two spaces keep one', 'data:  a\n\n', [['', ' a']]],
    ['CRLF', 'event: x\r\ndata: a\r\n\r\n', [['x', 'a']]],
    ['mixed line ends', 'event: x\ndata: a\r\n\n', [['x', 'a']]],
    ['several data lines', 'data: a\ndata: b\n\n', [['', 'a\nb']]],
    [
      'a comment',
      ': ping\n\ndata: a\n\n',
      [
        ['', null],
        ['', 'a'],
      ],
    ],
    ['a comment within an event', 'data: a\n: ping\n\n', [['', 'a']]],
    ['fields with longer names', 'database: a\neventual: b\ndata: c\n\n', [['', 'c']]],
    ['a field without a colon', 'data\n\n', [['', '']]],
    [
      'blank lines',
      '\n\n\n',
      [
        ['', null],
        ['', null],
        ['', null],
      ],
    ],
    ['a cut event', 'data: a\n\ndata: b\n', [['', 'a']]],
  ])('%s', (_, text, expected) => {
    expect(readAll([Buffer.from(text)]).map((event) => [event.name, event.data])).toEqual(expected);
  });

  test('any split of the bytes gives the same events, and all bytes are given back', () => {
    const lines = fc.array(
      fc.constantFrom('data: {"a":1}', 'data: grüße 🌊', 'event: x', ': note', '', '', '\r', 'data: x\r', 'id: 1'),
      { maxLength: 30 },
    );
    fc.assert(
      fc.property(lines, fc.array(fc.nat(2_000), { maxLength: 12 }), (parts, places) => {
        const bytes = Buffer.from(`${parts.join('\n')}\n\n`);
        const whole = readAll([bytes]);
        const split = readAll(cutBytes(bytes, places));
        expect(split.map((event) => [event.name, event.data, event.bytes.toString()])).toEqual(
          whole.map((event) => [event.name, event.data, event.bytes.toString()]),
        );
        expect(Buffer.concat(split.map((event) => event.bytes))).toEqual(bytes);
      }),
    );
  });

  test('it finds the events that eventsource-parser finds', () => {
    const lines = fc.array(
      fc.constantFrom(
        'data: {"a":1}',
        'data:x',
        'data',
        'event: x',
        'event:',
        ': note',
        '',
        '',
        'data: x\r',
        '\r',
        'odd: 1',
      ),
      { maxLength: 30 },
    );
    fc.assert(
      fc.property(lines, (parts) => {
        const text = `${parts.join('\n')}\n\n`;
        const expected: [string, string][] = [];
        createParser({ onEvent: (event) => expected.push([event.event ?? '', event.data]) }).feed(text);
        const found = dataOf(readAll([Buffer.from(text)])).map((event) => [event.name, event.data]);
        expect(found).toEqual(expected.filter(([, data]) => data !== ''));
      }),
    );
  });

  test('an event beyond the bound stops the reading, in one chunk or in many', () => {
    const huge = Buffer.from(`data: ${'x'.repeat(EVENT_BYTES_MAX)}\n\n`);
    for (const chunks of [[huge], cutBytes(huge, [10, 500_000]), [huge.subarray(0, huge.length - 2)]]) {
      const reader = createEventReader();
      expect(chunks.flatMap((chunk) => [...reader.push(chunk)])).toEqual([]);
      expect(reader.isOverflowing()).toBe(true);
      expect(reader.push(Buffer.from('data: a\n\n'))).toEqual([]);
    }
  });

  test('many tiny chunks of a long event are put together once', () => {
    const reader = createEventReader();
    for (let index = 0; index < 100_000; index += 1) reader.push(Buffer.from('data: x\n'));
    expect(reader.isAtBoundary()).toBe(false);
    expect(reader.push(Buffer.from('\n'))).toHaveLength(1);
    expect(reader.isAtBoundary()).toBe(true);
  });
});
