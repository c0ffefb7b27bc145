// Owns: why a request that a tenant named was not made or not answered, in a closed list. Not: deciding it.

/** Why. */
export type OutboundReason =
  | 'invalid_url'
  | 'forbidden_scheme'
  | 'forbidden_port'
  | 'forbidden_host'
  | 'forbidden_address'
  | 'forbidden_header'
  | 'unresolvable'
  | 'redirected'
  | 'too_large'
  | 'timeout'
  | 'unreachable'
  | 'bad_answer';

/** Texts for whoever named the address. None says what a name leads to or what answered there. */
const MESSAGES: Readonly<Record<OutboundReason, string>> = {
  invalid_url: 'This is not a plain http or https URL.',
  forbidden_scheme: 'Only http and https are allowed.',
  forbidden_port: 'Only the ports 80 and 443 are allowed.',
  forbidden_host: 'This host is not allowed.',
  forbidden_address: 'This host leads to an address that is not allowed.',
  forbidden_header: 'A header is not allowed.',
  unresolvable: 'This host has no address.',
  redirected: 'The server redirects to where it may not be followed.',
  too_large: 'The answer is too large.',
  timeout: 'The server took too long.',
  unreachable: 'The server cannot be reached.',
  bad_answer: 'The answer is not HTTP, or not as it should be.',
};

/** A request that did not come to a whole answer. `message` may be shown to the tenant; `internal` may not. */
export class OutboundError extends Error {
  override readonly name = 'OutboundError';
  readonly reason: OutboundReason;
  /** As errors of sockets have it, for who is handed one among them. */
  readonly code: 'OUTBOUND_UNRESOLVABLE' | 'OUTBOUND_FORBIDDEN';
  /** For the log: which part was at fault. */
  readonly internal: string | undefined;

  constructor(reason: OutboundReason, options: { message?: string; internal?: string; cause?: unknown } = {}) {
    super(options.message ?? MESSAGES[reason], options.cause === undefined ? undefined : { cause: options.cause });
    this.reason = reason;
    this.code = reason === 'unresolvable' ? 'OUTBOUND_UNRESOLVABLE' : 'OUTBOUND_FORBIDDEN';
    this.internal = options.internal;
  }
}
