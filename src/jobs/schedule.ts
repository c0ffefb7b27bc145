// Owns: which jobs there are and when each runs, as data; all in UTC. Not: what they do, or the arithmetic of time (schedule.rules.ts).

/** How often, and at which moment of it. Everything in UTC. */
export type Rhythm =
  | { readonly every: 'minutes'; readonly minutes: 1 | 5 }
  | { readonly every: 'hour'; readonly minute: number }
  | { readonly every: 'day'; readonly minute: number }
  /** From Monday on. */
  | { readonly every: 'week'; readonly minute: number }
  /** The first day. */
  | { readonly every: 'month'; readonly minute: number };

/** When a job runs. `minute` of a rhythm counts from the start of its hour or day. */
export interface Schedule {
  readonly title: string;
  readonly rhythm: Rhythm;
  /** So long after a moment at which it was due, it is late unless it has succeeded since. */
  readonly lateAfterMinutes: number;
  /** A run that takes longer has lost whoever ran it; another may begin. */
  readonly patienceMinutes: number;
}

const minutely = { every: 'minutes', minutes: 1 } as const;
const often = { rhythm: minutely, lateAfterMinutes: 10, patienceMinutes: 10 };
const fiveMinutely = { every: 'minutes', minutes: 5 } as const;

/** The table of jobs, as `docs/decisions/0057-jobs-alerts-and-notifications.md` explains it. */
export const SCHEDULE = {
  day_close: {
    title: 'Close the day: tell people whose daily limit renewed',
    rhythm: { every: 'day', minute: 0 },
    ...{ lateAfterMinutes: 60, patienceMinutes: 30 },
  },
  week_close: {
    title: 'Close the week: tell people whose weekly limit renewed, weekly digests',
    rhythm: { every: 'week', minute: 0 },
    ...{ lateAfterMinutes: 120, patienceMinutes: 60 },
  },
  month_close: {
    title: 'Close the month: tell people whose monthly limit renewed, reports for organizations',
    rhythm: { every: 'month', minute: 0 },
    ...{ lateAfterMinutes: 120, patienceMinutes: 60 },
  },
  credit_refresh: {
    title: 'Make the next lots of credits, end those that ran out, warn of low balances',
    rhythm: { every: 'hour', minute: 2 },
    ...{ lateAfterMinutes: 60, patienceMinutes: 30 },
  },
  usage_rollup: { title: 'Add up new use by the hour and the day', ...often },
  ledger_verify: {
    title: 'Compare counters and sums with their events, at night; every hour while that reads little',
    rhythm: { every: 'hour', minute: 10 },
    ...{ lateAfterMinutes: 120, patienceMinutes: 60 },
  },
  provider_health: { title: 'Ask providers whether they answer', ...often },
  budget_check: {
    title: 'Compare budgets with their thresholds and forecasts',
    rhythm: fiveMinutely,
    ...{ lateAfterMinutes: 30, patienceMinutes: 15 },
  },
  alert_rules: { title: 'Evaluate the rules of alerts', ...often },
  notifications: { title: 'Tell people what concerns them', ...often },
  partitions: {
    title: 'Make the partitions of the months ahead',
    rhythm: { every: 'day', minute: 80 },
    ...{ lateAfterMinutes: 1_440, patienceMinutes: 30 },
  },
  retention: {
    title: 'Remove what is past its retention',
    rhythm: { every: 'hour', minute: 20 },
    ...{ lateAfterMinutes: 180, patienceMinutes: 60 },
  },
  expiries: {
    title: 'End invitations, pauses and sessions that have run out',
    rhythm: fiveMinutely,
    ...{ lateAfterMinutes: 30, patienceMinutes: 15 },
  },
  // Only where a folder for backups is set; when, the settings say.
  backup: {
    title: 'Write a backup, read it back, drop old ones',
    rhythm: { every: 'day', minute: 150 },
    ...{ lateAfterMinutes: 360, patienceMinutes: 300 },
  },
} as const satisfies Record<string, Schedule>;

/** The name of a job. */
export type JobName = keyof typeof SCHEDULE;

/** A job that an installation runs. */
export interface ScheduledJob {
  readonly name: JobName;
  /** Another than the schedule's, where the settings say so. */
  readonly rhythm?: Rhythm;
}

/** What an installation runs: all jobs, a backup only where it has a rhythm for it. */
export function listScheduled(backup: Rhythm | null): ScheduledJob[] {
  const names = Object.keys(SCHEDULE) as JobName[];
  return names.flatMap((name): ScheduledJob[] => {
    if (name !== 'backup') return [{ name }];
    return backup === null ? [] : [{ name, rhythm: backup }];
  });
}

/** When an installation runs a job. */
export function scheduleOf({ name, rhythm }: ScheduledJob): Schedule {
  return rhythm === undefined ? SCHEDULE[name] : { ...SCHEDULE[name], rhythm };
}
