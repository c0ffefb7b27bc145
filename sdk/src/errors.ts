// Owns: what a call can fail with. Not: when it is tried again (retry.rules.ts).

import type { ProblemCode } from './operations.generated.ts';

/** One field that is not right. */
export interface ProblemField {
  /** As `members[2].email`; empty for the whole body. */
  readonly path: string;
  readonly message: string;
}

/** What the server refused, or failed at: an `application/problem+json` (RFC 9457). */
export class WeirProblem extends Error {
  override readonly name = 'WeirProblem';
  /** Stable: what a program decides by. `unexpected_answer` for what did not come from Weir, such as a proxy's page. */
  readonly code: ProblemCode | 'unexpected_answer';
  readonly status: number;
  /** For questions to the operator. */
  readonly requestId: string | null;
  /** Each field that is not right; empty unless the code is `invalid_request`. */
  readonly fields: readonly ProblemField[];
  /** Seconds after which another try makes sense. */
  readonly retryAfterSeconds: number | null;
  /** The problem as it came. */
  readonly problem: Readonly<Record<string, unknown>>;

  constructor(answer: {
    readonly status: number;
    readonly requestId: string | null;
    readonly retryAfterSeconds: number | null;
    readonly problem: Readonly<Record<string, unknown>>;
  }) {
    const { code, title, detail, errors } = answer.problem;
    super(
      [title, detail].filter((text) => typeof text === 'string').join(' ') || `The server answered ${answer.status}.`,
    );
    this.code = typeof code === 'string' ? (code as ProblemCode) : 'unexpected_answer';
    this.status = answer.status;
    this.requestId = answer.requestId;
    this.retryAfterSeconds = answer.retryAfterSeconds;
    this.fields = Array.isArray(errors) ? (errors as ProblemField[]) : [];
    this.problem = answer.problem;
  }
}

/** No whole answer came: the server was not reached, or it took too long. Whether a write was done is not known. */
export class WeirConnectionError extends Error {
  override readonly name = 'WeirConnectionError';
  readonly isTimeout: boolean;

  constructor(message: string, options: { readonly isTimeout: boolean; readonly cause?: unknown }) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.isTimeout = options.isTimeout;
  }
}

/** Whether an error is a problem; with codes, one of these. */
export function isProblem<Code extends WeirProblem['code'] = WeirProblem['code']>(
  error: unknown,
  ...codes: readonly Code[]
): error is WeirProblem & { readonly code: Code } {
  return error instanceof WeirProblem && (codes.length === 0 || (codes as readonly string[]).includes(error.code));
}
