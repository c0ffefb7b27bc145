// Owns: whether and when a request is tried again, as pure decisions. Not: waiting or sending (send-request.ts).

/** Pauses grow from here, doubling, each drawn at random up to its bound ("full jitter"), so that many clients do not come back at once. */
const FIRST_PAUSE_MS = 500;
const PAUSE_MS_MAX = 8_000;
/** What the server asks for is waited for up to here; longer is for the caller to decide: a quota may come back next month. */
const ASKED_PAUSE_MS_MAX = 30_000;
/** Added to what the server asks for, at most, as a part of it. */
const ASKED_JITTER = 0.25;

const PASSING_STATUSES: readonly number[] = [429, 502, 503, 504];

/** One try that did not succeed. */
export interface FailedTry {
  /** Tries before this one. */
  readonly retries: number;
  readonly retriesMax: number;
  /** Whether doing it twice does no harm. */
  readonly isRepeatable: boolean;
  /** Null when no answer came. */
  readonly status: number | null;
  readonly retryAfterSeconds: number | null;
  /** From 0 to below 1. */
  readonly chance: number;
}

/** Milliseconds to wait before the next try; undefined: there is none. */
export function pauseBeforeRetry(failed: FailedTry): number | undefined {
  const { retries, retriesMax, isRepeatable, status, retryAfterSeconds, chance } = failed;
  if (!isRepeatable || retries >= retriesMax) return undefined;
  // The first try of ours may still be under way when the second one comes: the server then says 409 and when to ask again.
  const isOwnConflict = status === 409 && retries > 0 && retryAfterSeconds !== null;
  if (status !== null && !PASSING_STATUSES.includes(status) && !isOwnConflict) return undefined;
  if (retryAfterSeconds === null) return Math.round(chance * Math.min(PAUSE_MS_MAX, FIRST_PAUSE_MS * 2 ** retries));
  const askedMs = retryAfterSeconds * 1_000;
  return askedMs > ASKED_PAUSE_MS_MAX ? undefined : Math.round(askedMs * (1 + chance * ASKED_JITTER));
}

/** Seconds of a `Retry-After`, RFC 9110 section 10.2.3; a date counts from the answer's own `Date`, so that no clock of ours is asked. */
export function readRetryAfter(headers: Headers): number | null {
  const text = headers.get('retry-after')?.trim();
  if (text === undefined) return null;
  if (/^\d{1,10}$/.test(text)) return Number(text);
  const seconds = (Date.parse(text) - Date.parse(headers.get('date') ?? '')) / 1_000;
  return Number.isFinite(seconds) ? Math.max(0, Math.ceil(seconds)) : null;
}
