// Owns: the bounds of the gateway, each with its name. Not: the bounds of the upstream side (upstream/limits.ts) or of facts in memory (snapshot/limits.ts).

/** Largest request body: room for several images of a vision call. Bytes. */
export const REQUEST_BODY_MAX = 32 * 1024 * 1024;

/** How often a call is decided anew because facts changed under it, before it is refused as overloaded. */
export const STALE_DECISIONS_MAX = 4;

/** Fewer output tokens than this are no useful answer; a caller who asks for fewer gets them. */
export const USEFUL_OUTPUT_TOKENS = 32n;

/** Expected output of a model that nothing is known of yet. Tokens. */
export const UNKNOWN_OUTPUT_TOKENS = 512;

/** A hold lives so long without being extended: longer than the longest call (upstream's total timeout). Milliseconds. */
export const HOLD_TTL_MS = 15 * 60_000;

/** Tags of one call: entries, and characters of a name or value. */
export const TAGS_MAX = 16;
export const TAG_LENGTH_MAX = 128;

/** Characters of a header that names something (user, persona, feature, environment). */
export const NAME_HEADER_MAX = 200;
