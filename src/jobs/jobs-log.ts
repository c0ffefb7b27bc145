// Owns: the log that jobs write to; pino's satisfies it. Not: a logger.

type Write = (fields: Record<string, unknown>, message: string) => void;

/** Fields first, then the sentence. */
export interface JobsLog {
  readonly debug: Write;
  readonly info: Write;
  readonly warn: Write;
}
