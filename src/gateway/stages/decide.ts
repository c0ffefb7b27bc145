// Owns: from a resolved call to what it asks of the ledger, or the refusal of the first failing rule. In memory, no query.
// Not: the rules (rules/) or the meters (admission/).

import type { OutputAsk } from '../../ledger/core/reservation.ts';
import { maxAmount } from '../../primitives/amounts.ts';
import { WeirError } from '../../primitives/errors.ts';
import { inputCostBound, outputTokenCostBound } from '../../primitives/price.ts';
import type { CallOverlay, ParsedCall } from '../../providers/protocol.ts';
import {
  inputTokensBoundFor,
  MESSAGE_TOKENS,
  schemaTokensBound,
  TOOL_PROMPT_TOKENS,
} from '../../providers/wire/token-bound.ts';
import { askCredits, buildLegs } from '../admission/legs.ts';
import type { OutputForecast } from '../admission/output-forecast.ts';
import { usageDimensions } from '../admission/usage-dimensions.ts';
import type { Admission, Caller, CallWishes, Refusal, Resolution } from '../call.ts';
import { USEFUL_OUTPUT_TOKENS } from '../limits.ts';
import { fallbackLine } from '../rules/fallback-line.ts';
import { findModelRight } from '../rules/model-access.ts';
import { firstRefusal } from '../rules/rules.ts';
import type { ModelFacts } from '../snapshot/facts.ts';

/** What the decision is made from. */
export interface DecideInput {
  readonly caller: Caller;
  readonly resolution: Resolution;
  readonly parsed: ParsedCall;
  readonly wishes: CallWishes;
  readonly remoteAddress: string;
  readonly nowMs: number;
  readonly forecast: OutputForecast;
  /** Exact count of the input where it was made; else the parser's upper bound holds. */
  readonly inputTokens?: bigint;
}

/**
 * Decides a call.
 * @throws {WeirError} of the first failing rule
 */
export function decide(input: DecideInput): Admission {
  const { caller, resolution, parsed, remoteAddress, nowMs } = input;
  const refusal = firstRefusal({ caller, resolution, route: parsed.route, remoteAddress, needs: parsed.needs, nowMs });
  if (refusal) throw toError(refusal);
  const credits = askCredits(caller, resolution);
  if (credits !== null && 'code' in credits) throw toError({ ...credits, rule: 'credits_on_plan' });
  const trial = findModelRight(caller, resolution, nowMs) === 'trial_messages';
  const candidates = fallbackLine(caller, resolution, { nowMs, needs: parsed.needs });
  const inputTokens = input.inputTokens ?? inputTokensOfAny(parsed, resolution, candidates);
  const output = askOutput(input);
  return {
    resolution,
    candidates,
    trial,
    credits,
    output,
    inputTokens,
    legs: buildLegs({ caller, resolution, inputTokens, trial, candidates, nowMs }),
    dimensions: usageDimensions(input),
    estimatedCost: estimateCost(resolution.model, inputTokens, output.needed),
  };
}

/** The refusal as the error that answers the call. */
export function toError(refusal: Refusal): WeirError {
  const { code, message, param, details, retryAfterSeconds, rule } = refusal;
  return new WeirError(code, {
    message,
    ...(param === undefined ? {} : { param }),
    ...(details === undefined ? {} : { details }),
    ...(rule === undefined ? {} : { rule }),
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
  });
}

/** The kind of call that the forecast learns by. */
export function forecastKind({ model, template, feature }: Resolution): string {
  return `${model.id} ${template ? `template:${template.id}` : (feature?.id ?? '')}`;
}

/** An upper bound of the call's input tokens for its model: what the caller sent, and what a template adds, by its bytes. */
export function inputTokensOf(parsed: ParsedCall, { overlay, model }: Pick<Resolution, 'overlay' | 'model'>): bigint {
  return BigInt(inputTokensBoundFor(parsed, model.providerModelId) + overlayTokensOf({ overlay }));
}

/** The largest of the bounds of the models that may serve the call. */
function inputTokensOfAny(
  parsed: ParsedCall,
  { overlay }: Pick<Resolution, 'overlay'>,
  candidates: readonly ModelFacts[],
): bigint {
  return candidates.reduce((most, model) => maxAmount(most, inputTokensOf(parsed, { overlay, model })), 0n);
}

/** An upper bound of what a template adds to the input. */
export function overlayTokensOf({ overlay }: Pick<Resolution, 'overlay'>): number {
  if (overlay === null) return 0;
  const { systemMessage, defaults } = overlay;
  return (systemMessage ? Buffer.byteLength(systemMessage) + MESSAGE_TOKENS : 0) + parameterTokensOf(defaults);
}

/** What parameters put before the model: tools, a schema, a prediction. Numbers and names put nothing there. */
function parameterTokensOf(defaults: CallOverlay['defaults']): number {
  let tokens = defaults.tools !== undefined || defaults.functions !== undefined ? TOOL_PROMPT_TOKENS : 0;
  for (const value of Object.values(defaults))
    if (typeof value === 'object' && value !== null) tokens += schemaTokensBound(JSON.stringify(value));
  return tokens;
}

/** How much output the call wants, needs by experience, and can not do without. */
export function askOutput({
  parsed,
  resolution,
  forecast,
}: Pick<DecideInput, 'parsed' | 'resolution' | 'forecast'>): OutputAsk {
  if (parsed.route === 'embeddings') return { wanted: 0n, needed: 0n, floor: 0n };
  const choices = BigInt(parsed.choices);
  const wanted = BigInt(mostOutputTokens(parsed, resolution)) * choices;
  const expected = BigInt(forecast.expect(forecastKind(resolution))) * choices;
  const needed = expected < wanted ? expected : wanted;
  const useful = USEFUL_OUTPUT_TOKENS * choices;
  return { wanted, needed, floor: useful < needed ? useful : needed };
}

/** The most output tokens that one answer may have by the caller's, the template's and the model's word. */
export function mostOutputTokens(parsed: ParsedCall, { model, template }: Resolution): number {
  return Math.min(
    parsed.maxOutputTokens ?? Number.POSITIVE_INFINITY,
    template?.maxTokens ?? Number.POSITIVE_INFINITY,
    model.maxOutputTokens,
  );
}

function estimateCost({ price }: ModelFacts, inputTokens: bigint, outputTokens: bigint): bigint | null {
  return price === null
    ? null
    : inputCostBound(price, inputTokens) + outputTokenCostBound(price, inputTokens) * outputTokens;
}
