// Owns: every bound of the sandbox. Not: what happens beyond one.

/** Largest request body that is read; a larger one is answered with 413. */
export const BODY_BYTES_MAX = 10 * 1024 * 1024;

/** Longest answer that `tokens=` may ask for. */
export const OUTPUT_TOKENS_MAX = 100_000;

/** Answers of one call (`n`), as OpenAI's. */
export const CHOICES_MAX = 128;

/** Texts of one embeddings call, as OpenAI's. */
export const EMBEDDING_INPUTS_MAX = 2048;

/** Numbers of one embedding, as OpenAI's largest. */
export const EMBEDDING_DIMENSIONS_MAX = 3072;

/** Longest wait that a directive may ask for. */
export const WAIT_MS_MAX = 600_000;

/** Largest single line that `huge-line=` may ask for. */
export const HUGE_LINE_BYTES_MAX = 1024 * 1024 * 1024;

/** Markers that `fail-first=` remembers; the oldest is forgotten. */
export const MARKERS_MAX = 1000;

/** Levels of a JSON schema that are filled in; below them what may be left out is. */
export const SCHEMA_DEPTH_MAX = 6;

/** Values made for one JSON schema; beyond them what may be left out is, so that a schema that branches into itself stays small. */
export const SCHEMA_VALUES_MAX = 500;
