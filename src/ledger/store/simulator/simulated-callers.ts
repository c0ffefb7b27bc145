// Owns: what the callers of a simulation know (limits, fact versions, holds) and the operations they make of it.
// Not: what the store answers (simulated-operation.ts) or whether that was right (explanation.ts).

import { divFloor } from '../../../primitives/amounts.ts';
import { createUuidV7 } from '../../../primitives/ids.ts';
import { createSeededRandom } from '../../../primitives/random.ts';
import type { Meter } from '../../core/meter.ts';
import type { Hold, Leg, ReserveRequest } from '../../core/reservation.ts';
import { sampleEvent } from '../../core/testing/samples.ts';
import type { WindowRule } from '../../core/window.ts';
import type { Answer, Operation } from './simulated-operation.ts';
import type { Action, CallPlan, MeterPlan, SimulationPlan } from './simulation-plan.ts';

/** Type of the credits that simulated calls spend. */
export const SIMULATED_CREDIT_TYPE = 'lead_generation';

const MINUTE_MS = 60_000;
/** Keeps the ends of holds and windows away from the instants at which a run stops its clock. */
const BEYOND_THE_STEP_MS = 45_000;

/** The callers of a run. */
export interface SimulatedCallers {
  readonly organizationIds: readonly string[];
  readonly platformMeterKeys: readonly string[];
  /** What an action comes to, with what its caller knows now. */
  resolve(action: Action, nowMs: number): Operation;
  /** The caller hears an answer. True when its facts were stale: it loads them again. */
  hear(operation: Operation, answer: Answer): boolean;
  setLimit(meter: number, limit: bigint | null): void;
  setVersions(versions: ReadonlyMap<string, bigint>): void;
  /** Every hold that any caller ever had, by call id. */
  holds(): ReadonlyMap<string, Hold>;
}

/** Callers who know nothing yet. */
export function createCallers(
  plan: SimulationPlan,
  organizationIds: readonly string[],
  startMs: number,
): SimulatedCallers {
  // Ids alone differ from run to run, as the organization's does: a seed may be played again in the same database.
  const random = createSeededRandom(Number.parseInt(organizationIds[0]?.slice(-8) ?? '0', 16));
  const limits = plan.meters.map((meter) => meter.limit);
  const requests = new Map<number, ReserveRequest>();
  const ids = new Map<number, string>();
  const known = new Map<number, Hold[]>();
  const allHolds = new Map<string, Hold>();
  let versions: ReadonlyMap<string, bigint> = new Map();
  const platformName = `platform:${organizationIds[0]}`;

  const organizationOf = (index: number | null): string | null =>
    index === null ? null : (organizationIds[index] ?? null);
  const meterAt = (index: number): Meter =>
    toMeter(planOf(plan.meters, index), limits[index] ?? null, { organizationOf, platformName, startMs });
  const newId = (nowMs: number): string => createUuidV7(nowMs, random);

  const idOf = (call: number, nowMs: number): string => {
    const id = ids.get(call) ?? newId(nowMs);
    ids.set(call, id);
    return id;
  };

  const request = (call: number, nowMs: number): ReserveRequest => {
    const made = requests.get(call);
    if (made) return made;
    const callPlan = planOf(plan.calls, call);
    const organizationId = organizationOf(callPlan.organization) ?? '';
    const id = idOf(call, nowMs);
    const fresh: ReserveRequest = {
      id,
      organizationId,
      versions: { platform: versions.get('platform') ?? 0n, organization: versions.get(organizationId) ?? 0n },
      ttlMs: callPlan.ttlMinutes * MINUTE_MS + BEYOND_THE_STEP_MS,
      legs: callPlan.legs.map(({ meter, base, rate }) => ({ meter: meterAt(meter), base, rate })),
      output: callPlan.output,
      credits: callPlan.credits === null ? null : { creditType: SIMULATED_CREDIT_TYPE, amount: callPlan.credits },
      event: sampleEvent(organizationId, { source: 'estimated', status: 'timeout', errorCode: 'hold_expired' }),
    };
    requests.set(call, fresh);
    return fresh;
  };

  const resolve = (action: Action, nowMs: number): Operation => {
    if (action.kind === 'sweep') return action;
    if (action.kind === 'read') return { kind: 'read', meters: plan.meters.map((_, index) => meterAt(index)) };
    const { call } = action;
    const callPlan = planOf(plan.calls, call);
    const organizationId = organizationOf(callPlan.organization) ?? '';
    const holds = known.get(call) ?? [];
    const newest = holds.at(-1);
    if (action.kind === 'record')
      return {
        kind: 'record',
        id: action.ofCall ? idOf(call, nowMs) : newId(nowMs),
        event: sampleEvent(organizationId, { status: 'denied' }),
      };
    if (action.kind === 'reserve' || !newest) return { kind: 'reserve', call, request: request(call, nowMs) };
    switch (action.kind) {
      case 'extend': {
        const legs = newest.legs.map((leg, index): Leg => ({ ...termsOf(callPlan, index), meter: leg.meter }));
        return { kind: 'extend', call, request: { hold: newest, legs, grantedOutput: action.output } };
      }
      case 'release':
        return {
          kind: 'release',
          hold: newest,
          event: sampleEvent(organizationId, { status: 'error', errorCode: 'provider_error' }),
        };
      case 'orphan': {
        const lost = { ...newest, id: newId(nowMs) };
        return {
          kind: 'settle',
          request: {
            hold: lost,
            used: lost.legs.map((leg) => leg.amount),
            creditsUsed: lost.credits?.amount ?? 0n,
            event: sampleEvent(organizationId),
          },
        };
      }
      case 'settle': {
        const hold = (action.oldestHold ? holds[0] : newest) ?? newest;
        const share = (amount: bigint): bigint => divFloor(amount * action.percent, 100n);
        const used = hold.legs.map((leg) => share(leg.amount));
        return {
          kind: 'settle',
          request: { hold, used, creditsUsed: share(hold.credits?.amount ?? 0n), event: sampleEvent(organizationId) },
        };
      }
    }
  };

  return {
    organizationIds,
    platformMeterKeys: plan.meters.flatMap((meter, index) => (meter.organization === null ? [meterAt(index).key] : [])),
    resolve,
    hear(operation, answer) {
      if (answer.kind !== 'reserve' && answer.kind !== 'extend') return false;
      if (operation.kind !== 'reserve' && operation.kind !== 'extend') return false;
      const { verdict } = answer;
      if (verdict.outcome === 'admitted' || verdict.outcome === 'extended') {
        known.set(operation.call, [...(known.get(operation.call) ?? []), verdict.hold]);
        allHolds.set(verdict.hold.id, verdict.hold);
      }
      // Refused for the facts of then: the next attempt is made with those of now.
      const refused = verdict.outcome === 'denied' || verdict.outcome === 'stale';
      if (operation.kind === 'reserve' && refused && !known.has(operation.call)) requests.delete(operation.call);
      return verdict.outcome === 'stale';
    },
    setLimit(meter, limit) {
      limits[meter] = limit;
    },
    setVersions(loaded) {
      versions = loaded;
    },
    holds: () => allHolds,
  };
}

function planOf<T>(plans: readonly T[], index: number): T {
  const plan = plans[index];
  if (plan === undefined) throw new RangeError(`the plan has no number ${index}`);
  return plan;
}

function termsOf(call: CallPlan, index: number): { base: bigint; rate: bigint } {
  const { base, rate } = planOf(call.legs, index);
  return { base, rate };
}

function toMeter(
  plan: MeterPlan,
  limit: bigint | null,
  names: { organizationOf: (index: number | null) => string | null; platformName: string; startMs: number },
): Meter {
  const organizationId = names.organizationOf(plan.organization);
  const window: WindowRule =
    plan.window === 'anniversary'
      ? { kind: 'anniversary', anchorMs: names.startMs - BEYOND_THE_STEP_MS }
      : { kind: plan.window };
  const { kind, scopeClass, unit, mode, name } = plan;
  return {
    key: `${organizationId ?? names.platformName}:${name}`,
    kind,
    scopeClass,
    unit,
    window,
    limit,
    mode,
    organizationId,
    label: name,
  };
}
