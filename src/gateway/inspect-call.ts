// Owns: looking at a call without making it: every rule with its verdict, every meter with its state and whether it has room. Nothing is held.
// Not: the rules (rules/), the ledger's arithmetic, or telling of it (explain.ts, in-process/limit-inspector.ts).

import { decideReserve, legAmount } from '../ledger/core/decide.ts';
import type { LedgerStore } from '../ledger/core/ledger-store.ts';
import type { CreditAsk, Leg, MeterState, OutputAsk } from '../ledger/core/reservation.ts';
import type { TokenCounter } from '../providers/counting/token-counter.ts';
import type { ParsedCall } from '../providers/protocol.ts';
import { askCredits, buildLegs } from './admission/legs.ts';
import type { OutputForecast } from './admission/output-forecast.ts';
import type { Caller, CallWishes, Refusal, Resolution } from './call.ts';
import { fallbackLine } from './rules/fallback-line.ts';
import { findModelRight, type ModelRight } from './rules/model-access.ts';
import { RULES } from './rules/rules.ts';
import { askOutput, inputTokensOf } from './stages/decide.ts';
import { countInputExactly } from './stages/exact-input.ts';
import { resolve } from './stages/resolve.ts';
import type { CheckTemplateTrial } from './template-trials.ts';

/** What looking needs. */
export interface InspectDependencies {
  readonly store: LedgerStore;
  readonly forecast: OutputForecast;
  readonly checkTemplateTrial: CheckTemplateTrial;
  readonly counter: TokenCounter;
  /** Makes the plan's lots of the running period, as the call itself would: they are the organization's already. */
  readonly ensureCredits: (caller: Caller, nowMs: number) => Promise<void>;
  /** Credits in the organization's active lots. */
  readonly creditsAvailable: (organizationId: string, creditType: string, nowMs: number) => Promise<bigint>;
}

/** The call to look at. */
export interface CallToInspect {
  readonly caller: Caller;
  readonly parsed: ParsedCall;
  readonly wishes: CallWishes;
  readonly remoteAddress: string;
  /** How large the call is, where that is known without its text. */
  readonly size?: { readonly inputTokens: bigint; readonly output: OutputAsk };
}

/** A rule and what it says. */
export interface InspectedRule {
  readonly name: string;
  readonly refusal: Refusal | null;
}

/** A meter and what the call would ask of it. */
export interface InspectedLeg {
  readonly leg: Leg;
  /** Undefined: never counted on. */
  readonly state: MeterState | undefined;
  /** The least the call can do with, and the most it would like. */
  readonly asked: bigint;
  readonly askedAtMost: bigint;
  readonly fits: boolean;
}

/** What was found. */
export interface InspectedCall {
  readonly nowMs: number;
  readonly resolution: Resolution;
  readonly right: ModelRight;
  readonly rules: readonly InspectedRule[];
  readonly legs: readonly InspectedLeg[];
  readonly credits: (CreditAsk & { readonly available: bigint }) | null;
  /** Null: it would be denied. */
  readonly grantedOutput: number | null;
}

/**
 * Looks at a call as it would be decided now.
 * @throws {WeirError} as `resolve` does, for a model that means nothing
 */
export async function inspectCall(dependencies: InspectDependencies, call: CallToInspect): Promise<InspectedCall> {
  const { store, forecast } = dependencies;
  const { caller, parsed, wishes, remoteAddress } = call;
  const nowMs = store.nowMs();
  const resolution = resolve({ caller, parsed, wishes, nowMs });
  const facts = { caller, resolution, route: parsed.route, remoteAddress, needs: parsed.needs, nowMs };
  const rules: InspectedRule[] = RULES.map(({ name, check }) => ({ name, refusal: check(facts) }));
  const trialOver = await dependencies.checkTemplateTrial(caller, resolution, nowMs);
  rules.push({ name: 'template_trial', refusal: trialOver });
  const ask = askCredits(caller, resolution);
  const isRefused = ask !== null && 'code' in ask;
  rules.push({ name: 'credits_on_plan', refusal: isRefused ? ask : null });
  const output = call.size?.output ?? askOutput({ parsed, resolution, forecast });
  const { legs, states } = await readLegs(dependencies, { ...call, resolution, nowMs, output });
  return {
    ...{ nowMs, resolution, rules },
    right: findModelRight(caller, resolution, nowMs),
    legs: legs.map((leg, index) => inspectLeg(leg, states[index], output)),
    credits: ask === null || isRefused ? null : await withAvailable(dependencies, { caller, ask, nowMs }),
    grantedOutput: grantedOutput(legs, states, output),
  };
}

interface SizedCall extends CallToInspect {
  readonly resolution: Resolution;
  readonly nowMs: number;
  readonly output: OutputAsk;
}

/** The legs and their counters; with the exact count of the input where its bound has no room, as the call itself is decided. */
async function readLegs(
  { store, counter }: InspectDependencies,
  call: SizedCall,
): Promise<{ legs: Leg[]; states: readonly MeterState[] }> {
  const bound = call.size?.inputTokens ?? inputTokensOf(call.parsed, call.resolution);
  const legs = legsOf(call, bound);
  const states = await store.read(legs.map((leg) => leg.meter));
  if (call.size !== undefined || grantedOutput(legs, states, call.output) !== null) return { legs, states };
  const exact = countInputExactly(counter, call);
  return exact !== null && exact < bound ? { legs: legsOf(call, exact), states } : { legs, states };
}

function legsOf({ caller, resolution, parsed, nowMs }: SizedCall, inputTokens: bigint): Leg[] {
  return buildLegs({
    ...{ caller, resolution, inputTokens, nowMs },
    trial: findModelRight(caller, resolution, nowMs) === 'trial_messages',
    candidates: fallbackLine(caller, resolution, { nowMs, needs: parsed.needs }),
  });
}

function grantedOutput(legs: readonly Leg[], states: readonly MeterState[], output: OutputAsk): number | null {
  const decision = decideReserve(states, { legs, output });
  return decision.outcome === 'granted' ? Number(decision.grantedOutput) : null;
}

function inspectLeg(leg: Leg, state: MeterState | undefined, output: OutputAsk): InspectedLeg {
  const { limit, mode } = leg.meter;
  const asked = legAmount(leg, output.floor);
  const fits = limit === null || mode === 'soft' || (state?.used ?? 0n) + (state?.held ?? 0n) + asked <= limit;
  return { leg, state, asked, askedAtMost: legAmount(leg, output.wanted), fits };
}

async function withAvailable(
  { ensureCredits, creditsAvailable }: InspectDependencies,
  { caller, ask, nowMs }: { readonly caller: Caller; readonly ask: CreditAsk; readonly nowMs: number },
): Promise<CreditAsk & { readonly available: bigint }> {
  await ensureCredits(caller, nowMs);
  return { ...ask, available: await creditsAvailable(caller.organization.id, ask.creditType, nowMs) };
}
