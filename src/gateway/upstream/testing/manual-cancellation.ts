// Owns: a client that leaves when a test says so.

import type { Cancellation } from '../cancellation.ts';

/** A cancellation by hand. */
export interface ManualCancellation extends Cancellation {
  cancel(): void;
  /** Who still listens. */
  listeners(): number;
}

/** Not cancelled yet. */
export function createManualCancellation(): ManualCancellation {
  const callbacks = new Set<() => void>();
  let isCancelled = false;
  return {
    isCancelled: () => isCancelled,
    onCancel(callback) {
      if (isCancelled) callback();
      else callbacks.add(callback);
      return () => {
        callbacks.delete(callback);
      };
    },
    cancel() {
      isCancelled = true;
      const told = [...callbacks];
      callbacks.clear();
      for (const callback of told) callback();
    },
    listeners: () => callbacks.size,
  };
}
