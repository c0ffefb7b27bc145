// Owns: which phase of its life the process is in. Not: what happens in each (start.ts, shutdown.ts).

/** `draining`: still answering, no longer to be sent calls. */
export type Phase = 'starting' | 'ready' | 'draining' | 'stopping';

/** The phase, for those who ask and the one who changes it. */
export interface Lifecycle {
  phase(): Phase;
  enter(phase: Phase): void;
}

/** A life that begins with `starting`. */
export function createLifecycle(): Lifecycle {
  let phase: Phase = 'starting';
  return {
    phase: () => phase,
    enter: (next) => {
      phase = next;
    },
  };
}
