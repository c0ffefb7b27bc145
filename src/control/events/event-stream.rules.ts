// Owns: how a stretch of time is looked through: in windows that grow while they hold little, so that neither a busy minute nor a quiet month costs more than its
// rows. Pure. Not: reading them.

/** From a moment to before another, in milliseconds. */
export interface EventWindow {
  readonly fromMs: number;
  readonly toMs: number;
}

const FIRST_MS = 10_000;
const GROWTH = 4;

/** A stretch in windows that follow each other, the oldest first. */
export function* windowsForward({ fromMs, toMs }: EventWindow): Generator<EventWindow, void, undefined> {
  let width = FIRST_MS;
  for (let at = fromMs; at < toMs; width *= GROWTH) {
    const end = Math.min(at + width, toMs);
    yield { fromMs: at, toMs: end };
    at = end;
  }
}

/** The same from its end. */
export function* windowsBackward({ fromMs, toMs }: EventWindow): Generator<EventWindow, void, undefined> {
  let width = FIRST_MS;
  for (let at = toMs; at > fromMs; width *= GROWTH) {
    const start = Math.max(at - width, fromMs);
    yield { fromMs: start, toMs: at };
    at = start;
  }
}
