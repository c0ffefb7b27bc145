// Owns: noticing that a client has left before it had its answer. Not: what follows from it (attempts.ts, stream-relay.ts).

import type { CallResponse } from '../call.ts';
import type { Cancellation } from '../upstream/cancellation.ts';

/**
 * Watches one response. It is cancelled when the socket closes before the whole answer was handed to the system; one listener a call, and no
 * AbortController (which costs more than the rest of the watching).
 */
export function watchClient(response: CallResponse): Cancellation {
  const callbacks = new Set<() => void>();
  let isGone = response.destroyed && !response.writableFinished;

  response.once('close', () => {
    if (response.writableFinished) return;
    isGone = true;
    const told = [...callbacks];
    callbacks.clear();
    for (const callback of told) callback();
  });

  return {
    isCancelled: () => isGone,
    onCancel(callback) {
      if (isGone) {
        callback();
        return () => {};
      }
      callbacks.add(callback);
      return () => {
        callbacks.delete(callback);
      };
    },
  };
}
