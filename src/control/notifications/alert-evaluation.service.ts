// Owns: evaluating every alert rule: measuring, judging, and what follows: alerts that fire, go on, and are over. Not: the rules (contracts), or alerts of budgets.

import { sql } from 'kysely';
import { ALERT_RULES } from '../../contracts/notifications/alert-rules.ts';
import type { Database, DatabaseTransaction } from '../../database/pool.ts';
import { withPlatform } from '../../database/principal.ts';
import type { Clock } from '../../primitives/clock.ts';
import { createUuidV7 } from '../../primitives/ids.ts';
import type { Random } from '../../primitives/random.ts';
import type { Events } from '../events/index.ts';
import { endAlerts, insertAlert, type OpenAlert, takeOpenAlerts, updateValues } from './alert.queries.ts';
import {
  type Breach,
  type Certificate,
  findBreaches,
  LATENCY_RULES,
  type RuleOf,
  type Signals,
  SPEND_DAYS,
  titleOf,
  unmeasuredRules,
} from './alert-evaluation.rules.ts';
import { listStoredRules, type StoredRule } from './alert-rule.queries.ts';
import { effectiveRule, RULE_KEYS } from './alert-rule.rules.ts';
import { listDailySpend, listLatencies, listUse } from './alert-signal.queries.ts';
import type { Latencies } from './latency.rules.ts';

/** What is measured elsewhere; null where it can't be. */
export interface AlertSources {
  /** Counters that differ from their events, at the last comparison. */
  readonly driftedCounters: (tx: DatabaseTransaction) => Promise<number | null>;
  readonly lateJobs: (tx: DatabaseTransaction, nowMs: number) => Promise<Signals['lateJobs']>;
  /** Share of the disk in use where Weir keeps its folder. */
  readonly diskUse: () => Promise<number | null>;
  /** The certificate of the public address, when it is time to look. */
  readonly certificate: () => Promise<Certificate | null>;
}

/** What an evaluation did. */
export interface Evaluation {
  readonly fired: number;
  readonly resolved: number;
  readonly open: number;
}

/** Evaluates. */
export interface AlertEvaluator {
  /** Every rule. One replica at a time; a second one does nothing. */
  evaluate(nowMs: number): Promise<Evaluation>;
}

/** Whoever evaluates holds it ("aler" in ASCII). */
const EVALUATION_LOCK = 0x616c6572;
const MINUTE_MS = 60_000;
const TIMED: ReadonlySet<string> = new Set(Object.values(LATENCY_RULES));

/** Over a pool as `weir_service`. */
export function createAlertEvaluator(options: {
  readonly database: Database;
  readonly events: Events;
  readonly sources: AlertSources;
  readonly clock: Clock;
  readonly random: Random;
}): AlertEvaluator {
  const { database, events, sources, clock, random } = options;

  const fire = async (tx: DatabaseTransaction, breach: Breach, nowMs: number): Promise<boolean> => {
    const { rule, organizationId, reference, value, threshold, windowMinutes, detail, isTold } = breach;
    const id = createUuidV7(clock.nowMs(), random);
    const isNew = await insertAlert(tx, {
      ...{ id, rule, organizationId, scopeReference: reference, value, threshold },
      ...{ details: { detail }, firedAt: new Date(nowMs), windowStart: new Date(nowMs - windowMinutes * MINUTE_MS) },
    });
    if (!isNew) return false;
    if (isTold)
      await events.record(
        tx,
        { userId: null, organizationId },
        {
          name: 'alert_fired',
          properties: {
            ...{ alert_id: id, rule, title: titleOf(rule), detail, value, threshold, scope_reference: reference },
          },
        },
      );
    return true;
  };

  return {
    async evaluate(nowMs) {
      // Before the transaction: both may take their time.
      const outside = { diskUse: await sources.diskUse(), certificate: await sources.certificate() };
      return withPlatform(database, 'evaluate the rules of alerts', async (tx) => {
        const lock = await sql<{
          taken: boolean;
        }>`select pg_try_advisory_xact_lock(${EVALUATION_LOCK}) as taken`.execute(tx);
        if (lock.rows[0]?.taken !== true) return { fired: 0, resolved: 0, open: 0 };
        const stored = await listStoredRules(tx);
        const signals = await measure(tx, { nowMs, stored, sources, outside });
        const ruleOf: RuleOf = (key, organizationId) => effectiveRule(key, stored, organizationId);
        const breaches = findBreaches(signals, ruleOf);
        const unmeasured = new Set<string>(unmeasuredRules(signals));
        const open = await takeOpenAlerts(
          tx,
          RULE_KEYS.filter((key) => !unmeasured.has(key)),
        );
        const { over, going, fresh } = compare(open, breaches);
        await endAlerts(tx, over, new Date(nowMs));
        await updateValues(tx, going);
        let fired = 0;
        for (const breach of fresh) if (await fire(tx, breach, nowMs)) fired += 1;
        return { fired, resolved: over.length, open: going.length + fired };
      });
    },
  };
}

async function measure(
  tx: DatabaseTransaction,
  from: {
    readonly nowMs: number;
    readonly stored: readonly StoredRule[];
    readonly sources: AlertSources;
    readonly outside: Pick<Signals, 'diskUse' | 'certificate'>;
  },
): Promise<Signals> {
  const { nowMs, stored, sources, outside } = from;
  const windowsOf = (isMeant: (rule: string) => boolean): Set<number> =>
    new Set([
      ...RULE_KEYS.filter(isMeant).map((key) => effectiveRule(key, stored, null).windowMinutes),
      ...stored.filter(({ rule }) => isMeant(rule)).map(({ windowMinutes }) => windowMinutes),
      ...RULE_KEYS.filter(isMeant).map((key) => ALERT_RULES[key].windowMinutes),
    ]);
  const isOfLatency = (rule: string): boolean => TIMED.has(rule);
  const latencies = new Map<number, Latencies>();
  for (const minutes of windowsOf(isOfLatency)) latencies.set(minutes, await listLatencies(tx, nowMs, minutes));
  const windows = windowsOf((rule) => !isOfLatency(rule));
  const use = new Map<number, Awaited<ReturnType<typeof listUse>>>();
  for (const minutes of windows) use.set(minutes, await listUse(tx, nowMs, minutes));
  return {
    nowMs,
    today: new Date(nowMs).toISOString().slice(0, 10),
    use,
    spend: await listDailySpend(tx, nowMs, SPEND_DAYS),
    driftedCounters: await sources.driftedCounters(tx),
    lateJobs: await sources.lateJobs(tx, nowMs),
    latencies,
    ...outside,
  };
}

/** What is over, what goes on with another value, and what is new. */
function compare(open: readonly OpenAlert[], breaches: readonly Breach[]) {
  const keyOf = (rule: string, organizationId: string | null, reference: string | null): string =>
    JSON.stringify([rule, organizationId, reference]);
  const found = new Map(breaches.map((each) => [keyOf(each.rule, each.organizationId, each.reference), each]));
  const known = new Map(open.map((each) => [keyOf(each.rule, each.organizationId, each.scopeReference), each]));
  return {
    over: [...known].filter(([key]) => !found.has(key)).map(([, { id }]) => id),
    going: [...known].flatMap(([key, { id }]) => {
      const breach = found.get(key);
      return breach === undefined ? [] : [{ id, value: breach.value }];
    }),
    fresh: [...found].filter(([key]) => !known.has(key)).map(([, breach]) => breach),
  };
}
