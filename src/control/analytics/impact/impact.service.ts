// Owns: previews of a change: one at a time for an organization, within bounds of time and memory. Not: what a proposal comes to (impact-preparation.ts), or the
// replay itself (impact-report.rules.ts).

import { sql } from 'kysely';
import { IMPACT_ROWS_MAX } from '../../../contracts/analytics/impact.ts';
import type { ImpactProposal } from '../../../contracts/analytics/impact-proposals.ts';
import type { Caller } from '../../../contracts/caller.ts';
import type { Database, DatabaseTransaction } from '../../../database/pool.ts';
import { withPlatform, withPrincipal } from '../../../database/principal.ts';
import type { Clock } from '../../../primitives/clock.ts';
import { WeirError } from '../../../primitives/errors.ts';
import { findNames } from './impact-facts.queries.ts';
import { type PreparedImpact, prepareImpact } from './impact-preparation.ts';
import { mostAffected, mostBlocked } from './impact-ranking.rules.ts';
import { countImpact, type ImpactReport } from './impact-report.rules.ts';
import { countedFrom } from './impact-scenario.rules.ts';
import { streamCalls } from './impact-usage.queries.ts';
import { type LimitWindow, trackWindows, type WindowTrack } from './impact-windows.rules.ts';

const DAY_MS = 86_400_000;
/** Bounds of one replay; beyond, it is cut off and says so. */
const EVENTS_MAX = 2_000_000;
const TIME_MAX_MS = 20_000;
const PEOPLE_MAX = 250_000;
/** Replays of one server at once: each holds a connection while it reads. */
const REPLAYS_MAX = 2;

/** What is asked. */
export interface ImpactQuestion {
  readonly proposal: ImpactProposal;
  readonly days: number;
  /** Null: all organizations; for superadmins. */
  readonly organizationId: string | null;
  readonly isPlatform: boolean;
}

/** What is answered. */
export interface ImpactAnswer {
  readonly kind: ImpactProposal['kind'];
  readonly prepared: PreparedImpact;
  readonly report: ImpactReport;
  readonly windows: readonly LimitWindow[] | null;
  readonly asOfMs: number;
  readonly fromMs: number;
  readonly toMs: number;
  readonly countedFromMs: number;
  readonly replayedToMs: number;
  readonly events: number;
  readonly truncated: 'events' | 'time' | 'people' | null;
  /** Of the people and organizations that are shown. */
  readonly names: ReadonlyMap<string, string>;
}

/** Previews changes. */
export interface ImpactService {
  /** Errors: 400 naming what is not there, 409 `conflict` while another runs for the same, 503 `overloaded`. */
  preview(caller: Caller, question: ImpactQuestion): Promise<ImpactAnswer>;
}

/** Over the given database. */
export function createImpactService(options: { readonly database: Database; readonly clock: Clock }): ImpactService {
  const { database, clock } = options;
  let running = 0;
  return {
    async preview(caller, question) {
      if (running >= REPLAYS_MAX) throw new WeirError('overloaded', { retryAfterSeconds: 10 });
      running += 1;
      try {
        const asOfMs = clock.nowMs();
        // Today counts as the last of the days.
        const toMs = Math.floor(asOfMs / DAY_MS) * DAY_MS + DAY_MS;
        const span = { asOfMs, toMs, fromMs: toMs - question.days * DAY_MS };
        const prepared = await withPlatform(database, 'read what an impact preview is about', (tx) =>
          prepareImpact(tx, question.proposal, { ...question, nowMs: asOfMs }),
        );
        return await replay(options, { caller, question, prepared, span });
      } finally {
        running -= 1;
      }
    },
  };
}

interface ReplayOrder {
  readonly caller: Caller;
  readonly question: ImpactQuestion;
  readonly prepared: PreparedImpact;
  readonly span: { readonly asOfMs: number; readonly fromMs: number; readonly toMs: number };
}

async function replay(
  { database, clock }: { readonly database: Database; readonly clock: Clock },
  { caller, question, prepared, span }: ReplayOrder,
): Promise<ImpactAnswer> {
  const { scenario, scope, denied, tracked } = prepared;
  const countedFromMs = countedFrom(scenario, span.fromMs);
  const counting = countImpact(scenario, span.fromMs);
  const track: WindowTrack | null = tracked && trackWindows(tracked);
  const endsAtMs = clock.nowMs() + TIME_MAX_MS;
  let [events, lastMs] = [0, countedFromMs];
  let truncated: ImpactAnswer['truncated'] = null;
  try {
    // By the person's own door: row level security decides whose calls these are.
    await withPrincipal(database, caller, async (tx) => {
      await lock(tx, question.organizationId);
      const calls = streamCalls(tx, { scope, denied, countedFromMs, ...span }, () =>
        boundStep(tx, endsAtMs - clock.nowMs()),
      );
      for await (const call of calls) {
        truncated = events >= EVENTS_MAX ? 'events' : counting.peopleCount >= PEOPLE_MAX ? 'people' : null;
        if (truncated !== null) return;
        events += 1;
        lastMs = call.atMs;
        counting.count(call);
        if (call.status !== 'denied') track?.count(call, scenario.proposed.costOf(call) ?? 0n);
      }
    });
  } catch (error) {
    if (!(error instanceof OutOfTime || isTimeout(error))) throw error;
    truncated = 'time';
  }
  const report = counting.report();
  const names = await withPrincipal(database, caller, (tx) =>
    findNames(tx, {
      users: mostBlocked(report.people, IMPACT_ROWS_MAX).flatMap(({ userId }) => userId ?? []),
      organizations: question.isPlatform ? mostAffected(report.organizations, IMPACT_ROWS_MAX).map(([id]) => id) : [],
    }),
  );
  return {
    ...{ kind: question.proposal.kind, prepared, report, names, events, truncated, countedFromMs, ...span },
    replayedToMs: truncated === null ? span.toMs : lastMs,
    windows: track?.windowsAfter(span.fromMs) ?? null,
  };
}

/** The time of a replay is used up between two steps. */
class OutOfTime extends Error {}

/** A step takes no longer than what is left of the whole time. */
async function boundStep(tx: DatabaseTransaction, leftMs: number): Promise<void> {
  if (leftMs <= 0) throw new OutOfTime();
  await sql`select set_config('statement_timeout', ${String(Math.ceil(leftMs))}, true)`.execute(tx);
}

/** A step that was stopped: the time of its statement is ours, see `boundStep`. */
const isTimeout = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === '57014';

/** Until the transaction ends; 409 while somebody else has it. */
async function lock(tx: DatabaseTransaction, organizationId: string | null): Promise<void> {
  const name = `weir impact preview ${organizationId ?? 'of all'}`;
  const { rows } = await sql<{ taken: boolean }>`
    select pg_try_advisory_xact_lock(hashtextextended(${name}, 0)) as taken`.execute(tx);
  if (rows[0]?.taken !== true)
    throw new WeirError('conflict', { message: 'Another impact preview is under way. Ask again once it has ended.' });
}
