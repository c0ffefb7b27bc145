// Owns: the named bounds of the product API. Not: those of the HTTP server (settings) or of the gateway.

/** Largest body. What people and scripts write is small; files go elsewhere. */
export const BODY_BYTES_MAX = 1_048_576;
/** Deepest JSON. */
export const JSON_DEPTH_MAX = 32;
/** Longest `Idempotency-Key`. */
export const IDEMPOTENCY_KEY_LENGTH_MAX = 255;
/** How long an answer is kept for its idempotency key. */
export const IDEMPOTENCY_KEPT_SECONDS = 86_400;
/** A write that has not ended by then never will: its server is gone. */
export const IDEMPOTENCY_UNDER_WAY_SECONDS = 120;
/** Requests a minute of one session, token or, for who has neither, address. */
export const REQUESTS_PER_MINUTE = 6_000;
/** Guesses a minute at sign-in, sign-up and reset, per address and per account. */
export const AUTH_ATTEMPTS_PER_MINUTE = 10;
/** Requests that a replica takes from the shared limit at once, so that not every request costs a write. */
export const REQUESTS_PER_LEASE = 60;
/** Keys whose leases a replica remembers. */
export const LEASES_MAX = 50_000;
/** Longest user agent that is kept. */
export const USER_AGENT_LENGTH_MAX = 500;
/** Longest `Last-Event-ID` that is looked at. */
export const EVENT_ID_LENGTH_MAX = 200;
/** A stream of events says this often that it is still there, so that no proxy takes it for dead. */
export const EVENT_HEARTBEAT_MS = 15_000;
/** A reader that has not taken what waits for it within this time is cut off. */
export const EVENT_STALL_MS = 60_000;
