// Owns: what measurements say of each part's health, and what to do. Not: measuring.

import type { StoredHealth } from './system-health.queries.ts';

/** How a part is doing: `degraded` still answers, `down` does not or must not be trusted. */
export type HealthStatus = 'ok' | 'degraded' | 'down';

/** One part. `remedy` null: there is nothing to do. */
export interface HealthPart {
  readonly name: string;
  readonly status: HealthStatus;
  readonly detail: string;
  readonly remedy: string | null;
}

/** What this process knows of itself, without a query. Null: not measured yet. */
export interface ProcessHealth {
  readonly isSnapshotFresh: boolean;
  readonly driftedCounters: number | null;
  readonly defaultPartitionRows: number | null;
  readonly settlementsPending: number;
  readonly providers: readonly { readonly provider: string; readonly breaker: 'closed' | 'half_open' | 'open' }[];
}

/** All that was measured. */
export interface MeasuredHealth extends ProcessHealth {
  readonly stored: StoredHealth;
  /** Time of a question to the database. */
  readonly databaseMs: number;
  readonly isMailSending: boolean;
}

/** A question this slow is felt at every page. */
const SLOW_DATABASE_MS = 500;
/** Settlements wait for a batch or two; so many of them wait for something else. */
const MANY_SETTLEMENTS = 1_000;

const SEVERITY: readonly HealthStatus[] = ['ok', 'degraded', 'down'];

/** The worst of the parts. */
export function worstOf(parts: readonly HealthPart[]): HealthStatus {
  return SEVERITY[Math.max(0, ...parts.map(({ status }) => SEVERITY.indexOf(status)))] ?? 'ok';
}

/** Every part, in the order in which one would look. */
export function judgeHealth(measured: MeasuredHealth): HealthPart[] {
  const { stored, databaseMs, driftedCounters: drift, defaultPartitionRows: strays, settlementsPending } = measured;
  return [
    part(
      'database',
      `answered in ${Math.round(databaseMs)} ms`,
      databaseMs > SLOW_DATABASE_MS && {
        status: 'degraded',
        remedy: 'Look at its load, its disk and its longest transactions.',
      },
    ),
    part(
      'facts',
      measured.isSnapshotFresh ? 'as fresh as promised' : 'older than promised',
      !measured.isSnapshotFresh && {
        status: 'down',
        remedy: 'Calls are refused until the database can be read again; look at its connections.',
      },
    ),
    part(
      'ledger',
      drift === null ? 'not compared by this process yet' : `${drift} counters differ from the events`,
      !!drift && {
        status: 'down',
        remedy: 'Run "weir ledger verify", then "weir ledger rebuild".',
      },
    ),
    part(
      'holds',
      `${stored.holdsOpen} open, ${stored.holdsOverdue} overdue`,
      stored.holdsOverdue > 0 && {
        status: 'degraded',
        remedy: 'No server ends overdue holds: look in the log for "sweep".',
      },
    ),
    part(
      'settlements',
      `${settlementsPending} wait for the ledger`,
      settlementsPending > MANY_SETTLEMENTS && {
        status: 'degraded',
        remedy: 'They are safe on disk. Look at the database, and leave this server running.',
      },
    ),
    part(
      'partitions',
      strays === null ? 'not measured yet' : `${strays} events without a month`,
      !!strays && {
        status: 'degraded',
        remedy: 'Restart a server: it makes the months ahead and moves the events.',
      },
    ),
    mailPart(measured),
    ...measured.providers.map(providerPart),
  ];
}

function mailPart({ stored, isMailSending }: MeasuredHealth): HealthPart {
  const { mailPending, mailLate, mailFailed } = stored;
  if (!isMailSending)
    return part('mail', 'kept here: there is no mail server', {
      status: 'degraded',
      remedy: 'Set WEIR_SMTP_URL, or read mail under /api/admin/mail.',
    });
  const detail = `${mailPending} on its way, ${mailLate} late, ${mailFailed} given up within a day`;
  return part(
    'mail',
    detail,
    mailLate + mailFailed > 0 && {
      status: 'degraded',
      remedy: 'Read the last errors under /api/admin/mail, and check the mail server.',
    },
  );
}

function providerPart({ provider, breaker }: ProcessHealth['providers'][number]): HealthPart {
  const name = `provider ${provider}`;
  if (breaker === 'closed') return part(name, 'answers', false);
  const isOpen = breaker === 'open';
  return part(name, isOpen ? 'not called: it failed too often' : 'being tried again', {
    status: isOpen ? 'down' : 'degraded',
    remedy: 'It is tried again by itself; check its status page and our credentials.',
  });
}

function part(
  name: string,
  detail: string,
  fault: false | { readonly status: HealthStatus; readonly remedy: string },
): HealthPart {
  return fault === false ? { name, status: 'ok', detail, remedy: null } : { name, detail, ...fault };
}
