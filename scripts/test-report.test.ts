// Owns: the guarantee that a test run can't look green when it was not.

import { describe, expect, test } from 'vitest';
import { addCounts, countsLine, listFailures, tallyReport } from './test-report.ts';

const file = (status: string, ...tests: string[]) => ({
  status,
  assertionResults: tests.map((each) => ({ status: each })),
});

describe('the counted result of a test run', () => {
  const cases: readonly [string, unknown, number, string][] = [
    ['all passed', { testResults: [file('passed', 'passed', 'passed')] }, 0, '2 passed, 0 failed'],
    ['one failed', { testResults: [file('failed', 'passed', 'failed')] }, 1, '1 passed, 1 failed'],
    [
      'a file that could not load',
      { testResults: [file('passed', 'passed'), file('failed')] },
      1,
      '1 passed, 1 failed',
    ],
    ['an unhandled error with every test green', { testResults: [file('passed', 'passed')] }, 1, '1 passed, 1 failed'],
    ['a crash without a report', undefined, 134, '0 passed, 1 failed'],
    ['a report that is no report', 'nonsense', 0, '0 passed, 1 failed'],
    ['nothing ran', { testResults: [] }, 0, '0 passed, 1 failed'],
  ];
  test.each(cases)('%s', (_name, report, exitCode, line) => {
    expect(countsLine(tallyReport(report, exitCode))).toBe(line);
  });

  test('two runs are added up', () => {
    const sum = addCounts([
      { passed: 2, failed: 0 },
      { passed: 3, failed: 1 },
    ]);
    expect(countsLine(sum)).toBe('5 passed, 1 failed');
  });

  test('what failed is named with its message, without the stack; a file that could not load as well', () => {
    const failed = {
      status: 'failed',
      fullName: 'a thing is so',
      failureMessages: ['Error: it is not\n    at x.ts:1'],
    };
    const files = [
      { name: 'a.test.ts', status: 'failed', assertionResults: [{ status: 'passed' }, failed] },
      { name: 'b.test.ts', status: 'failed', message: 'No such import', assertionResults: [] },
      { name: 'c.test.ts', status: 'passed', assertionResults: [{ status: 'passed' }] },
    ];
    expect(listFailures({ testResults: files })).toEqual([
      'FAIL a.test.ts > a thing is so\nError: it is not',
      'FAIL b.test.ts\nNo such import',
    ]);
    expect(listFailures(undefined)).toEqual([]);
  });
});
