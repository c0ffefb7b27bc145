// Owns: every bound of the snapshot, by name. Not: bounds of other parts of the gateway.

/** How much the snapshot keeps and how long it waits. Counts are entries, times milliseconds. */
export interface SnapshotLimits {
  /** An organization's facts are ~2 KB plus its templates and budgets; what hangs on an evicted one goes with it. */
  readonly organizationsMax: number;
  readonly membersMax: number;
  readonly keysMax: number;
  /** Unknown keys remembered, so that a client that keeps trying one costs no query each time. */
  readonly unknownKeysMax: number;
  readonly unknownKeyTtlMs: number;
  /** Versions are compared this often; a lost notification is repaired by the second comparison at the latest. */
  readonly versionCheckIntervalMs: number;
  /** Without a successful comparison for this long the facts may be older than promised. */
  readonly freshForMs: number;
  /** Scopes compared in one query: more would hold up the event loop (1,000 take about half a millisecond to write out). */
  readonly scopesPerCheckMax: number;
  /** Keys or members read in one query, and asked for at most before callers are told to come back. */
  readonly loadBatchMax: number;
  readonly loadsWaitingMax: number;
  /** A load that facts changed under is repeated; after that many times its answer is used once and not kept. */
  readonly loadAttemptsMax: number;
  /** Notifications of scopes that are not in memory, remembered for loads that are under way. */
  readonly recentInvalidationsMax: number;
  /** First and longest pause before the listener connects again; doubled each time, jittered. */
  readonly reconnectFirstMs: number;
  readonly reconnectMaxMs: number;
  /** A listening connection that does not answer within this is given up: a half-open socket never says that it ended. */
  readonly listenerAnswerMs: number;
}

/** What the gateway runs with; `admission.md` section 1 promises 1 s with and 10 s without notifications. */
export const SNAPSHOT_LIMITS: SnapshotLimits = {
  organizationsMax: 10_000,
  membersMax: 100_000,
  keysMax: 100_000,
  unknownKeysMax: 10_000,
  unknownKeyTtlMs: 10_000,
  versionCheckIntervalMs: 5_000,
  freshForMs: 10_000,
  scopesPerCheckMax: 1_000,
  loadBatchMax: 500,
  loadsWaitingMax: 10_000,
  loadAttemptsMax: 5,
  recentInvalidationsMax: 1_000,
  reconnectFirstMs: 100,
  reconnectMaxMs: 2_000,
  listenerAnswerMs: 3_000,
};

/** Where a model names no most: what vendors' current models give at least. */
export const DEFAULT_MAX_OUTPUT_TOKENS = 4_096;
