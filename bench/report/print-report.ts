// Owns: the benchmark's tables as text. Not: what is in them.

import type { RowReport } from './row-report.ts';

/** A row that was run. */
export interface NamedReport {
  readonly name: string;
  readonly report: RowReport;
}

/** Everything that was measured: results, where the time goes, targets. */
export function renderReports(machine: readonly string[], reports: readonly NamedReport[]): string {
  const results = reports.flatMap(({ report }) =>
    report.results.map(({ what, weir, beside, comparison }) => [what, weir, beside, comparison]),
  );
  const costs = reports.flatMap(({ report }) => (report.costs ?? []).map(({ part, figures }) => [part, ...figures]));
  const targets = reports.flatMap(({ report }) =>
    report.targets.map(({ what, target, result, isMet }) => [what, target, result, isMet ? 'met' : 'MISSED']),
  );
  const notes = reports.flatMap(({ report }) => report.notes ?? []);
  return [
    ...machine,
    '',
    ...table('Measured', ['what', 'Weir', 'beside', 'comparison'], results),
    ...table('Where the time goes', ['part', 'p50', 'p99', 'p50 under load'], costs),
    ...table('Targets', ['what', 'target', 'result', ''], targets),
    ...notes.map((note) => `* ${note}`),
    '',
  ].join('\n');
}

/** A title, a head and rows, in columns; nothing where there are no rows. */
function table(title: string, head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  if (rows.length === 0) return [];
  const widths = head.map((name, column) => Math.max(name.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]): string =>
    `  ${widths.map((width, column) => (cells[column] ?? '').padEnd(width)).join('  ')}`.trimEnd();
  return [title, line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line), ''];
}
