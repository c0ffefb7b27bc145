// Proves: no address, subject or sender carries a header or a recipient of its own.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { checkMessage, isMailAddress, parseSender } from './mail-message.rules.ts';

test.each([
  ['ada@example.com', true],
  ['ada.lovelace+weir@mail.example.co.uk', true],
  ["o'neil@example.com", true],
  ['müller@bücher.example', true],
  ['ada@localhost', true],
  ['', false],
  ['ada', false],
  ['@example.com', false],
  ['ada@', false],
  ['ada@a@example.com', false],
  ['ada@example.com,eve@example.com', false],
  ['ada@example.com;eve@example.com', false],
  ['ada@example.com eve@example.com', false],
  ['Ada <ada@example.com>', false],
  ['"ada"@example.com', false],
  ['ada@example.com\r\nBcc: eve@example.com', false],
  ['ada@example.com\nBcc:eve@example.com', false],
  ['ada@example.com\u0000', false],
  ['ada@exam\u200bple.com', false],
  ['ada@example.com\u2028', false],
  ['ada@example.com>\r\nRCPT TO:<eve@example.com', false],
  ['-oQ/tmp@example.com', false],
  ['(comment)ada@example.com', false],
  ['undisclosed:ada@example.com', false],
  [`${'a'.repeat(65)}@example.com`, false],
  [`a@${'b'.repeat(254)}`, false],
])('%j as an address: %s', (text, outcome) => {
  expect(isMailAddress(text)).toBe(outcome);
});

test.each(['Hello\r\nBcc: eve@example.com', 'Hello\nx', 'a\u0000b', 'a\u2028b', '', '   ', 'x'.repeat(201)])(
  'the subject %j is refused by its name',
  (subject) => {
    expect(() => checkMessage({ to: 'ada@example.com', subject })).toThrow(
      expect.objectContaining({ code: 'invalid_request', param: 'subject' }),
    );
  },
);

test('whatever is taken as an address is one line with one @ and no sign that separates', () => {
  const parts = fc.constantFrom('a', '@', 'b.example', '\r\n', ',', ';', '<', '>', '"', ' ', '\\', ':', 'Bcc');
  fc.assert(
    fc.property(
      fc.array(parts, { maxLength: 8 }).map((list) => list.join('')),
      (text) => {
        if (isMailAddress(text)) expect(text).toMatch(/^[^\s,;<>":\\@]+@[^\s,;<>":\\@]+$/);
      },
    ),
  );
});

test.each([
  ['Weir <weir@example.com>', { name: 'Weir', address: 'weir@example.com' }],
  ['"Weir, Inc." <weir@example.com>', { name: 'Weir, Inc.', address: 'weir@example.com' }],
  ['weir@example.com', { name: '', address: 'weir@example.com' }],
  ['Weir', null],
  ['Weir <weir@example.com>, Eve <eve@example.com>', null],
  ['Weir\r\nBcc: <eve@example.com>', null],
  ['<>', null],
])('the sender %j', (text, sender) => {
  expect(parseSender(text)).toEqual(sender);
});
