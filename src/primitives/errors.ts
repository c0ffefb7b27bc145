// Owns: the one catalogue of error codes (status, public text, remedy) and the error that carries one. Not: vendors' error shapes (providers) or HTTP.

interface ErrorEntry {
  readonly status: number;
  /** What the caller reads. Never holds internal detail. */
  readonly message: string;
  /** What the caller can do about it. */
  readonly remedy: string;
  /** Whether the same call may succeed within seconds. */
  readonly retryable: boolean;
}

/** Every error Weir answers with. `docs/errors.md` is kept equal to it by a test. */
export const ERROR_CATALOGUE = {
  invalid_request: {
    status: 400,
    message: 'The request is not valid.',
    remedy: 'Correct the named field.',
    retryable: false,
  },
  unsupported_parameter: {
    status: 400,
    message: 'A parameter cannot be carried to this model.',
    remedy: 'Remove the named parameter or choose a model that takes it.',
    retryable: false,
  },
  model_not_enabled: {
    status: 400,
    message: 'The model is not enabled.',
    remedy: 'Choose a model from GET /v1/models.',
    retryable: false,
  },
  unauthenticated: {
    status: 401,
    message: 'Who asks is not known.',
    remedy: 'Send `Authorization: Bearer wr_…` or `x-api-key: wr_…`, or sign in.',
    retryable: false,
  },
  invalid_key: {
    status: 401,
    message: 'The key is not valid.',
    remedy: 'Check the key for typing errors or make a new one.',
    retryable: false,
  },
  expired_key: {
    status: 401,
    message: 'The key has expired.',
    remedy: 'Ask an admin of your organization for a new key.',
    retryable: false,
  },
  revoked_key: {
    status: 401,
    message: 'The key has been revoked.',
    remedy: 'Ask an admin of your organization for a new key.',
    retryable: false,
  },
  budget_exceeded: {
    status: 402,
    message: 'A budget is used up.',
    remedy: 'Ask an admin to raise the budget or wait for its next period.',
    retryable: false,
  },
  insufficient_credits: {
    status: 402,
    message: 'There are not enough credits.',
    remedy: 'Buy credits or wait for the next allocation.',
    retryable: false,
  },
  purchase_required: {
    status: 402,
    message: 'The model must be bought first.',
    remedy: 'Buy the model in the portal.',
    retryable: false,
  },
  payment_failed: {
    status: 402,
    message: 'The payment failed.',
    remedy: 'Check the payment method.',
    retryable: false,
  },
  forbidden: {
    status: 403,
    message: 'This is not allowed.',
    remedy: 'Ask an admin of your organization.',
    retryable: false,
  },
  plan_required: { status: 403, message: 'A higher plan is required.', remedy: 'Upgrade the plan.', retryable: false },
  model_locked: {
    status: 403,
    message: 'The model is locked.',
    remedy: 'Buy the model or ask an admin for access.',
    retryable: false,
  },
  trial_exhausted: {
    status: 403,
    message: 'The trial is used up.',
    remedy: 'Buy the model to go on.',
    retryable: false,
  },
  ip_not_allowed: {
    status: 403,
    message: 'The key may not be used from this address.',
    remedy: 'Call from an allowed address or change the allow-list of the key.',
    retryable: false,
  },
  organization_suspended: {
    status: 403,
    message: 'The organization is suspended.',
    remedy: 'Contact the owner of the platform.',
    retryable: false,
  },
  member_paused: {
    status: 403,
    message: 'The member is paused.',
    remedy: 'Ask an admin of your organization.',
    retryable: false,
  },
  feature_inactive: {
    status: 403,
    message: 'The feature is not active.',
    remedy: 'Contact the owner of the platform.',
    retryable: false,
  },
  not_found: {
    status: 404,
    message: 'There is no such thing.',
    remedy: 'Check the name or the path.',
    retryable: false,
  },
  model_not_found: {
    status: 404,
    message: 'There is no such model.',
    remedy: 'Choose a model from GET /v1/models.',
    retryable: false,
  },
  method_not_allowed: {
    status: 405,
    message: 'The path does not know this method.',
    remedy: 'Use a method that `Allow` names.',
    retryable: false,
  },
  conflict: {
    status: 409,
    message: 'The request conflicts with what is there, or with another one under way.',
    remedy: 'Read the state again, or wait for the other request.',
    retryable: false,
  },
  idempotency_mismatch: {
    status: 409,
    message: 'The idempotency key was used with another request.',
    remedy: 'Use a new key for a new request.',
    retryable: false,
  },
  stale: {
    status: 412,
    message: 'It has changed since it was read.',
    remedy: 'Read it again and repeat the change.',
    retryable: false,
  },
  too_large: { status: 413, message: 'The request is too large.', remedy: 'Send less.', retryable: false },
  unsupported_media_type: {
    status: 415,
    message: 'The content type is not supported.',
    remedy: 'Send `content-type: application/json`.',
    retryable: false,
  },
  organization_quota_exceeded: {
    status: 429,
    message: "The organization's token quota is used up.",
    remedy: 'Wait for the reset or ask for a higher quota.',
    retryable: false,
  },
  user_limit_exceeded: {
    status: 429,
    message: 'Your limit on this template is used up.',
    remedy: 'Wait for the reset or ask an admin for a higher limit.',
    retryable: false,
  },
  daily_message_limit: {
    status: 429,
    message: "The model's messages for today are used up.",
    remedy: 'Wait for the reset or choose another model.',
    retryable: false,
  },
  rate_limited: { status: 429, message: 'Too many requests.', remedy: 'Wait for `Retry-After`.', retryable: true },
  request_cancelled: {
    status: 499,
    message: 'The client closed the connection.',
    remedy: 'Send the request again.',
    retryable: true,
  },
  internal_error: {
    status: 500,
    message: 'Something went wrong inside Weir.',
    remedy: 'Try again; if it stays, give the request id to the operator.',
    retryable: true,
  },
  provider_error: {
    status: 502,
    message: 'The provider failed.',
    remedy: 'Try again later or choose another model.',
    retryable: true,
  },
  overloaded: { status: 503, message: 'Weir is overloaded.', remedy: 'Wait for `Retry-After`.', retryable: true },
  no_healthy_provider: {
    status: 503,
    message: 'No provider for this model is healthy.',
    remedy: 'Try again later or choose another model.',
    retryable: true,
  },
  ledger_unavailable: {
    status: 503,
    message: 'Usage cannot be recorded at the moment.',
    remedy: 'Wait for `Retry-After`.',
    retryable: true,
  },
  feature_maintenance: {
    status: 503,
    message: 'The feature is in maintenance.',
    remedy: 'Wait for `Retry-After`.',
    retryable: true,
  },
  provider_timeout: {
    status: 504,
    message: 'The provider took too long.',
    remedy: 'Try again later or choose another model.',
    retryable: true,
  },
} as const satisfies Record<string, ErrorEntry>;

/** A code of the catalogue. */
export type ErrorCode = keyof typeof ERROR_CATALOGUE;

/** What an error may carry besides its code. */
export interface WeirErrorOptions {
  /** Public text in place of the catalogue's: names the field and the remedy. Never internal detail. */
  message?: string;
  /** The request field at fault, as a path: `messages[2].content`. */
  param?: string;
  /** Seconds after which a retry makes sense. */
  retryAfterSeconds?: number;
  /** Headers of the reply, lower-case: what is left of a rate. */
  headers?: Readonly<Record<string, string>>;
  /** Public facts for the reply: failing meters, an upgrade address. */
  details?: Readonly<Record<string, unknown>>;
  /** Internal detail for the log. Never leaves the server. */
  internal?: string;
  /** Which rule or meter refused, for the trace of a denial. No part of the reply. */
  rule?: string;
  cause?: unknown;
}

/** The one error that a reply is made from. */
export class WeirError extends Error {
  readonly code: ErrorCode;
  readonly status: number;
  readonly param: string | undefined;
  readonly retryAfterSeconds: number | undefined;
  readonly details: Readonly<Record<string, unknown>> | undefined;
  readonly headers: Readonly<Record<string, string>> | undefined;
  readonly internal: string | undefined;
  readonly rule: string | undefined;

  constructor(code: ErrorCode, options: WeirErrorOptions = {}) {
    super(
      options.message ?? ERROR_CATALOGUE[code].message,
      options.cause === undefined ? undefined : { cause: options.cause },
    );
    this.name = 'WeirError';
    this.code = code;
    this.status = ERROR_CATALOGUE[code].status;
    this.param = options.param;
    this.retryAfterSeconds = options.retryAfterSeconds;
    this.details = options.details;
    this.headers = options.headers;
    this.internal = options.internal;
    this.rule = options.rule;
  }
}
