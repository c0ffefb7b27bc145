// Owns: how the upstream side learns that nobody wants the answer any more. Cheaper than AbortSignal: no event objects, no listeners' map.
// Not: how a client's leaving is noticed (relay/client-connection.ts).

/** Something that may be given up, once. */
export interface Cancellation {
  isCancelled(): boolean;
  /** Calls back when it is cancelled, at once if it already is; gives the way to stop listening. */
  onCancel(callback: () => void): () => void;
}

/** For work that nobody can give up. */
export const neverCancelled: Cancellation = {
  isCancelled: () => false,
  onCancel: () => () => {},
};
