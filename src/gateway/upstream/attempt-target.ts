// Owns: the words of a call with several attempts: where it may go, what was tried, how it ended. Not: the trying (attempts.ts).

import type { CarriedRequest, Carrier, CarryInput, CompleteAnswer, UpstreamFailure } from '../../providers/protocol.ts';
import type { ProviderFacts } from '../snapshot/facts.ts';
import type { Cancellation } from './cancellation.ts';
import type { UpstreamHeaders } from './dispatch.ts';
import type { OpenStream } from './stream-opening.ts';

/** A call made ready for one target. */
export interface PreparedCall {
  readonly carrier: Carrier;
  readonly input: CarryInput;
  readonly carried: CarriedRequest;
  /** Headers that carry the secret. */
  readonly credentials: Readonly<Record<string, string>>;
}

/** Where a call may go: the model itself, or one of its fallbacks. */
export interface AttemptTarget {
  readonly provider: ProviderFacts;
  /** The catalog model that it is. */
  readonly modelId: string;
  /** Whose secret is used: health is kept for each apart. `platform`, or an organization's id. */
  readonly credentialId: string;
  /**
   * Writes the request; asked once, when it is this target's turn. Throws a `WeirError` for what cannot be carried: the caller's own error at the first
   * target, a skipped target later on.
   */
  prepare(): PreparedCall;
}

/** One call. */
export interface AttemptCall {
  /** At least one, in the order of preference. */
  readonly targets: readonly AttemptTarget[];
  readonly isStream: boolean;
  readonly cancellation: Cancellation;
}

/** What became of one attempt. `status` is the upstream's; null without one. `failure` null: it served the call. */
export interface AttemptRecord {
  readonly providerId: string;
  readonly modelId: string;
  readonly status: number | null;
  readonly failure: UpstreamFailure | null;
  readonly latencyMs: number;
}

interface Served {
  readonly target: AttemptTarget;
  readonly prepared: PreparedCall;
  readonly headers: UpstreamHeaders;
  /** From the call's start to the first byte of the answer (whole answers: to their end). */
  readonly firstByteMs: number;
  readonly attempts: readonly AttemptRecord[];
}

/** How the call ended. Refused targets that were never tried are not attempts. */
export type AttemptsOutcome =
  | ({ readonly kind: 'complete'; readonly answer: CompleteAnswer; readonly status: number } & Served)
  | ({ readonly kind: 'stream'; readonly stream: OpenStream } & Served)
  | { readonly kind: 'failed'; readonly failure: UpstreamFailure; readonly attempts: readonly AttemptRecord[] }
  | { readonly kind: 'cancelled'; readonly attempts: readonly AttemptRecord[] };
