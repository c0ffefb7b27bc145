// Owns: the dry run of a call: every check in order with its verdict, every meter with limit, used, held, asked and reset. Nothing is held.
// Not: the checks themselves (rules/, the ledger).

import { decideReserve, legAmount } from '../ledger/core/decide.ts';
import type { LedgerStore } from '../ledger/core/ledger-store.ts';
import type { Leg, MeterState, OutputAsk } from '../ledger/core/reservation.ts';
import { toJsonAmount } from '../primitives/amounts.ts';
import type { TokenCounter } from '../providers/counting/token-counter.ts';
import type { ParsedCall } from '../providers/protocol.ts';
import { askCredits, buildLegs } from './admission/legs.ts';
import type { OutputForecast } from './admission/output-forecast.ts';
import type { Caller, CallWishes, Refusal, Resolution } from './call.ts';
import { fallbackLine } from './rules/fallback-line.ts';
import { findModelRight } from './rules/model-access.ts';
import { RULES } from './rules/rules.ts';
import { askOutput, inputTokensOf } from './stages/decide.ts';
import { countInputExactly } from './stages/exact-input.ts';
import { resolve } from './stages/resolve.ts';
import type { CheckTemplateTrial } from './template-trials.ts';

/** What explaining needs. */
export interface ExplainDependencies {
  readonly store: LedgerStore;
  readonly forecast: OutputForecast;
  readonly checkTemplateTrial: CheckTemplateTrial;
  readonly counter: TokenCounter;
  /** Makes the plan's lots of the running period, as the call itself would: they are the organization's already. */
  readonly ensureCredits: (caller: Caller, nowMs: number) => Promise<void>;
  /** Credits in the organization's active lots. */
  readonly creditsAvailable: (organizationId: string, creditType: string, nowMs: number) => Promise<bigint>;
}

/** The call to explain. */
export interface CallToExplain {
  readonly caller: Caller;
  readonly parsed: ParsedCall;
  readonly wishes: CallWishes;
  readonly remoteAddress: string;
}

/**
 * Explains a call.
 * @throws {WeirError} as `resolve` does, for a model that means nothing
 */
export async function explainCall(
  dependencies: ExplainDependencies,
  call: CallToExplain,
): Promise<Record<string, unknown>> {
  const { store, forecast } = dependencies;
  const { caller, parsed, wishes, remoteAddress } = call;
  const nowMs = store.nowMs();
  const resolution = resolve({ caller, parsed, wishes, nowMs });
  const checks = RULES.map((rule) =>
    describeCheck(
      rule.name,
      rule.check({ caller, resolution, route: parsed.route, remoteAddress, needs: parsed.needs, nowMs }),
    ),
  );
  checks.push(describeCheck('template_trial', await dependencies.checkTemplateTrial(caller, resolution, nowMs)));
  const credits = askCredits(caller, resolution);
  checks.push(describeCheck('credits_on_plan', credits !== null && 'code' in credits ? credits : null));
  const output = askOutput({ parsed, resolution, forecast });
  const { legs, states } = await readLegs(dependencies, { caller, resolution, parsed, nowMs, output });
  const meters = legs.map((leg, index) => describeLeg(leg, states[index], output));
  if (credits !== null && !('code' in credits)) {
    await dependencies.ensureCredits(caller, nowMs);
    const available = await dependencies.creditsAvailable(caller.organization.id, credits.creditType, nowMs);
    meters.push(describeCredits(credits.creditType, credits.amount, available));
  }
  const verdicts = [...checks, ...meters];
  return {
    allowed: verdicts.every((entry) => entry.verdict !== 'deny'),
    model: resolution.model.id,
    template: resolution.template?.slug ?? null,
    feature: resolution.feature?.name ?? null,
    fallback: resolution.fallback,
    right: findModelRight(caller, resolution, nowMs),
    granted_output_tokens: grantedOutput(legs, states, output),
    checks,
    meters,
  };
}

interface ExplainedCall {
  readonly caller: Caller;
  readonly resolution: Resolution;
  readonly parsed: ParsedCall;
  readonly nowMs: number;
  readonly output: OutputAsk;
}

/** The legs and their counters; with the exact count of the input where its bound has no room, as the call itself is decided. */
async function readLegs(
  { store, counter }: ExplainDependencies,
  call: ExplainedCall,
): Promise<{ legs: Leg[]; states: readonly MeterState[] }> {
  const bound = inputTokensOf(call.parsed, call.resolution);
  const legs = legsOf(call, bound);
  const states = await store.read(legs.map((leg) => leg.meter));
  if (grantedOutput(legs, states, call.output) !== null) return { legs, states };
  const exact = countInputExactly(counter, call);
  return exact !== null && exact < bound ? { legs: legsOf(call, exact), states } : { legs, states };
}

function legsOf({ caller, resolution, nowMs }: ExplainedCall, inputTokens: bigint): Leg[] {
  return buildLegs({
    caller,
    resolution,
    inputTokens,
    trial: findModelRight(caller, resolution, nowMs) === 'trial_messages',
    candidates: fallbackLine(caller, resolution, nowMs),
  });
}

function grantedOutput(legs: readonly Leg[], states: readonly MeterState[], output: OutputAsk): number | null {
  const decision = decideReserve(states, { legs, output });
  return decision.outcome === 'granted' ? Number(decision.grantedOutput) : null;
}

function describeCheck(name: string, refusal: Refusal | null): Record<string, unknown> {
  if (refusal === null) return { check: name, verdict: 'allow' };
  return { check: name, verdict: 'deny', code: refusal.code, message: refusal.message, ...refusal.details };
}

function describeLeg(leg: Leg, state: MeterState | undefined, output: OutputAsk): Record<string, unknown> {
  const { meter } = leg;
  const used = state?.used ?? 0n;
  const held = state?.held ?? 0n;
  const least = legAmount(leg, output.floor);
  const fits = meter.limit === null || meter.mode === 'soft' || used + held + least <= meter.limit;
  return {
    meter: meter.kind,
    name: meter.label,
    unit: meter.unit,
    window: meter.window.kind,
    mode: meter.mode,
    limit: meter.limit === null ? null : toJsonAmount(meter.limit),
    used: toJsonAmount(used),
    held: toJsonAmount(held),
    asked: toJsonAmount(least),
    asked_at_most: toJsonAmount(legAmount(leg, output.wanted)),
    resets_at: meter.window.kind === 'lifetime' || !state ? null : new Date(state.window.endMs).toISOString(),
    verdict: fits ? 'allow' : 'deny',
  };
}

function describeCredits(creditType: string, asked: bigint, available: bigint): Record<string, unknown> {
  return {
    meter: 'credits',
    name: creditType,
    unit: 'credits',
    available: toJsonAmount(available),
    asked: toJsonAmount(asked),
    verdict: asked <= available ? 'allow' : 'deny',
  };
}
