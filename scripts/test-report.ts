// Owns: turning Vitest's JSON report and exit code into two numbers that can't claim a success that was none.
// Does not own: running Vitest (test-run.ts).

export interface TestCounts {
  readonly passed: number;
  readonly failed: number;
}

/** What a run of the suite came to. */
export interface TestOutcome extends TestCounts {
  /** What did not pass, a few lines each: where, which test, and what was said. */
  readonly failures: readonly string[];
}

interface ReportedTest {
  readonly status?: string;
  readonly fullName?: string;
  readonly failureMessages?: readonly string[];
}

interface ReportedFile {
  readonly name?: string;
  readonly status?: string;
  readonly message?: string;
  readonly assertionResults?: readonly ReportedTest[];
}

/** What is shown of one failure: its message without the stack. */
const SHOWN_LINES = 12;
const SHOWN_CHARACTERS = 1_500;

/**
 * Counts tests. A file that failed without a failing test (an import error, a failed hook) is one failure; so is an
 * exit code other than 0 with no failure to show for it, a report that is missing, and a run in which nothing ran.
 *
 * @param report parsed output of Vitest's `json` reporter, or undefined when there is none
 * @param exitCode Vitest's exit code
 */
export function tallyReport(report: unknown, exitCode: number): TestCounts {
  let passed = 0;
  let failed = 0;
  for (const file of reportedFiles(report)) {
    const tests = file.assertionResults ?? [];
    const failures = tests.filter((test) => test.status === 'failed').length;
    passed += tests.filter((test) => test.status === 'passed').length;
    failed += failures === 0 && file.status === 'failed' ? 1 : failures;
  }
  const silentFailure = failed === 0 && (exitCode !== 0 || passed === 0);
  return { passed, failed: silentFailure ? 1 : failed };
}

/** What failed, to be shown again at the end of a long run, where it is read. @param report as for `tallyReport` */
export function listFailures(report: unknown): readonly string[] {
  return reportedFiles(report).flatMap((file) => {
    const failed = (file.assertionResults ?? []).filter((test) => test.status === 'failed');
    if (failed.length === 0) return file.status === 'failed' ? [failureText(file.name, '', file.message)] : [];
    return failed.map((test) => failureText(file.name, test.fullName, test.failureMessages?.join('\n')));
  });
}

function failureText(file = 'a file', test = '', message = ''): string {
  const lines = message.split('\n').filter((line) => !/^\s+at /.test(line));
  const shown = lines.slice(0, SHOWN_LINES).join('\n').slice(0, SHOWN_CHARACTERS);
  return `FAIL ${file}${test === '' ? '' : ` > ${test}`}\n${shown}`;
}

/** The line every test command ends with. */
export function countsLine({ passed, failed }: TestCounts): string {
  return `${passed} passed, ${failed} failed`;
}

/** Adds up several runs. */
export function addCounts(runs: readonly TestCounts[]): TestCounts {
  return {
    passed: runs.reduce((sum, run) => sum + run.passed, 0),
    failed: runs.reduce((sum, run) => sum + run.failed, 0),
  };
}

function reportedFiles(report: unknown): readonly ReportedFile[] {
  if (typeof report !== 'object' || report === null) return [];
  const { testResults } = report as { testResults?: unknown };
  return Array.isArray(testResults) ? (testResults as readonly ReportedFile[]) : [];
}
