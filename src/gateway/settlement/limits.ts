// Owns: the bounds of bringing settlements home, each with its name. Not: the bounds of a call (the gateway's limits.ts).

/** A journal segment is closed at this size: some 25,000 settlements, three seconds at full load. Bytes. */
export const SEGMENT_BYTES_MAX = 8 * 1024 * 1024;

/** A writer never adds to a segment that it has not written to for so long: it begins another. Milliseconds. */
export const SEGMENT_QUIET_MS = 60_000;

/**
 * A segment whose owner can't be asked after (another host) counts as left behind when it has been quiet for so long. Far above
 * `SEGMENT_QUIET_MS`, so that nobody adds to a segment that another process has taken over. Milliseconds.
 */
export const SEGMENT_ABANDONED_MS = 15 * 60_000;

/** After a failed write the journal is left alone for so long; settlements then wait for the ledger's own commit. Milliseconds. */
export const JOURNAL_PAUSE_MS = 5_000;

/** Settlements of a dead process that are handed to the ledger at once: one batch of the ledger. */
export const REPLAY_BATCH = 512;

/** Pauses between tries while the ledger is unavailable, doubling from the first to the longest. Milliseconds. */
export const RETRY_FIRST_MS = 100;
export const RETRY_LONGEST_MS = 5_000;
