/**
 * Owns: the shape of the log that the database package writes to. Does not own: a logger; pino's satisfies this, and so
 * does `silentLog` where nobody listens.
 */

type Write = (fields: Record<string, unknown>, message: string) => void;

/** A structured log: fields first, then the sentence, as pino takes them. Never given secrets or connection strings. */
export interface DatabaseLog {
  info: Write;
  warn: Write;
  error: Write;
}

/** Drops every line. */
export const silentLog: DatabaseLog = { info: () => {}, warn: () => {}, error: () => {} };
