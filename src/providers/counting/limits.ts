// Owns: what keeps counting from holding up the server. Not: what is counted.

/**
 * Work done exactly in one count, in tokens of ordinary text; the rest of the text is bounded by its bytes. At 0.15 µs a token of prose
 * (gpt-tokenizer 4.0.0, Node 24, one core of a shared machine) that is 6 ms; the worst texts found take some 20 to 30 ms.
 */
export const EXACT_WORK_MAX = 40_000;

/** Characters counted exactly in one count: text of few tokens (a megabyte of spaces) takes time as well. */
export const EXACT_LENGTH_MAX = 262_144;

/**
 * Tokens a byte above which a text counts as dense: not made of words that the vocabulary knows, so that it is merged byte by byte.
 * Prose has 0.2 to 0.3, code and JSON up to 0.4, random signs 0.7 and more.
 */
export const DENSE_TOKENS_PER_BYTE = 0.45;

/** How many times the work of ordinary text a token of dense text is. */
export const DENSE_WORK = 5;

/** Characters counted between two looks at the bounds above. */
export const SLICE_LENGTH = 8_192;

/**
 * Longest run without a boundary (letters, blanks or signs in a row) that is merged in one go. Merging takes time in the square of a run's
 * bytes: 100,000 times the letter a took 4.5 s. Longer runs are cut; each cut can add a token.
 */
export const RUN_LENGTH_MAX = 96;

/** What a longer run outside ASCII is cut into, as its characters have up to four bytes. */
export const WIDE_CUT_LENGTH = 32;
