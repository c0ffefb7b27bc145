// Owns: what a job is: a name of the schedule with something to do. Not: when it runs (schedule.ts), or any one job.

import type { ScheduledJob } from './schedule.ts';

/** What a run did, in numbers of its own. */
export type JobCounts = Readonly<Record<string, number>>;

/** What a run is given. */
export interface JobContext {
  /** Milliseconds since the epoch; a run that is asked for twice does the same. */
  readonly nowMs: number;
  /** Whether the process is ending: a job of many batches leaves the rest to the next run. */
  readonly isStopping: () => boolean;
}

/** Something that is done from time to time. Idempotent, and safe on several replicas at once. */
export interface Job extends ScheduledJob {
  run(context: JobContext): Promise<JobCounts>;
}

/** Work in batches until one is not full. Bounded: what is left waits for the next run. Gives how many things were done. */
export async function inBatches(
  context: Pick<JobContext, 'isStopping'>,
  bounds: { readonly size: number; readonly batches: number },
  work: (limit: number) => Promise<number>,
): Promise<number> {
  let total = 0;
  for (let batch = 0; batch < bounds.batches && !context.isStopping(); batch += 1) {
    const done = await work(bounds.size);
    total += done;
    if (done < bounds.size) break;
  }
  return total;
}
