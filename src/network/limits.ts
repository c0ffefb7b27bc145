// Owns: the bounds of requests to what tenants name. Not: which of them a request narrows.

/** A whole request, its redirects included, unless it says otherwise. */
export const TOTAL_MS = 10_000;
/** DNS, TCP and TLS of one connection. */
export const CONNECT_MS = 5_000;
/** All headers of an answer together. */
export const ANSWER_HEADER_BYTES_MAX = 16_384;
/** The body of an answer, unless the request says otherwise. */
export const ANSWER_BYTES_MAX = 1_048_576;
export const REDIRECTS_MAX = 3;
/** A proof is one line; a page that is served for every path is longer. */
export const PROOF_BYTES_MAX = 16_384;
/** One way of looking for a proof; a file is looked for in two. */
export const PROOF_MS = 5_000;
