// Owns: a line of the log for people's eyes. Not: what is in it (log.ts).

const SHOWN_ELSEWHERE = new Set(['level', 'time', 'msg']);

/** `{"level":"info","time":"2026-01-02T03:04:05.678Z","msg":"ready","port":1}` as `03:04:05.678 info  ready  port=1`. */
export function formatForPeople(line: string): string {
  let entry: Record<string, unknown>;
  try {
    entry = JSON.parse(line) as Record<string, unknown>;
  } catch {
    return line;
  }
  const time = String(entry.time).slice(11, 23);
  const fields = Object.entries(entry)
    .filter(([name]) => !SHOWN_ELSEWHERE.has(name))
    .map(([name, value]) => `${name}=${typeof value === 'string' ? quoteIfNeeded(value) : JSON.stringify(value)}`);
  return `${time} ${String(entry.level).padEnd(5)} ${entry.msg ?? ''}${fields.length === 0 ? '' : `  ${fields.join(' ')}`}\n`;
}

function quoteIfNeeded(value: string): string {
  return /^[^\s"=]+$/.test(value) ? value : JSON.stringify(value);
}
