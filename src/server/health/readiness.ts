// Owns: whether this process should be sent calls, and why not. Not: the route (operations.routes.ts), or when it stops (lifecycle.ts).

import type { LedgerTrouble } from '../../ledger/store/lane-watch.ts';
import type { Clock } from '../../primitives/clock.ts';
import type { Lifecycle } from '../lifecycle/lifecycle.ts';
import type { Measurements } from '../metrics/measurements.ts';

/** One thing that was looked at. A check that is not `required` warns and lets the process be ready. */
export interface ReadinessCheck {
  readonly name: string;
  readonly ok: boolean;
  readonly required: boolean;
  readonly detail?: string;
}

/** All of it. */
export interface ReadinessReport {
  readonly ready: boolean;
  readonly checks: readonly ReadinessCheck[];
}

/** What is looked at. */
export interface ReadinessOptions {
  readonly clock: Clock;
  readonly lifecycle: Lifecycle;
  /** Rejects when the database does not answer, or takes no writes. */
  readonly askDatabase: () => Promise<void>;
  readonly isSnapshotFresh: () => boolean;
  readonly measurements: () => Measurements;
  readonly ledgerTrouble: () => LedgerTrouble | null;
}

/** The database is asked this often at most, however many ask us. */
const DATABASE_CHECK_EVERY_MS = 1_000;
/** Past it the database counts as gone; load balancers wait about as long. */
const DATABASE_PATIENCE_MS = 2_000;

/** A question that may be asked as often as one likes. */
export function createReadiness(options: ReadinessOptions): () => Promise<ReadinessReport> {
  const { clock, lifecycle } = options;
  let askedAtMs = Number.NEGATIVE_INFINITY;
  let answer: Promise<boolean> = Promise.resolve(false);

  const isDatabaseThere = (): Promise<boolean> => {
    if (clock.monotonicMs() - askedAtMs >= DATABASE_CHECK_EVERY_MS) {
      askedAtMs = clock.monotonicMs();
      answer = answersWithin(options.askDatabase, DATABASE_PATIENCE_MS);
    }
    return answer;
  };

  return async () => {
    const checks = [
      phaseCheck(lifecycle),
      databaseCheck(await isDatabaseThere()),
      factsCheck(options.isSnapshotFresh()),
      ledgerCheck(options.ledgerTrouble()),
      partitionCheck(options.measurements().defaultPartitionRows ?? 0),
    ];
    return { ready: checks.every((check) => check.ok || !check.required), checks };
  };
}

function phaseCheck(lifecycle: Lifecycle): ReadinessCheck {
  const ok = lifecycle.phase() === 'ready';
  return { name: 'phase', ok, required: true, ...(ok ? {} : { detail: lifecycle.phase() }) };
}

function databaseCheck(ok: boolean): ReadinessCheck {
  return { name: 'database', ok, required: true, ...(ok ? {} : { detail: 'does not answer, or takes no writes' }) };
}

function factsCheck(ok: boolean): ReadinessCheck {
  return { name: 'facts', ok, required: true, ...(ok ? {} : { detail: 'older than promised' }) };
}

/** Not required: one organization's lock may be behind it, and with the whole database every replica has the same trouble. */
function ledgerCheck(trouble: LedgerTrouble | null): ReadinessCheck {
  const name = 'ledger';
  if (trouble === null) return { name, ok: true, required: false };
  const detail = `calls are refused: nothing was committed for ${Math.round(trouble.forMs / 1_000)} s`;
  return { name, ok: false, required: false, detail };
}

function partitionCheck(rows: number): ReadinessCheck {
  const ok = rows === 0;
  const detail = `${rows} events found no monthly partition`;
  return { name: 'default_partition', ok, required: false, ...(ok ? {} : { detail }) };
}

async function answersWithin(ask: () => Promise<void>, patienceMs: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => resolve(false), patienceMs);
  ask().then(
    () => resolve(true),
    () => resolve(false),
  );
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
  }
}
