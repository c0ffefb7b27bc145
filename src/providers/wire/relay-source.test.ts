// Owns: the guarantees of a relay's source that don't depend on a vendor.

import { expect, test } from 'vitest';
import { createMessageStreamReader } from '../anthropic/stream-reader.ts';
import { createChatSource } from '../openai/chat-source.ts';
import { createChatStreamReader } from '../openai/stream-reader.ts';
import { EVENT_BYTES_MAX } from './event-reader.ts';
import { createRelaySource } from './relay-source.ts';

const all = (): boolean => true;

test('a chunk of whole events that all pass is handed on itself', () => {
  const source = createChatSource(createChatStreamReader(1));
  const chunk = Buffer.from('data: {"choices":[]}\n\n: comment\n\n');
  expect(source.pass(chunk, all)).toBe(chunk);
});

test('an event beyond the bound reaches nobody, also when it comes in one chunk, and breaks the stream', () => {
  const source = createRelaySource(createMessageStreamReader());
  const good = 'data: {"type":"ping"}\n\n';
  const passed = source.pass(Buffer.from(`${good}data: ${'x'.repeat(EVENT_BYTES_MAX)}`), all);
  expect(passed.toString()).toBe(good);
  expect(source.pass(Buffer.from(good), all)).toHaveLength(0);
  expect(source.causeOf(null)).toMatchObject({ code: 'provider_error', message: expect.stringContaining('too long') });
});

test('nothing behind an event that closed the source is passed or translated', () => {
  const chunk = Buffer.from('data: {"choices":[]}\n\ndata: [DONE]\n\ndata: {"choices":[]}\n\n');
  const passing = createChatSource(createChatStreamReader(1));
  const closeAtEnd = (piece: { kind: string }): boolean => {
    if (piece.kind === 'done') passing.close();
    return piece.kind !== 'done';
  };
  expect(passing.pass(chunk, closeAtEnd).toString()).toBe('data: {"choices":[]}\n\n');
  const translating = createChatSource(createChatStreamReader(1));
  const written = translating.translate(chunk, ({ kind }) => {
    if (kind === 'done') translating.close();
    return `${kind};`;
  });
  expect(written.toString()).toBe('chunk;done;');
  expect(translating.translate(chunk, () => 'more')).toHaveLength(0);
});

test('a stream that just ends was cut, unless its reader has seen the end', () => {
  const cut = createChatSource(createChatStreamReader(1));
  expect(cut.causeOf(null)).toMatchObject({ message: 'The provider ended the stream early.' });
  const whole = createChatSource(createChatStreamReader(1));
  whole.pass(Buffer.from('data: [DONE]'), all);
  expect(whole.facts.isComplete()).toBe(true);
  expect(whole.causeOf(null)).toBeNull();
});
