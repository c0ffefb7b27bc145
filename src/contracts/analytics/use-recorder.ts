// Owns: what the control plane asks of the gateway to book a call that was made elsewhere, as types: it imports no gateway. Not: the booking (src/gateway/record-use.ts).

import type { TokenUse } from '../../primitives/price.ts';

/** Whose call it was, and what it was for. Names are checked by the recorder. */
export interface UseOwner {
  readonly organizationId: string;
  /** Null: nobody's, as of a service key. */
  readonly userId: string | null;
  /** The virtual key it is told with; null: a session or token. */
  readonly virtualKeyId: string | null;
  readonly modelId: string;
  /** Of a model that is not in the catalog. */
  readonly provider: string | null;
  readonly feature: string | null;
  /** Slug. */
  readonly template: string | null;
}

/** A call as it was told of. */
export interface RecordedUse {
  /** A UUIDv7 of the moment of the call: its event's id, by which it is booked once. */
  readonly id: string;
  readonly tokens: TokenUse;
  /** Null: there is no price. */
  readonly costNanoUsd: bigint | null;
  readonly priceId: string | null;
  readonly status: 'success' | 'error' | 'timeout' | 'cancelled';
  readonly errorCode: string | null;
  readonly latencyMs: number | null;
  readonly firstTokenMs: number | null;
  readonly environment: string;
  readonly tags: Readonly<Record<string, string>> | null;
}

/** A call that may be booked. */
export interface UseBooking {
  /** Of the catalog, or as it was told. */
  readonly provider: string;
  /** Books it on every meter that it would have counted on, in the windows of its moment. False: it was booked before. */
  book(use: RecordedUse): Promise<boolean>;
}

/** The gateway's side. */
export interface UseRecorder {
  /** Checks the names: 404 naming the field for a feature, template or person that is not there, 403 for a key that may not act for the person. */
  open(owner: UseOwner): Promise<UseBooking>;
}
