// Owns: the face of idempotency keys for the stages. Not: how callers of one key meet (create-idempotency.ts) or where answers are kept
// (idempotency-queries.ts).

/** A whole answer as it was written to a client. */
export interface KeptAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** An answer that was given, and charged, but can't be given again: cut off in the middle, or too large to keep. */
export interface LostAnswer {
  readonly status: number;
  readonly body: null;
}

/** A call that carries a key. */
export interface IdempotentCall {
  readonly keyId: string;
  readonly organizationId: string;
  /** The header as sent. */
  readonly idempotencyKey: string;
  /** SHA-256 of route and body. */
  readonly requestHash: Buffer;
  readonly requestId: string;
}

/** The first call of a key. Exactly one of the two is called; neither rejects. */
export interface IdempotencySlot {
  /** Keeps the answer for the callers that come after. */
  complete(answer: KeptAnswer | LostAnswer): Promise<void>;
  /** Nothing was charged: the key is free again. */
  abandon(): Promise<void>;
}

/** How a call with a key begins. `replay` has the id of the call that was answered first. */
export type BegunCall =
  | { readonly kind: 'fresh'; readonly slot: IdempotencySlot }
  | ({ readonly kind: 'replay'; readonly requestId: string } & KeptAnswer);

/** One upstream call, one event, the same answer for a key. */
export interface Idempotency {
  /**
   * Begins a call. The first caller of a key is `fresh`; those after it wait for its answer.
   * @throws {WeirError} `idempotency_mismatch` with another body, `conflict` when the first call does not end in time or ended without an answer,
   * `invalid_request` for a key that is empty, too long or not printable, `ledger_unavailable` without the database
   */
  begin(call: IdempotentCall): Promise<BegunCall>;
}
