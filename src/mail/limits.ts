// Owns: the bounds of mail. Not: those of the table (migration 000060).

export const ADDRESS_CHARS_MAX = 254;
export const SUBJECT_CHARS_MAX = 200;
/** A person's or an organization's name within a mail; longer ones are cut. */
export const NAME_CHARS_MAX = 80;
/** A mail that a server does not take is tried for so long; `docs/decisions/0041-mail-and-guarded-fetcher.md` says why. */
export const GIVE_UP_AFTER_MS = 24 * 3_600_000;
/** The pause after the first failure; each further one is four times as long, up to the longest. */
export const FIRST_RETRY_MS = 15_000;
export const LONGEST_RETRY_MS = 3_600_000;
/** One delivery, whatever the mail server does. */
export const DELIVERY_MS = 60_000;
/** Connecting, the greeting, and each silence of the mail server. */
export const SILENCE_MS = 15_000;
/** Who takes a mail has it for so long: longer than a delivery, or another replica would send it as well. */
export const CLAIM_MS = 5 * 60_000;
/** Connections to the mail server at once. */
export const CONNECTIONS_MAX = 4;
/** Mail that is over is kept for so many days, to be looked at. */
export const KEPT_DAYS = 30;
/** Text of the last failure that is kept. */
export const FAILURE_CHARS_MAX = 500;
