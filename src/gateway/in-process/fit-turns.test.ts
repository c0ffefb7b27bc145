// Proves: of a conversation the newest turns go to the model, as many as it has room for, the person's question in any case.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ChatTurn } from '../../contracts/chat/chat-pipeline.ts';
import { fitTurns, guessTokens } from './fit-turns.ts';

const room = { contextTokens: 1_000, maxOutputTokens: 4_096, systemMessage: null };
const turn = (role: ChatTurn['role'], length: number): ChatTurn => ({ role, content: 'x'.repeat(length) });

test.each([
  ['all of a short one', [turn('user', 30), turn('assistant', 30), turn('user', 30)], room, 3],
  ['the question, however long', [turn('user', 30), turn('assistant', 30), turn('user', 90_000)], room, 1],
  ['no answer without its question', [turn('user', 3_000), turn('assistant', 30), turn('user', 30)], room, 1],
  [
    'less beside a long system message',
    [turn('user', 900), turn('assistant', 30), turn('user', 30)],
    { ...room, systemMessage: 'x'.repeat(2_000) },
    1,
  ],
  [
    'less of wide letters',
    [turn('user', 30), turn('assistant', 30), { role: 'user', content: '字'.repeat(900) }],
    room,
    1,
  ],
  [
    'more where little is asked for',
    [turn('user', 2_400), turn('assistant', 30), turn('user', 30)],
    { ...room, maxOutputTokens: 16 },
    3,
  ],
  [
    'a little of a model that says nothing',
    [turn('user', 15_000), turn('user', 30)],
    { ...room, contextTokens: null },
    2,
  ],
] as const)('keeps %s', (_name, turns, given, kept) => {
  expect(fitTurns(turns, given)).toEqual(turns.slice(-kept));
});

test('is always the end of the conversation, and fits but for the question itself', () => {
  const turns = fc.array(fc.record({ role: fc.constantFrom('user', 'assistant'), content: fc.string() }), {
    minLength: 1,
  });
  fc.assert(
    fc.property(turns, fc.integer({ min: 0, max: 500 }), (given, contextTokens) => {
      const all = given as ChatTurn[];
      const kept = fitTurns(all, { contextTokens, maxOutputTokens: 100, systemMessage: null });
      expect(kept).toEqual(all.slice(-kept.length));
      if (kept.length > 1) expect(guessTokens(kept)).toBeLessThanOrEqual(contextTokens);
    }),
  );
});
