// Owns: what a load is asked to be and what came of it. Not: making it.

/** How hard, and for how long. */
export interface LoadOptions {
  readonly connections: number;
  readonly seconds: number;
}

/** What came of it, as the tool saw it. */
export interface LoadResult {
  readonly answers: number;
  /** Answers that were no 2xx, and calls without an answer. */
  readonly failures: number;
  readonly answersPerSecond: number;
  readonly latencyMsP50: number;
  readonly latencyMsP99: number;
}
