// Owns: noticing that a client left before it had its answer, or that the server closes under a stream that has no end of its own. Not: what follows from it.

import type { ServerResponse } from 'node:http';

/** Notices who leaves. */
export interface Leaving {
  /** Aborted when the client leaves before the whole answer was handed to the system; for an endless answer also when the server closes. */
  signalOf(response: ServerResponse, isEndless: boolean): AbortSignal;
  /** Ends every endless answer, so that closing waits for none. */
  closing(): void;
}

/** Nobody has left yet. */
export function createLeaving(): Leaving {
  const endless = new Set<AbortController>();
  return {
    signalOf(response, isEndless) {
      const controller = new AbortController();
      if (isEndless) endless.add(controller);
      response.once('close', () => {
        endless.delete(controller);
        if (!response.writableFinished) controller.abort();
      });
      return controller.signal;
    },
    closing() {
      for (const controller of endless) controller.abort();
    },
  };
}
