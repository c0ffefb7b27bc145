// Owns: the dry run of a call as the gateway's own answer: every check in order with its verdict, every meter with limit, used, held, asked and reset.
// Not: the looking itself (inspect-call.ts).

import { toldLimit, toldUse } from '../ledger/core/meter.ts';
import { toJsonAmount } from '../primitives/amounts.ts';
import { type CallToInspect, type InspectDependencies, type InspectedLeg, inspectCall } from './inspect-call.ts';

/**
 * Explains a call.
 * @throws {WeirError} as `resolve` does, for a model that means nothing
 */
export async function explainCall(
  dependencies: InspectDependencies,
  call: CallToInspect,
): Promise<Record<string, unknown>> {
  const { resolution, right, rules, legs, credits, grantedOutput } = await inspectCall(dependencies, call);
  const checks: Record<string, unknown>[] = rules.map(({ name, refusal }) =>
    refusal === null
      ? { check: name, verdict: 'allow' }
      : { check: name, verdict: 'deny', code: refusal.code, message: refusal.message, ...refusal.details },
  );
  const meters = legs.map(describeLeg);
  if (credits !== null) meters.push(describeCredits(credits.creditType, credits.amount, credits.available));
  return {
    allowed: [...checks, ...meters].every((entry) => entry.verdict !== 'deny'),
    model: resolution.model.id,
    template: resolution.template?.slug ?? null,
    feature: resolution.feature?.name ?? null,
    fallback: resolution.fallback,
    right,
    granted_output_tokens: grantedOutput,
    checks,
    meters,
  };
}

function describeLeg({ leg, state, asked, askedAtMost, fits }: InspectedLeg): Record<string, unknown> {
  const { meter } = leg;
  const limit = toldLimit(meter);
  return {
    meter: meter.kind,
    name: meter.label,
    unit: meter.unit,
    window: meter.window.kind,
    mode: meter.mode,
    limit: limit === null ? null : toJsonAmount(limit),
    used: toJsonAmount(toldUse(meter, state?.used ?? 0n)),
    held: toJsonAmount(state?.held ?? 0n),
    asked: toJsonAmount(asked),
    asked_at_most: toJsonAmount(askedAtMost),
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
