/** Owns: the one error of the embedded PostgreSQL. Does not own: PostgreSQL's own errors, which pass through as they are. */

/** The embedded PostgreSQL could not be set up, started or stopped; the message says what to do and holds no secret. */
export class EmbeddedPostgresError extends Error {
  override readonly name = 'EmbeddedPostgresError';
}
