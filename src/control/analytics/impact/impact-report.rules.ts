// Owns: what a replay adds up to: who would have been blocked, when, and what it would have cost. Pure. Not: whether a call is let through (impact-replay.rules.ts),
// or any of it as JSON (impact-json.rules.ts).

import { canReprice, type ReplayCall } from './impact-call.rules.ts';
import { createReplay, type ReplayWorld } from './impact-replay.rules.ts';
import { personOf } from './impact-world.rules.ts';

const DAY_MS = 86_400_000;

/** Two sets of rules, and what else is asked of a call. */
export interface ReplayScenario {
  readonly current: ReplayWorld;
  readonly proposed: ReplayWorld;
  /** What does not fit about a call, by name; counted. */
  notesOf(call: ReplayCall): readonly string[];
  /** Whether the proposal is about the call: others are replayed, for they share limits with these, but not told of unless they would be blocked. */
  isAbout(call: ReplayCall): boolean;
}

/** Calls and money of a group. Money in nano-USD. */
export interface ImpactSums {
  calls: number;
  blockedCalls: number;
  blockedPeople: number;
  asWasNanoUsd: bigint;
  wouldBeNanoUsd: bigint;
}

/** Somebody with calls. */
export interface ImpactPerson {
  readonly organizationId: string;
  readonly userId: string | null;
  calls: number;
  blockedCalls: number;
  firstBlockedMs: number | null;
  code: string | null;
  daysBlocked: number;
  lastDayBlocked: number;
}

/** What came out. */
export interface ImpactReport {
  readonly totals: ImpactSums;
  readonly freed: number;
  readonly blockedEitherWay: number;
  readonly cutShort: number;
  readonly unpriced: number;
  readonly notRepriced: number;
  readonly people: ReadonlyMap<string, ImpactPerson>;
  /** By the start of the day in UTC; days without calls are left out. */
  readonly days: ReadonlyMap<number, ImpactSums>;
  readonly organizations: ReadonlyMap<string, ImpactSums>;
  readonly reasons: ReadonlyMap<string, number>;
  readonly notes: ReadonlyMap<string, number>;
  readonly denied: { readonly calls: number; readonly people: number; readonly reasons: ReadonlyMap<string, number> };
}

/** Takes calls one after the other. */
export interface ImpactCounting {
  /** A call that happened; those before the range count on their windows alone. */
  count(call: ReplayCall): void;
  /** People and days held in memory so far. */
  readonly peopleCount: number;
  report(): ImpactReport;
}

const zero = (): ImpactSums => ({ calls: 0, blockedCalls: 0, blockedPeople: 0, asWasNanoUsd: 0n, wouldBeNanoUsd: 0n });
const increase = (counts: Map<string, number>, key: string): void => void counts.set(key, (counts.get(key) ?? 0) + 1);

/** Replays and adds up. */
export function countImpact(scenario: ReplayScenario, fromMs: number): ImpactCounting {
  const current = createReplay(scenario.current);
  const proposed = createReplay(scenario.proposed);
  const totals = zero();
  const tallies = { freed: 0, blockedEitherWay: 0, cutShort: 0, unpriced: 0, notRepriced: 0 };
  const people = new Map<string, ImpactPerson>();
  const days = new Map<number, ImpactSums>();
  const organizations = new Map<string, ImpactSums>();
  const [reasons, notes] = [new Map<string, number>(), new Map<string, number>()];
  const denied = { calls: 0, people: new Set<string>(), reasons: new Map<string, number>() };

  const countDenied = (call: ReplayCall): void => {
    if (call.atMs < fromMs) return;
    denied.calls += 1;
    denied.people.add(personOf(call));
    increase(denied.reasons, call.errorCode ?? 'denied');
  };
  const countCall = (call: ReplayCall): void => {
    const now = current.admit(call);
    const then = proposed.admit(call);
    if (call.atMs < fromMs) return;
    const code = now.refusal === null ? then.refusal : null;
    if (code === null && !scenario.isAbout(call)) return;
    if (now.refusal !== null && then.refusal !== null) tallies.blockedEitherWay += 1;
    if (now.refusal !== null && then.refusal === null) tallies.freed += 1;
    if (then.isCutShort) tallies.cutShort += 1;
    if (call.credits === null && call.costNanoUsd === null) tallies.unpriced += 1;
    if (!canReprice(call) && call.credits === null) tallies.notRepriced += 1;
    for (const note of scenario.notesOf(call)) increase(notes, note);
    const person = at(people, personOf(call), () => newPerson(call));
    const day = Math.floor(call.atMs / DAY_MS) * DAY_MS;
    const groups = { totals, day: at(days, day, zero), organization: at(organizations, call.organizationId, zero) };
    const asWas = call.costNanoUsd ?? 0n;
    // What both sets of rules block did happen: its cost is the same either way.
    const wouldBe = code !== null ? 0n : (scenario.proposed.costOf(call) ?? 0n);
    person.calls += 1;
    for (const sums of Object.values(groups)) {
      sums.calls += 1;
      sums.asWasNanoUsd += asWas;
      sums.wouldBeNanoUsd += wouldBe;
      if (code !== null) sums.blockedCalls += 1;
    }
    if (code === null) return;
    increase(reasons, code);
    if (person.firstBlockedMs === null) {
      Object.assign(person, { firstBlockedMs: call.atMs, code });
      totals.blockedPeople += 1;
      groups.organization.blockedPeople += 1;
    }
    person.blockedCalls += 1;
    if (person.lastDayBlocked !== day) {
      person.lastDayBlocked = day;
      person.daysBlocked += 1;
      groups.day.blockedPeople += 1;
    }
  };

  return {
    count: (call) => (call.status === 'denied' ? countDenied(call) : countCall(call)),
    get peopleCount() {
      return people.size + denied.people.size;
    },
    report: () => ({
      ...{ totals, ...tallies, people, days, organizations, reasons, notes },
      denied: { ...denied, people: denied.people.size },
    }),
  };
}

function newPerson({ organizationId, userId }: ReplayCall): ImpactPerson {
  const never = { firstBlockedMs: null, code: null, daysBlocked: 0, lastDayBlocked: Number.NaN };
  return { organizationId, userId, calls: 0, blockedCalls: 0, ...never };
}

function at<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  let value = map.get(key);
  if (value === undefined) {
    value = make();
    map.set(key, value);
  }
  return value;
}
