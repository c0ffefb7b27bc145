// Owns: what is told of a model in a list of models, whatever the vendor's shape. Does not own: which models a key may call.

/** A model or template as GET /v1/models shows it, in either vendor's shape. */
export interface ListedModel {
  /** What the caller sends as `model`. */
  readonly id: string;
  readonly displayName: string;
  /** Unix time in seconds. */
  readonly createdSeconds: number;
  /** Who serves it, as OpenAI's `owned_by`: the provider's type. */
  readonly ownedBy: string;
  /** When it is retired, in milliseconds since the epoch; null: no end is known. */
  readonly shutdownAtMs: number | null;
}
