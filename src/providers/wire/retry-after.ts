// Owns: reading how long an upstream asks us to wait. Does not own: whether we do.

/** The longest wait that is believed; longer ones are cut to it. */
const WAIT_SECONDS_MAX = 86_400;

/** Headers of an answer, names in lower case. */
export type AnswerHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

/** One header's text; the first when it came several times. */
function readHeader(headers: AnswerHeaders, name: string): string | undefined {
  const value = headers[name];
  return typeof value === 'string' ? value : value?.[0];
}

/**
 * Seconds to wait, rounded up, from `retry-after-ms` (OpenAI's, Azure's) or `Retry-After` (RFC 9110 10.2.3: seconds or a date, which is
 * read against the answer's own `Date`, so that clocks need not agree). Null when there is none, or a negative or senseless one.
 */
export function readRetryAfterSeconds(headers: AnswerHeaders): number | null {
  const milliseconds = readNumber(readHeader(headers, 'retry-after-ms'));
  if (milliseconds !== null) return bounded(milliseconds / 1_000);
  const text = readHeader(headers, 'retry-after');
  const seconds = readNumber(text);
  if (seconds !== null) return bounded(seconds);
  if (text === undefined || !/[a-z]{3}/i.test(text)) return null;
  const until = Date.parse(text);
  const now = Date.parse(readHeader(headers, 'date') ?? '');
  return Number.isNaN(until) || Number.isNaN(now) ? null : bounded((until - now) / 1_000);
}

function readNumber(text: string | undefined): number | null {
  return text !== undefined && /^\s*[+-]?\d+(\.\d+)?\s*$/.test(text) ? Number(text) : null;
}

function bounded(seconds: number): number | null {
  return seconds < 0 ? null : Math.min(Math.ceil(seconds), WAIT_SECONDS_MAX);
}
