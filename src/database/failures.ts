/**
 * Owns: telling an unreachable database and a lost race from every other error. Does not own: what a caller does then
 * (answer 503, try the batch again).
 */

/** Node's network errors that mean "nobody answers there", the missing Unix socket included. */
const UNREACHABLE_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'ENOENT',
  'ENOTCONN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EAI_AGAIN',
  'ENOTFOUND',
]);

/**
 * SQLSTATE classes and codes of a server that can't serve now: 08 connection exception, 25006 read-only (a standby, until
 * it is promoted), 53 insufficient resources (disk full, too many connections), 57P01..57P05 shutdown and start-up, 58030
 * I/O error.
 * https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
const UNAVAILABLE_STATE = /^(08...|25006|53...|57P0[1-5]|58030)$/;

/** Texts that pg and pg-pool give to errors without a code when a socket ends under them. */
const UNAVAILABLE_TEXT =
  /connection terminated|connection ended|timeout exceeded when trying to connect|not queryable|client was closed/i;

const CONFLICT_STATES = new Set(['40001', '40P01']);
const GIVEN_UP_STATES = new Set(['57014', '55P03']);

/**
 * True when the database could not be reached or stopped serving, so that the same call may succeed later. Looks into
 * `cause` and aggregated errors. After a cut COMMIT the outcome is unknown: only idempotent work may be repeated.
 */
export function isDatabaseUnavailable(error: unknown): boolean {
  return anyError(error, (one) => {
    const code = codeOf(one);
    if (code !== undefined && (UNREACHABLE_CODES.has(code) || UNAVAILABLE_STATE.test(code))) return true;
    return code === undefined && UNAVAILABLE_TEXT.test(one.message);
  });
}

/** True for a serialization failure (40001) or a deadlock (40P01): nothing was done, the transaction may run again. */
export function isRetryableConflict(error: unknown): boolean {
  return anyError(error, (one) => CONFLICT_STATES.has(codeOf(one) ?? ''));
}

/**
 * True when row level security refused a row that was to be written. Acts look at who asks before they begin, so this is somebody whose role or membership ended
 * in the midst of one. Told by PostgreSQL's own function: its texts come in the server's language, and a right that was never granted has the same code.
 */
export function isRefusedByPolicy(error: unknown): boolean {
  return (
    error instanceof Error &&
    codeOf(error) === '42501' &&
    (error as Error & { routine?: unknown }).routine === 'ExecWithCheckOptions'
  );
}

/** True when a row names another one that is gone, or is still named by one (SQLSTATE 23503): what was looked at before is no more. */
export function isLostReference(error: unknown): boolean {
  return error instanceof Error && codeOf(error) === '23503';
}

/**
 * True when the server gave a statement up, by somebody's wish or out of time (57014), or because it did not get a lock in time (55P03): nothing was done, and
 * the same may succeed later.
 */
export function isGivenUp(error: unknown): boolean {
  return anyError(error, (one) => GIVEN_UP_STATES.has(codeOf(one) ?? ''));
}

/**
 * The constraint that refused a row (SQLSTATE class 23: unique, foreign key, check, exclusion), for turning it into an error a person understands where it is
 * caught; undefined for every other error.
 */
export function violatedConstraint(error: unknown): string | undefined {
  if (!(error instanceof Error) || codeOf(error)?.startsWith('23') !== true) return undefined;
  const { constraint } = error as Error & { constraint?: unknown };
  return typeof constraint === 'string' ? constraint : undefined;
}

/** How deep a chain of causes is followed: a cycle must end. */
const CAUSE_DEPTH_MAX = 5;

function anyError(error: unknown, test: (one: Error) => boolean, depth = 0): boolean {
  if (!(error instanceof Error) || depth > CAUSE_DEPTH_MAX) return false;
  if (test(error)) return true;
  if (error instanceof AggregateError && error.errors.some((inner) => anyError(inner, test, depth + 1))) return true;
  return anyError(error.cause, test, depth + 1);
}

function codeOf(error: Error): string | undefined {
  const code = (error as Error & { code?: unknown }).code;
  return typeof code === 'string' ? code : undefined;
}
