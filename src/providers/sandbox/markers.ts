// Owns: how often each marker of `fail-first=` has been seen. The sandbox's only state; bounded. Not: what a failure looks like.

import { MARKERS_MAX } from './limits.ts';

/** Counts requests by marker. */
export interface MarkerCounts {
  /** How many requests with this marker came before, this one not included. */
  next(marker: string): number;
}

/** Counts that start at nothing. Beyond `MARKERS_MAX` the marker that was seen longest ago is forgotten. */
export function createMarkerCounts(): MarkerCounts {
  const counts = new Map<string, number>();
  return {
    next(marker) {
      const before = counts.get(marker) ?? 0;
      // Put in again, so that the order of the map is the order of last use.
      counts.delete(marker);
      counts.set(marker, before + 1);
      if (counts.size > MARKERS_MAX) {
        const [oldest] = counts.keys();
        if (oldest !== undefined) counts.delete(oldest);
      }
      return before;
    },
  };
}
