// Proves: what each measurement says of the platform's health, and that whatever is not well comes with what to do.

import { describe, expect, test } from 'vitest';
import { judgeHealth, type MeasuredHealth, worstOf } from './system-health.rules.ts';

const WELL: MeasuredHealth = {
  ...{ isSnapshotFresh: true, driftedCounters: 0, defaultPartitionRows: 0, settlementsPending: 3, databaseMs: 2 },
  ...{ isMailSending: true, providers: [{ provider: 'openai', breaker: 'closed' }] },
  stored: { postgres: '18.1', holdsOpen: 5, holdsOverdue: 0, mailPending: 2, mailLate: 0, mailFailed: 0 },
};

test('where all is well nothing is to be done', () => {
  const parts = judgeHealth(WELL);
  expect(worstOf(parts)).toBe('ok');
  expect(parts.filter(({ remedy }) => remedy !== null)).toEqual([]);
});

test('what was not measured yet is no fault', () => {
  expect(worstOf(judgeHealth({ ...WELL, driftedCounters: null, defaultPartitionRows: null }))).toBe('ok');
});

describe('one part that is not well', () => {
  const stored = (change: Partial<MeasuredHealth['stored']>) => ({ stored: { ...WELL.stored, ...change } });
  test.each<[string, Partial<MeasuredHealth>, string]>([
    ['database', { databaseMs: 501 }, 'degraded'],
    ['facts', { isSnapshotFresh: false }, 'down'],
    ['ledger', { driftedCounters: 1 }, 'down'],
    ['holds', stored({ holdsOverdue: 1 }), 'degraded'],
    ['settlements', { settlementsPending: 1_001 }, 'degraded'],
    ['partitions', { defaultPartitionRows: 1 }, 'degraded'],
    ['mail', { isMailSending: false }, 'degraded'],
    ['mail', stored({ mailLate: 1 }), 'degraded'],
    ['mail', stored({ mailFailed: 1 }), 'degraded'],
    ['provider openai', { providers: [{ provider: 'openai', breaker: 'open' }] }, 'down'],
    ['provider openai', { providers: [{ provider: 'openai', breaker: 'half_open' }] }, 'degraded'],
  ])('%s: %j is %s', (name, change, status) => {
    const parts = judgeHealth({ ...WELL, ...change });
    const unwell = parts.filter((part) => part.status !== 'ok');
    expect(unwell.map((part) => [part.name, part.status])).toEqual([[name, status]]);
    expect(unwell[0]?.remedy).toMatch(/^[A-Z].+\.$/);
    expect(worstOf(parts)).toBe(status);
  });
});
