// Owns: how far the next noon is, for tests of what is counted by the hour, day, week or month. Not: a clock.

const DAY_MS = 86_400_000;

/**
 * Milliseconds until the next noon in UTC. Time that begins there has an hour before an hour ends and twelve before anything longer does: none ends in the midst
 * of a test, at whatever moment that is run.
 */
export function untilNoonMs(nowMs: number): number {
  return (1.5 * DAY_MS - (nowMs % DAY_MS)) % DAY_MS;
}
